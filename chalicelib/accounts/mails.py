"""Choosing and sending the mail for a mail request, by the current state of the account."""

from dataclasses import dataclass, replace
from typing import assert_never

from chalicelib.accounts.links import Links, Purpose, fitting_sign_up, state_of
from chalicelib.accounts.mail import Mail, MailKind, MailRequest, MailTemplate
from chalicelib.accounts.model import Account
from chalicelib.accounts.ports import AccountStore, Mailer
from chalicelib.mail_links import MailLinks, MailLinkTable

_OF_ACTIVE_ACCOUNTS = frozenset(
    {MailKind.PASSWORD_CHANGED, MailKind.EMAIL_CHANGE, MailKind.EMAIL_RESET}
)


@dataclass(frozen=True, slots=True)
class Mails:
    accounts: AccountStore
    links: Links
    mailer: Mailer
    table: MailLinkTable
    # Of our own page, whatever page the request came from: no other one has such a page.
    email_change_link: str

    def deliver(self, request: MailRequest) -> Mail | None:
        """Send the requested mail; return None if the account needs no mail."""
        account = self.accounts.by_email(request.email)
        if request.kind is MailKind.EMAIL_CHANGE_NOTICE:
            mail: Mail | None = _notice(request, account)
        else:
            mail = self._mail(request, account) if account else None
        if mail:
            self.mailer.send(mail)
        return mail

    def _mail(self, request: MailRequest, account: Account) -> Mail | None:
        urls = self.table.links(request.dialect, request.origin)
        if account.is_pending:
            if request.kind in _OF_ACTIVE_ACCOUNTS:
                return None
            return self._mail_to_pending(request, account, urls)
        return self._mail_to_active(request, account, urls) if account.is_active else None

    def _mail_to_active(
        self, request: MailRequest, account: Account, urls: MailLinks
    ) -> Mail | None:
        match request.kind:
            case MailKind.EMAIL_CHANGE:
                return self._mail_to_new_address(request, account)
            case MailKind.EMAIL_RESET:
                link = self.links.issue(account, Purpose.EMAIL_RESET, template=urls.new_email)
                return _mail(MailTemplate.EMAIL_RESET, request, account, link)
            case MailKind.PASSWORD_CHANGED:
                return _mail(MailTemplate.PASSWORD_CHANGED, request, account)
            case MailKind.SIGN_UP:
                template = MailTemplate.ACCOUNT_EXISTS
            case MailKind.PASSWORD_RESET:
                template = MailTemplate.PASSWORD_RESET
            case (
                MailKind.SIGN_IN_REFUSED | MailKind.RESEND_ACTIVATION | MailKind.EMAIL_CHANGE_NOTICE
            ):
                return None
            case unknown:
                assert_never(unknown)
        link = self.links.issue(account, Purpose.RESET, template=urls.reset)
        return _mail(template, request, account, link)

    def _mail_to_pending(self, request: MailRequest, account: Account, urls: MailLinks) -> Mail:
        """Return a mail with the link of this sign-up, or with a link to choose a password.

        The link to choose a password is for a forgotten one, for a sign-up over the limit, and
        for another link if there are several sign-ups: the owner of the mailbox can always sign in.
        """
        signed_up = _sign_up_of(request, account)
        if signed_up is None:
            link = self.links.issue(account, Purpose.RESET, template=urls.reset)
            return _mail(MailTemplate.CHOOSE_PASSWORD, request, account, link)
        link = self.links.issue(signed_up, Purpose.ACTIVATION, template=urls.activation)
        is_first = signed_up.password_hash == account.password_hash
        template = MailTemplate.ACTIVATION if is_first else MailTemplate.ACTIVATION_AGAIN
        return _mail(template, request, account, link)

    def _mail_to_new_address(self, request: MailRequest, account: Account) -> Mail | None:
        """Return a mail to the requested address; None if it has an account, or was replaced."""
        if not account.new_email or request.state != state_of(account):
            return None
        known = self.accounts.by_email(account.new_email)
        if known and not known.is_pending:
            return None
        link = self.links.issue(account, Purpose.EMAIL_CHANGE, template=self.email_change_link)
        mail = _mail(MailTemplate.EMAIL_CHANGE, request, account, link)
        return replace(mail, to=account.new_email)


def _sign_up_of(request: MailRequest, account: Account) -> Account | None:
    """Return the account as of the sign-up that the request is about, if it is about one."""
    if request.kind is MailKind.PASSWORD_RESET:
        return None
    if request.kind is MailKind.RESEND_ACTIVATION:
        return None if account.later_sign_ups else account
    return fitting_sign_up(account, request.state)


def _notice(request: MailRequest, account: Account | None) -> Mail:
    """Return the notice to the former address, also if the account has moved meanwhile."""
    if account and account.is_active:
        return _mail(MailTemplate.EMAIL_CHANGE_NOTICE, request, account)
    return Mail(MailTemplate.EMAIL_CHANGE_NOTICE, request.email, request.language)


def _mail(template: MailTemplate, request: MailRequest, account: Account, link: str = "") -> Mail:
    if not account.is_active:
        # Another person may have signed up with this address: the mail holds no text of theirs.
        return Mail(template, account.email, request.language, link)
    return Mail(template, account.email, account.language, link, name=account.first_name)
