"""Use cases of the address of an account: request another one, by a link too, and confirm it."""

from contextlib import suppress
from dataclasses import dataclass

from chalicelib.accounts.links import BAD_LINK, Links, Purpose, state_of
from chalicelib.accounts.mail import MailKind, MailRequest
from chalicelib.accounts.model import (
    Account,
    BadLink,
    EmailTaken,
    StaleAccount,
    TooManyAttempts,
    canonical_email,
)
from chalicelib.accounts.ports import AccountStore, MailQueue, Throttle
from chalicelib.accounts.sign_ins import PasswordVerifier
from chalicelib.accounts.throttling import (
    EMAIL_CHANGE,
    EMAIL_CHANGE_MAILS,
    RESET,
    RESET_MAILS,
)
from chalicelib.accounts.tokens import Identity
from chalicelib.accounts.visitor import Visitor
from chalicelib.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class EmailChange:
    accounts: AccountStore
    verifier: PasswordVerifier
    links: Links
    throttle: Throttle
    mails: MailQueue

    def request(
        self,
        identity: Identity,
        *,
        new_email: str,
        password: str,
        field: str,
        proof_field: str = "password",
        visitor: Visitor,
    ) -> None:
        """Queue a mail with a link to the new address, and a notice to the present one.

        Whether the new address has an account is checked when the mail is sent. Over its limit no
        mail is sent to it; links of earlier mails still work.
        """
        new_email = canonical_email(new_email)
        account = self.verifier.require(identity.account_id, password, field=proof_field)
        self._require_another(account, new_email, field)
        self._queue(self.accounts.save(account.about_to_move(new_email)), visitor)

    def request_link(self, *, email: str, visitor: Visitor) -> None:
        """Queue a mail with a link to choose another address, to the present one.

        Whether it has an account is checked when the mail is sent.
        """
        email = canonical_email(email)
        self.throttle.hit(RESET, visitor.address, subject=email)
        with suppress(TooManyAttempts):
            self.throttle.hit(RESET_MAILS, email)
            self.mails.put(MailRequest.by(visitor, MailKind.EMAIL_RESET, email))

    def request_by_link(
        self, *, uid: str, token: str, new_email: str, field: str, visitor: Visitor
    ) -> None:
        """Request as `request` does, with the link of that mail instead of the password."""
        new_email = canonical_email(new_email)
        for account in self.links.verified(uid=uid, token=token, purpose=Purpose.EMAIL_RESET):
            if not account.is_active:
                break
            self._require_another(account, new_email, field)
            with suppress(StaleAccount):
                self._queue(self.accounts.save(account.about_to_move(new_email)), visitor)
                return
        raise BadLink(BAD_LINK)

    def confirm(self, *, uid: str, token: str) -> Account:
        """Change the address with the link of a mail; raise `BadLink` if it is taken meanwhile."""
        for account in self.links.verified(uid=uid, token=token, purpose=Purpose.EMAIL_CHANGE):
            if not account.is_active:
                break
            moved = account.with_new_email()
            with suppress(StaleAccount):
                self._free(moved.email)
                return self._moved(account, moved)
        raise BadLink(BAD_LINK)

    def _require_another(self, account: Account, new_email: str, field: str) -> None:
        if new_email == account.email:
            raise InvalidInput(fields={field: ["This is your address already."]})
        self.throttle.hit(EMAIL_CHANGE, str(account.id))

    def _queue(self, saved: Account, visitor: Visitor) -> None:
        self.mails.put(MailRequest.by(visitor, MailKind.EMAIL_CHANGE_NOTICE, saved.email))
        with suppress(TooManyAttempts):
            self.throttle.hit(EMAIL_CHANGE_MAILS, saved.new_email)
            state = state_of(saved)
            self.mails.put(MailRequest.by(visitor, MailKind.EMAIL_CHANGE, saved.email, state=state))

    def _moved(self, account: Account, moved: Account) -> Account:
        try:
            return self.accounts.move(account, moved)
        except EmailTaken:
            raise BadLink(BAD_LINK) from None

    def _free(self, email: str) -> None:
        """Remove a sign-up that was never confirmed: the link proves whose the mailbox is."""
        known = self.accounts.by_email(email)
        if known and known.is_pending:
            self.accounts.remove(known)
