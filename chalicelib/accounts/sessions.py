"""Use cases of sessions: sign in, identify, renew, list, sign out, issue API tokens."""

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
from chalicelib.accounts.tokens import Credentials, Identity, NewSession, Tokens
from chalicelib.accounts.visitor import Visitor
from chalicelib.clock import Clock

_UNKNOWN = "There is no such session."
# Retries of concurrent renewals; each round one succeeds, and the others get its answer.
_TRIES = 3


class ReplayedToken(SessionOver):
    """A spent refresh token was sent again, so it may have been stolen."""

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
    ) -> NewSession:
        """Begin a session, and end the earlier session of this browser."""
        email = canonical_email(email)
        self._count_attempt(email, visitor)
        try:
            signed_in = self._sign_in(email, password, visitor)
        except StaleAccount:  # changed between read and write: retry once
            signed_in = self._sign_in(email, password, visitor)
        ended = self.sign_out(refresh_token=earlier_refresh_token, identity=None)
        return replace(signed_in, ended=ended)

    def identify(self, access_token: str) -> Identity | None:
        """Return the identity of an access token, or None if it or its session is over."""
        identity = self.tokens.identity_in(access_token)
        if identity is None or self.revocations.is_over(identity.session_id):
            return None
        return identity

    def is_csrf_token_of(self, access_token: str, csrf: str) -> bool:
        return self.tokens.is_csrf_token_of(access_token, csrf)

    def device_token(self, account: Account) -> str:
        """Return the token that gives this browser its own sign-in limit on the account."""
        return self.tokens.device_token(account, now=self.clock.now())

    def identify_by_api_token(self, text: str) -> Identity:
        """Return the identity of an API token; raise `SessionOver` if it is not valid."""
        token = OpaqueToken.parse(text)
        session = self._living(token, SessionKind.API_TOKEN)
        if self._token_state(session, token) is not TokenState.CURRENT:
            raise SessionOver
        return Identity(session.account_id, session.id)

    def renew(self, refresh_token: str, visitor: Visitor, *, csrf: str = "") -> Credentials:
        """Rotate a refresh token; raise `SessionOver`, and end the session of a replayed token.

        A CSRF token, if sent, must be the session's.
        """
        token = OpaqueToken.parse(refresh_token)
        for _ in range(_TRIES):
            session = self._session_of(token)
            session.require_csrf_token(csrf)
            if self._token_state(session, token) is TokenState.JUST_SPENT:
                return self._credentials(session, session.successor_of(token))
            renewed = session.renewed(address=visitor.address, now=self.clock.now())
            with suppress(StaleSession):  # a concurrent renewal succeeded; use its answer
                self.store.rotate(session, renewed)
                return self._credentials(renewed, session.successor_of(token))
        raise StaleSession("This session is being renewed elsewhere. Please try again.")

    def has_just_ended(self, refresh_token: str) -> bool:
        """Return whether the session of this token is among the recent revocations."""
        with suppress(SessionOver):
            return self.revocations.is_over(OpaqueToken.parse(refresh_token).session_id)
        return False

    def sign_out(self, *, refresh_token: str, identity: Identity | None) -> Sequence[Identity]:
        """End the sessions of the refresh token and of the identity; return those ended."""
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
            # One counter for all browsers, so that many of them allow no more guesses than one.
            self.throttle.hit(SIGN_IN_DEVICE, f"{account.id}.{account.session_epoch}")
        else:
            self.throttle.hit(SIGN_IN, visitor.address, subject=email)
            self.throttle.hit(SIGN_IN_ACCOUNT, email)

    def _sign_in(self, email: str, password: str, visitor: Visitor) -> NewSession:
        account, is_right = self.passwords.tried(email, password)
        if account is None or not (is_right and account.is_active):
            self._request_hint(email, account if is_right else None, visitor)
            raise WrongCredentials(
                "Unable to sign in with these credentials.",
                account_id=account.id if account else None,
            )
        now = self.clock.now()
        session, refresh = Session.begin(
            account, SessionKind.BROWSER, label=visitor.agent, address=visitor.address, now=now
        )
        self.store.open(session, account)
        return NewSession(
            account,
            self._credentials(session, refresh),
            self.device_token(account),
        )

    def _request_hint(self, email: str, account: Account | None, visitor: Visitor) -> None:
        """Queue a mail that explains an unconfirmed address; the answer must not reveal it.

        Queued after every refused sign-in; whether a mail is needed is checked when it is sent.
        """
        with suppress(TooManyAttempts):
            self.throttle.hit(HINT_MAILS, email)
            state = state_of(account) if account else ""
            self.mails.put(MailRequest.by(visitor, MailKind.SIGN_IN_REFUSED, email, state=state))

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
