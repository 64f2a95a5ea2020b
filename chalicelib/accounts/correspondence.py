"""What an order on the mail queue becomes: the right letter for the account as it is now."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from chalicelib.accounts.links import Links, Purpose, fitting_sign_up
from chalicelib.accounts.mail import Letter, MailKind, MailOrder, Template
from chalicelib.accounts.model import Account
from chalicelib.accounts.ports import AccountStore, Postman


class LinkTemplates(Protocol):
    """Where a dialect's frontend wants its users sent; `{uid}` and `{token}` are filled in."""

    @property
    def activation(self) -> str: ...
    @property
    def reset(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Correspondence:
    accounts: AccountStore
    links: Links
    postman: Postman
    link_templates: Mapping[str, LinkTemplates]

    def deliver(self, order: MailOrder) -> Letter | None:
        """Write and send what the order asks for; nothing if there is nobody to write to."""
        account = self.accounts.by_email(order.email)
        letter = self._letter(order, account) if account else None
        if letter:
            self.postman.send(letter)
        return letter

    def _letter(self, order: MailOrder, account: Account) -> Letter | None:
        templates = self.link_templates[order.dialect]
        if account.is_pending:
            if order.kind is MailKind.PASSWORD_CHANGED:
                return None
            return self._letter_to_pending(order, account, templates)
        if not account.is_active or order.kind is MailKind.SIGN_IN_REFUSED:
            return None
        if order.kind is MailKind.PASSWORD_CHANGED:
            return _letter(Template.PASSWORD_CHANGED, order, account)
        link = self.links.made_for(account, Purpose.RESET, template=templates.reset)
        known = order.kind is MailKind.SIGN_UP
        template = Template.ACCOUNT_EXISTS if known else Template.PASSWORD_RESET
        return _letter(template, order, account, link)

    def _letter_to_pending(
        self, order: MailOrder, account: Account, templates: LinkTemplates
    ) -> Letter:
        """Mail the link of the sign-up in question, or one for a password chosen by the reader.

        The latter whenever there is no such sign-up: there were too many, or the reader has
        forgotten the password. So the owner of the mailbox always has a way in.
        """
        has_forgotten = order.kind is MailKind.PASSWORD_RESET
        signed_up = None if has_forgotten else fitting_sign_up(account, order.state)
        if signed_up is None:
            link = self.links.made_for(account, Purpose.RESET, template=templates.reset)
            return _letter(Template.CHOOSE_PASSWORD, order, account, link)
        link = self.links.made_for(signed_up, Purpose.ACTIVATION, template=templates.activation)
        is_first = signed_up.password_hash == account.password_hash
        template = Template.ACTIVATION if is_first else Template.ACTIVATION_AGAIN
        return _letter(template, order, account, link)


def _letter(template: Template, order: MailOrder, account: Account, link: str = "") -> Letter:
    # What an account chose, once there is one; until then, what the browser of the sign-up said.
    language = account.language if account.is_active else order.language
    return Letter(template, account.email, language, link, name=account.first_name)
