"""Use cases of sessions: sign in, identify, renew, list, sign out, issue API tokens."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from chalicelib.accounts.model import Account, SessionNotFound, SessionOver, StaleSession
from chalicelib.accounts.ports import AccountStore, SessionStore
from chalicelib.accounts.revocations import Revocations
from chalicelib.accounts.session import (
    GRACE,
    SESSION_ID,
    USE_STORED_EVERY,
    OpaqueToken,
    Session,
    SessionId,
    SessionKind,
    TokenState,
)
from chalicelib.accounts.sign_ins import PasswordVerifier, SignIn, SignIns
from chalicelib.accounts.tokens import Credentials, Identity, NewSession, NewToken, Tokens
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


class TokenNotValid(SessionOver):
    """A program asked whether a token is valid, and it is not."""

    code = "token_not_valid"


class RefreshTokenOver(SessionOver):
    """A refresh token of a program is invalid, or its session is over."""

    code = "refresh_token_over"


@dataclass(frozen=True, slots=True)
class Sessions:
    accounts: AccountStore
    sessions: SessionStore
    revocations: Revocations
    verifier: PasswordVerifier
    tokens: Tokens
    sign_ins: SignIns
    clock: Clock

    def sign_in(
        self, *, email: str, password: str, visitor: Visitor, earlier_refresh_token: str = ""
    ) -> NewSession:
        """Begin a session, and end the earlier session of this browser."""
        signed_in = self.sign_ins.begin(
            SessionKind.BROWSER, email=email, password=password, visitor=visitor
        )
        ended = self.sign_out(refresh_token=earlier_refresh_token, identity=None)
        return self._new_session(signed_in, ended)

    def sign_in_bearer(self, *, email: str, password: str, visitor: Visitor) -> NewSession:
        """Begin a session of a program; its refresh token stays the same, see `access_for`."""
        signed_in = self.sign_ins.begin(
            SessionKind.BEARER, email=email, password=password, visitor=visitor
        )
        return self._new_session(signed_in, is_admin=signed_in.account.is_admin)

    def sign_in_for_token(self, *, email: str, password: str, visitor: Visitor) -> NewToken:
        """Begin a session of one token, for `identify_by_token`."""
        signed_in = self.sign_ins.begin(
            SessionKind.SIGN_IN_TOKEN, email=email, password=password, visitor=visitor
        )
        return NewToken(signed_in.account, signed_in.session, signed_in.token)

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

    def identify_by_token(self, text: str, visitor: Visitor) -> Identity:
        """Return the identity of an API token or a sign-in token, and store that it was used.

        Raises `SessionOver` if the token is not valid.
        """
        token = OpaqueToken.parse(text)
        session, _ = self._current(token, SessionKind.API_TOKEN, SessionKind.SIGN_IN_TOKEN)
        now = self.clock.now()
        if now - session.renewed_at >= USE_STORED_EVERY:
            self.sessions.record_use(session.used(address=visitor.address, now=now))
        return Identity(session.account_id, session.id)

    def access_for(self, refresh_token: str, visitor: Visitor) -> str:
        """Return a new access token of a bearer session; raise `RefreshTokenOver`."""
        try:
            session, account = self._current(OpaqueToken.parse(refresh_token), SessionKind.BEARER)
            now = self.clock.now()
            # Like every renewal, it is stored, so that ending the session revokes the token.
            if now - session.renewed_at > GRACE:
                used = session.used(address=visitor.address, now=now)
                self.sessions.rotate(session, used)
        except (SessionOver, StaleSession):
            raise RefreshTokenOver from None
        return self.tokens.access_token(session, now=now, is_admin=account.is_admin)

    def require_valid(self, token: str) -> None:
        """Raise `TokenNotValid` unless the token is valid, see `is_valid`."""
        if not self.is_valid(token):
            raise TokenNotValid

    def is_valid(self, token: str) -> bool:
        """Return whether this is a valid access token, or a refresh token of a bearer session."""
        if self.identify(token):
            return True
        try:
            self._current(OpaqueToken.parse(token), SessionKind.BEARER)
        except SessionOver:
            return False
        return True

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
                self.sessions.rotate(session, renewed)
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
        return [each for each in self.sessions.of_account(account.id) if each.may_go_on(account)]

    def end(self, identity: Identity, session_id: SessionId) -> None:
        if not SESSION_ID.fullmatch(session_id):
            raise SessionNotFound(_UNKNOWN)
        try:
            self.revocations.end(self.sessions.get(identity.account_id, session_id))
        except SessionOver:
            raise SessionNotFound(_UNKNOWN) from None

    def end_others(self, identity: Identity) -> Account:
        session, account = self.sessions.get_with_account(identity.account_id, identity.session_id)
        saved = self.accounts.save(account.signed_out_everywhere())
        self.sessions.carry_over(session, saved)
        self.revocations.end_all(saved)
        return saved

    def issue_api_token(
        self,
        identity: Identity,
        *,
        label: str,
        password: str,
        visitor: Visitor,
        life: timedelta | None = None,
    ) -> tuple[Session, OpaqueToken]:
        """Return a new API token with its session; it lives as long as its kind may, or less."""
        account = self.verifier.require(identity.account_id, password)
        session, token = Session.begin(
            account,
            SessionKind.API_TOKEN,
            label=label,
            address=visitor.address,
            now=self.clock.now(),
            life=life,
        )
        self.sessions.open(session, account)
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

    def _session_of(self, token: OpaqueToken) -> Session:
        session, _ = self._living(token, SessionKind.BROWSER)
        state = self._token_state(session, token)
        if state is TokenState.REPLAYED:
            self.revocations.end(session)
            raise ReplayedToken(session.id)
        if state is TokenState.FORGED:
            raise SessionOver
        return session

    def _current(self, token: OpaqueToken, *kinds: SessionKind) -> tuple[Session, Account]:
        """Return session and account of a token that does not change; raise `SessionOver`."""
        session, account = self._living(token, *kinds)
        if self._token_state(session, token) is not TokenState.CURRENT:
            raise SessionOver
        return session, account

    def _living(self, token: OpaqueToken, *kinds: SessionKind) -> tuple[Session, Account]:
        session, account = self.sessions.get_with_account(token.account_id, token.session_id)
        if session.kind not in kinds or not session.may_go_on(account):
            raise SessionOver
        return session, account

    def _new_session(
        self, signed_in: SignIn, ended: Sequence[Identity] = (), *, is_admin: bool = False
    ) -> NewSession:
        credentials = self._credentials(signed_in.session, signed_in.token, is_admin=is_admin)
        account = signed_in.account
        return NewSession(account, credentials, self.device_token(account), ended)

    def _credentials(
        self, session: Session, refresh: OpaqueToken, *, is_admin: bool = False
    ) -> Credentials:
        now = self.clock.now()
        return self.tokens.credentials(session, refresh, now=now, is_admin=is_admin)

    def _token_state(self, session: Session, token: OpaqueToken) -> TokenState:
        return session.token_state(token, now=self.clock.now())
