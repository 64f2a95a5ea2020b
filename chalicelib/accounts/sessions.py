"""Use cases of a session: sign in, stay signed in, look around, sign out."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from chalicelib.accounts.model import (
    Account,
    AccountStatus,
    NotActivated,
    SessionNotFound,
    SessionOver,
    StaleAccount,
    WrongCredentials,
    canonical_email,
)
from chalicelib.accounts.passwords import PasswordCheck
from chalicelib.accounts.ports import Clock, SessionStore, Throttle
from chalicelib.accounts.revocations import Revocations
from chalicelib.accounts.session import Fate, OpaqueToken, Session, SessionId, SessionKind
from chalicelib.accounts.throttling import SIGN_IN, SIGN_IN_ACCOUNT, SIGN_IN_DEVICE
from chalicelib.accounts.tokens import Credentials, Identity, SignedIn, Tokens
from chalicelib.accounts.visitor import Visitor

_OVER = "This session is over. Please sign in."


class ReplayedToken(SessionOver):
    """A spent refresh token came back: it was stolen, or its thief was faster."""

    code = "replayed_token"


@dataclass(frozen=True, slots=True)
class Sessions:
    store: SessionStore
    revocations: Revocations
    passwords: PasswordCheck
    tokens: Tokens
    throttle: Throttle
    clock: Clock

    def sign_in(self, *, email: str, password: str, visitor: Visitor) -> SignedIn:
        email = canonical_email(email)
        self._count_attempt(email, visitor)
        try:
            return self._sign_in(email, password, visitor)
        except StaleAccount:  # changed between our reading and writing: look again, once
            return self._sign_in(email, password, visitor)

    def identify(self, access_token: str) -> Identity | None:
        """Return who holds this access token, unless it or its session is over."""
        identity = self.tokens.identity_in(access_token)
        if identity is None or self.revocations.is_over(identity.session_id):
            return None
        return identity

    def identify_by_api_token(self, text: str) -> Identity:
        """Return who holds this long-lived token; raise `SessionOver` if nobody does."""
        token = OpaqueToken.parse(text)
        session = self.store.get(token.account_id, token.session_id)
        if session.kind is not SessionKind.API_TOKEN:
            raise SessionOver(_OVER)
        if session.fate_of(token, now=self.clock.now()) is not Fate.CURRENT:
            raise SessionOver(_OVER)
        return Identity(session.account_id, session.id)

    def renew(self, refresh_token: str, visitor: Visitor) -> Credentials:
        """Spend a refresh token; raise `SessionOver`, and end the session if it was spent."""
        token = OpaqueToken.parse(refresh_token)
        session = self._session_of(token)
        if self._fate(session, token) is Fate.CURRENT:
            renewed = session.renewed(address=visitor.address, now=self.clock.now())
            try:
                self.store.rotate(session, renewed)
            except SessionOver:  # a twin was faster; if it was, its answer is ours too
                session = self._session_of(token)
            else:
                return self.tokens.credentials(
                    renewed, session.successor_of(token), now=self.clock.now()
                )
        if self._fate(session, token) is not Fate.JUST_SPENT:
            raise SessionOver(_OVER)
        return self.tokens.credentials(session, session.successor_of(token), now=self.clock.now())

    def sign_out(self, *, refresh_token: str, identity: Identity | None) -> None:
        """End the session that either proof names; without one there is nothing to end."""
        if refresh_token:
            with suppress(SessionOver):
                self.revocations.end(self._session_of(OpaqueToken.parse(refresh_token)))
        if identity:
            with suppress(SessionNotFound):
                self.end(identity, identity.session_id)

    def listed(self, identity: Identity) -> Sequence[Session]:
        return self.store.of(identity.account_id)

    def end(self, identity: Identity, session_id: SessionId) -> None:
        try:
            self.revocations.end(self.store.get(identity.account_id, session_id))
        except SessionOver:
            raise SessionNotFound("There is no such session.") from None

    def end_others(self, identity: Identity) -> None:
        self.revocations.end_all(identity.account_id, but=identity.session_id)

    def issue_api_token(
        self, identity: Identity, *, label: str, password: str, visitor: Visitor
    ) -> tuple[Session, OpaqueToken]:
        account = self.passwords.confirmed(identity.account_id, password)
        session, token = Session.begin(
            account.id,
            SessionKind.API_TOKEN,
            label=label,
            address=visitor.address,
            now=self.clock.now(),
        )
        self.store.open(session, account)
        return session, token

    def _count_attempt(self, email: str, visitor: Visitor) -> None:
        self.throttle.hit(SIGN_IN, visitor.address, subject=email)
        device = self.tokens.device_known_for(email, visitor.device_token)
        if device:
            self.throttle.hit(SIGN_IN_DEVICE, device)
        else:
            self.throttle.hit(SIGN_IN_ACCOUNT, email)

    def _sign_in(self, email: str, password: str, visitor: Visitor) -> SignedIn:
        account = self._allowed(self.passwords.matching(email, password))
        now = self.clock.now()
        session, refresh = Session.begin(
            account.id, SessionKind.BROWSER, label=visitor.agent, address=visitor.address, now=now
        )
        self.store.open(session, account)
        return SignedIn(
            account,
            self.tokens.credentials(session, refresh, now=now),
            self.tokens.device_token(email, now=now),
        )

    @staticmethod
    def _allowed(account: Account | None) -> Account:
        if account is None or account.status is AccountStatus.DEACTIVATED:
            raise WrongCredentials("Unable to sign in with these credentials.")
        if account.is_pending:  # said only to somebody who knows the password
            raise NotActivated("Please confirm your e-mail address first: open the link we sent.")
        return account

    def _session_of(self, token: OpaqueToken) -> Session:
        session = self.store.get(token.account_id, token.session_id)
        if session.kind is not SessionKind.BROWSER:
            raise SessionOver(_OVER)
        fate = self._fate(session, token)
        if fate is Fate.REPLAYED:
            self.revocations.end(session)
            raise ReplayedToken(_OVER)
        if fate is Fate.FORGED:
            raise SessionOver(_OVER)
        return session

    def _fate(self, session: Session, token: OpaqueToken) -> Fate:
        return session.fate_of(token, now=self.clock.now())
