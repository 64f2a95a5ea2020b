"""What an order on the mail queue becomes: the right letter for the account as it is now."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from chalicelib.accounts.links import Links, Purpose, state_of
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
        if order.kind is MailKind.SIGN_UP and account.is_pending:
            # Late, after somebody else signed up with this address: the link would be for them.
            if order.state != state_of(account):
                return None
            link = self.links.made_for(account, Purpose.ACTIVATION, template=templates.activation)
            return _letter(Template.ACTIVATION, order, account, link)
        if not account.is_active:
            return None
        if order.kind is MailKind.PASSWORD_CHANGED:
            return _letter(Template.PASSWORD_CHANGED, order, account)
        link = self.links.made_for(account, Purpose.RESET, template=templates.reset)
        known = order.kind is MailKind.SIGN_UP
        template = Template.ACCOUNT_EXISTS if known else Template.PASSWORD_RESET
        return _letter(template, order, account, link)


def _letter(template: Template, order: MailOrder, account: Account, link: str = "") -> Letter:
    # What an account chose, once there is one; until then, what the browser of the sign-up said.
    language = account.language if account.is_active else order.language
    return Letter(template, account.email, language, link, name=account.first_name)
