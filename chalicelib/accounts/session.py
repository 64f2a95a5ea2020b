"""A session: one sign-in on one device, and its opaque tokens.

An opaque token reads `account.session.generation.secret.proof`. Only the client knows the secret
(its hash is stored); only the server can compute the proof (from a seed stored with the session).
So the successor of a token is deterministic without being stored, and a spent token is
distinguishable from a forged one.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum, StrEnum, auto
from typing import NewType, Self

from chalicelib.accounts.model import Account, AccountId, ForeignCsrfToken, SessionOver

SessionId = NewType("SessionId", str)

ACCESS_LIFE = timedelta(minutes=5)
REFRESH_LIFE = timedelta(days=7)
# Longest life of a browser session after the password was entered, despite renewals.
LONGEST_LIFE = timedelta(days=90)
# Longest life of an API token; its owner may choose a shorter one.
API_TOKEN_LIFE = timedelta(days=365)
# Lives of sessions whose tokens pages keep where scripts can read them: they are not prolonged.
BEARER_LIFE = timedelta(days=7)
SIGN_IN_TOKEN_LIFE = timedelta(days=30)
# The last use of a token is stored at most this often, so that most requests cost no write.
USE_STORED_EVERY = timedelta(hours=1)
# A spent token is accepted for this long: two tabs, or a lost answer, send it twice.
GRACE = timedelta(seconds=10)

LONGEST_LABEL = 200
SESSION_ID = re.compile(r"[\w-]{1,64}", re.ASCII)
_LONGEST_TOKEN = 512
_FIELDS = 5


class SessionKind(StrEnum):
    BROWSER = "browser"
    API_TOKEN = "api_token"  # noqa: S105 - the name of a kind
    # An access token and a refresh token that stays the same, both in the body of an answer.
    BEARER = "bearer"
    # One token for `Authorization: Token`, for the password instead of an open session.
    SIGN_IN_TOKEN = "sign_in_token"  # noqa: S105 - the name of a kind


LIFE: Mapping[SessionKind, timedelta] = {
    SessionKind.BROWSER: REFRESH_LIFE,
    SessionKind.API_TOKEN: API_TOKEN_LIFE,
    SessionKind.BEARER: BEARER_LIFE,
    SessionKind.SIGN_IN_TOKEN: SIGN_IN_TOKEN_LIFE,
}


class TokenState(Enum):
    CURRENT = auto()
    JUST_SPENT = auto()
    REPLAYED = auto()
    FORGED = auto()


@dataclass(frozen=True, slots=True)
class OpaqueToken:
    account_id: AccountId
    session_id: SessionId
    generation: int
    secret: str
    proof: str

    def __str__(self) -> str:
        fields = (self.account_id, self.session_id, self.generation, self.secret, self.proof)
        return ".".join(map(str, fields))

    def __repr__(self) -> str:
        return f"<token of session {self.session_id}>"

    @classmethod
    def parse(cls, text: str) -> Self:
        fields = text.split(".") if len(text) <= _LONGEST_TOKEN and text.isascii() else []
        if len(fields) != _FIELDS or not (fields[0].isdigit() and fields[2].isdigit()):
            raise SessionOver
        account, session, generation, secret, proof = fields
        if not SESSION_ID.fullmatch(session):
            raise SessionOver
        return cls(AccountId(int(account)), SessionId(session), int(generation), secret, proof)


@dataclass(frozen=True, slots=True)
class Session:
    id: SessionId
    account_id: AccountId
    kind: SessionKind
    secret_hash: str = field(repr=False)
    seed: str = field(repr=False)
    created_at: datetime
    # When the session was last renewed, or its token used, to the hour.
    renewed_at: datetime
    expires_at: datetime
    label: str
    address: str
    epoch: int = 0
    generation: int = 0

    @classmethod
    def begin(
        cls,
        account: Account,
        kind: SessionKind,
        *,
        label: str,
        address: str,
        now: datetime,
        life: timedelta | None = None,
    ) -> tuple[Self, OpaqueToken]:
        """Return a new session and its first token; it lives no longer than its kind may."""
        longest = LIFE[kind]
        secret = secrets.token_urlsafe(32)
        session = cls(
            id=SessionId(secrets.token_urlsafe(16)),
            account_id=account.id,
            epoch=account.session_epoch,
            kind=kind,
            secret_hash=_hash(secret),
            seed=secrets.token_urlsafe(32),
            created_at=now,
            renewed_at=now,
            expires_at=now + min(life or longest, longest),
            label=label[:LONGEST_LABEL],
            address=address,
        )
        return session, session._token(0, secret)

    @property
    def ends_at(self) -> datetime:
        """When the session ends if it is not renewed before."""
        if self.kind is not SessionKind.BROWSER:
            return self.expires_at
        # Earlier versions stored sessions that end after their longest life.
        return min(self.expires_at, self.created_at + LONGEST_LIFE)

    def may_go_on(self, account: Account) -> bool:
        return account.is_active and self.epoch == account.session_epoch

    @property
    def csrf_token(self) -> str:
        """The CSRF token, constant for the session, so that parallel answers agree."""
        return hmac.new(self.seed.encode(), b"csrf", hashlib.sha256).hexdigest()[:32]

    def require_csrf_token(self, sent: str) -> None:
        """Raise `ForeignCsrfToken` if a token was sent that is not the session's."""
        if sent and not hmac.compare_digest(sent.encode(), self.csrf_token.encode()):
            raise ForeignCsrfToken("The CSRF token is missing or wrong.")

    def token_state(self, token: OpaqueToken, *, now: datetime) -> TokenState:
        """Return whether the token is current, just spent, replayed or forged."""
        if not self._is_authentic(token):
            return TokenState.FORGED
        if token.generation == self.generation:
            return TokenState.CURRENT
        if token.generation == self.generation - 1 and now - self.renewed_at <= GRACE:
            return TokenState.JUST_SPENT
        return TokenState.REPLAYED

    def successor_of(self, token: OpaqueToken) -> OpaqueToken:
        return self._token(token.generation + 1, token.secret)

    def renewed(self, *, address: str, now: datetime) -> Self:
        return replace(
            self,
            generation=self.generation + 1,
            renewed_at=now,
            expires_at=min(now + REFRESH_LIFE, self.created_at + LONGEST_LIFE),
            address=address,
        )

    def used(self, *, address: str, now: datetime) -> Self:
        """Return the session after a use that neither prolongs it nor changes its token."""
        return replace(self, renewed_at=now, address=address)

    def _is_authentic(self, token: OpaqueToken) -> bool:
        known_secret = hmac.compare_digest(_hash(token.secret), self.secret_hash)
        proven = hmac.compare_digest(self._proof(token.generation, token.secret), token.proof)
        return known_secret and proven

    def _token(self, generation: int, secret: str) -> OpaqueToken:
        proof = self._proof(generation, secret)
        return OpaqueToken(self.account_id, self.id, generation, secret, proof)

    def _proof(self, generation: int, secret: str) -> str:
        message = f"{self.id}.{generation}.{secret}".encode()
        return hmac.new(self.seed.encode(), message, hashlib.sha256).hexdigest()


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
