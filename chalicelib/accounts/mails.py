"""Choosing and sending the mail for a mail request, by the current state of the account."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from chalicelib.accounts.links import Links, Purpose, fitting_sign_up
from chalicelib.accounts.mail import Mail, MailKind, MailRequest, Template
from chalicelib.accounts.model import Account
from chalicelib.accounts.ports import AccountStore, Mailer


class LinkTemplates(Protocol):
    """URL templates of one dialect's frontend, with `{uid}` and `{token}`."""

    @property
    def activation(self) -> str: ...
    @property
    def reset(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Mails:
    accounts: AccountStore
    links: Links
    mailer: Mailer
    link_templates: Mapping[str, LinkTemplates]

    def deliver(self, request: MailRequest) -> Mail | None:
        """Send the requested mail; return None if the account needs no mail."""
        account = self.accounts.by_email(request.email)
        mail = self._mail(request, account) if account else None
        if mail:
            self.mailer.send(mail)
        return mail

    def _mail(self, request: MailRequest, account: Account) -> Mail | None:
        templates = self.link_templates[request.dialect]
        if account.is_pending:
            if request.kind is MailKind.PASSWORD_CHANGED:
                return None
            return self._mail_to_pending(request, account, templates)
        if not account.is_active or request.kind is MailKind.SIGN_IN_REFUSED:
            return None
        if request.kind is MailKind.PASSWORD_CHANGED:
            return _mail(Template.PASSWORD_CHANGED, request, account)
        link = self.links.issue(account, Purpose.RESET, template=templates.reset)
        known = request.kind is MailKind.SIGN_UP
        template = Template.ACCOUNT_EXISTS if known else Template.PASSWORD_RESET
        return _mail(template, request, account, link)

    def _mail_to_pending(
        self, request: MailRequest, account: Account, templates: LinkTemplates
    ) -> Mail:
        """Return a mail with the link of this sign-up, or with a link to choose a password.

        The link to choose a password is for a forgotten one, and for a sign-up over the limit:
        the owner of the mailbox can always sign in.
        """
        has_forgotten = request.kind is MailKind.PASSWORD_RESET
        signed_up = None if has_forgotten else fitting_sign_up(account, request.state)
        if signed_up is None:
            link = self.links.issue(account, Purpose.RESET, template=templates.reset)
            return _mail(Template.CHOOSE_PASSWORD, request, account, link)
        link = self.links.issue(signed_up, Purpose.ACTIVATION, template=templates.activation)
        is_first = signed_up.password_hash == account.password_hash
        template = Template.ACTIVATION if is_first else Template.ACTIVATION_AGAIN
        return _mail(template, request, account, link)


def _mail(template: Template, request: MailRequest, account: Account, link: str = "") -> Mail:
    if not account.is_active:
        # Anybody may have signed up with this address: the mail must not hold a text of theirs.
        return Mail(template, account.email, request.language, link)
    return Mail(template, account.email, account.language, link, name=account.first_name)
