"""Use cases of a session: sign in, stay signed in, look around, sign out."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from chalicelib.accounts.links import state_of
from chalicelib.accounts.mail import MailKind, MailRequest
from chalicelib.accounts.model import (
    Account,
    SessionNotFound,
    SessionOver,
    StaleAccount,
    StaleSession,
    TooManyAttempts,
    WrongCredentials,
    canonical_email,
)
from chalicelib.accounts.passwords import PasswordCheck
from chalicelib.accounts.ports import AccountStore, MailQueue, SessionStore, Throttle
from chalicelib.accounts.revocations import Revocations
from chalicelib.accounts.session import (
    SESSION_ID,
    OpaqueToken,
    Session,
    SessionId,
    SessionKind,
    TokenState,
)
from chalicelib.accounts.throttling import HINT_MAILS, SIGN_IN, SIGN_IN_ACCOUNT, SIGN_IN_DEVICE
from chalicelib.accounts.tokens import Credentials, Identity, SignedIn, Tokens
from chalicelib.accounts.visitor import Visitor
from chalicelib.clock import Clock

_UNKNOWN = "There is no such session."
# Of twins that renew at once, each round leaves one winner, whose answer then serves the others.
_TRIES = 3


class ReplayedToken(SessionOver):
    """A spent refresh token came back: it was stolen, or its thief was faster."""

    code = "replayed_token"

    def __init__(self, session_id: SessionId) -> None:
        super().__init__()
        self.session_id = session_id


@dataclass(frozen=True, slots=True)
class Sessions:
    accounts: AccountStore
    store: SessionStore
    revocations: Revocations
    passwords: PasswordCheck
    tokens: Tokens
    throttle: Throttle
    mails: MailQueue
    clock: Clock

    def sign_in(
        self, *, email: str, password: str, visitor: Visitor, earlier_refresh_token: str = ""
    ) -> SignedIn:
        """Begin a session, and end the one that this browser had before."""
        email = canonical_email(email)
        self._count_attempt(email, visitor)
        try:
            signed_in = self._sign_in(email, password, visitor)
        except StaleAccount:  # changed between our reading and writing: look again, once
            signed_in = self._sign_in(email, password, visitor)
        ended = self.sign_out(refresh_token=earlier_refresh_token, identity=None)
        return replace(signed_in, ended=ended)

    def identify(self, access_token: str) -> Identity | None:
        """Return who holds this access token, unless it or its session is over."""
        identity = self.tokens.identity_in(access_token)
        if identity is None or self.revocations.is_over(identity.session_id):
            return None
        return identity

    def is_csrf_token_of(self, access_token: str, csrf: str) -> bool:
        return self.tokens.is_csrf_token_of(access_token, csrf)

    def device_token(self, account: Account) -> str:
        """Return what lets this browser in when strangers used up the attempts on the account."""
        return self.tokens.device_token(account, now=self.clock.now())

    def identify_by_api_token(self, text: str) -> Identity:
        """Return who holds this long-lived token; raise `SessionOver` if nobody does."""
        token = OpaqueToken.parse(text)
        session = self._living(token, SessionKind.API_TOKEN)
        if self._token_state(session, token) is not TokenState.CURRENT:
            raise SessionOver
        return Identity(session.account_id, session.id)

    def renew(self, refresh_token: str, visitor: Visitor, *, csrf: str = "") -> Credentials:
        """Spend a refresh token; raise `SessionOver`, and end the session if it was spent.

        A CSRF token that is sent along has to be that of the session.
        """
        token = OpaqueToken.parse(refresh_token)
        for _ in range(_TRIES):
            session = self._session_of(token)
            session.require_csrf_token(csrf)
            if self._token_state(session, token) is TokenState.JUST_SPENT:
                return self._credentials(session, session.successor_of(token))
            renewed = session.renewed(address=visitor.address, now=self.clock.now())
            with suppress(StaleSession):  # a twin was faster, and its answer is ours too
                self.store.rotate(session, renewed)
                return self._credentials(renewed, session.successor_of(token))
        raise StaleSession("This session is being renewed elsewhere. Please try again.")

    def has_just_ended(self, refresh_token: str) -> bool:
        """Tell whether its session ended while access tokens of it may still run."""
        with suppress(SessionOver):
            return self.revocations.is_over(OpaqueToken.parse(refresh_token).session_id)
        return False

    def sign_out(self, *, refresh_token: str, identity: Identity | None) -> Sequence[Identity]:
        """End the session that either proof names; return those that lived until then."""
        ended = self._ended_by(refresh_token) if refresh_token else []
        if identity and identity not in ended:
            with suppress(SessionNotFound):
                self.end(identity, identity.session_id)
                ended.append(identity)
        return ended

    def listed(self, identity: Identity) -> Sequence[Session]:
        account = self.accounts.by_id(identity.account_id)
        return [each for each in self.store.of(account.id) if each.may_go_on(account)]

    def end(self, identity: Identity, session_id: SessionId) -> None:
        if not SESSION_ID.fullmatch(session_id):
            raise SessionNotFound(_UNKNOWN)
        try:
            self.revocations.end(self.store.get(identity.account_id, session_id))
        except SessionOver:
            raise SessionNotFound(_UNKNOWN) from None

    def end_others(self, identity: Identity) -> Account:
        session, account = self.store.get_with_account(identity.account_id, identity.session_id)
        saved = self.accounts.save(account.signed_out_everywhere())
        self.store.carry_over(session, saved)
        self.revocations.end_all(saved)
        return saved

    def issue_api_token(
        self, identity: Identity, *, label: str, password: str, visitor: Visitor
    ) -> tuple[Session, OpaqueToken]:
        account = self.passwords.confirmed(identity.account_id, password)
        session, token = Session.begin(
            account,
            SessionKind.API_TOKEN,
            label=label,
            address=visitor.address,
            now=self.clock.now(),
        )
        self.store.open(session, account)
        return session, token

    def _ended_by(self, refresh_token: str) -> list[Identity]:
        try:
            token = OpaqueToken.parse(refresh_token)
            self.revocations.end(self._session_of(token))
        except ReplayedToken:
            pass  # the replay ended it
        except SessionOver:
            return []
        return [Identity(token.account_id, token.session_id)]

    def _count_attempt(self, email: str, visitor: Visitor) -> None:
        account = self.accounts.by_email(email) if visitor.device_token else None
        if account and self.tokens.is_device_of(account, visitor.device_token):
            # All browsers together, so that many of them give no more guesses than one.
            self.throttle.hit(SIGN_IN_DEVICE, f"{account.id}.{account.session_epoch}")
        else:
            self.throttle.hit(SIGN_IN, visitor.address, subject=email)
            self.throttle.hit(SIGN_IN_ACCOUNT, email)

    def _sign_in(self, email: str, password: str, visitor: Visitor) -> SignedIn:
        account, is_right = self.passwords.tried(email, password)
        if account is None or not (is_right and account.is_active):
            self._order_hint(email, account if is_right else None, visitor)
            raise WrongCredentials(
                "Unable to sign in with these credentials.",
                account_id=account.id if account else None,
            )
        now = self.clock.now()
        session, refresh = Session.begin(
            account, SessionKind.BROWSER, label=visitor.agent, address=visitor.address, now=now
        )
        self.store.open(session, account)
        return SignedIn(
            account,
            self._credentials(session, refresh),
            self.device_token(account),
        )

    def _order_hint(self, email: str, account: Account | None, visitor: Visitor) -> None:
        """Have the mailbox told if its address is not confirmed yet: nobody else may know.

        Ordered after every refusal alike; whether there is anything to say is seen when the mail
        is written.
        """
        with suppress(TooManyAttempts):
            self.throttle.hit(HINT_MAILS, email)
            self.mails.put(
                MailRequest(
                    MailKind.SIGN_IN_REFUSED,
                    email,
                    visitor.language,
                    visitor.dialect,
                    state=state_of(account) if account else "",
                )
            )

    def _session_of(self, token: OpaqueToken) -> Session:
        session = self._living(token, SessionKind.BROWSER)
        state = self._token_state(session, token)
        if state is TokenState.REPLAYED:
            self.revocations.end(session)
            raise ReplayedToken(session.id)
        if state is TokenState.FORGED:
            raise SessionOver
        return session

    def _living(self, token: OpaqueToken, kind: SessionKind) -> Session:
        session, account = self.store.get_with_account(token.account_id, token.session_id)
        if session.kind is not kind or not session.may_go_on(account):
            raise SessionOver
        return session

    def _credentials(self, session: Session, refresh: OpaqueToken) -> Credentials:
        return self.tokens.credentials(session, refresh, now=self.clock.now())

    def _token_state(self, session: Session, token: OpaqueToken) -> TokenState:
        return session.token_state(token, now=self.clock.now())
