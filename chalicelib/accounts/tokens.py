"""Access tokens and device tokens of a session: issue and verify."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.accounts.keys import MAXIMUM_AGE
from chalicelib.accounts.model import Account, AccountId
from chalicelib.accounts.ports import TokenSigner
from chalicelib.accounts.session import ACCESS_LIFE, OpaqueToken, Session, SessionId

# No longer than a signing key is kept.
DEVICE_LIFE = MAXIMUM_AGE

_ACCESS = "access"
_DEVICE = "device"


@dataclass(frozen=True, slots=True)
class Identity:
    """The account and session of an authenticated caller."""

    account_id: AccountId
    session_id: SessionId
    # Said by its token, to be checked in the store: only then may that read be worth its cost.
    may_be_admin: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Credentials:
    """The secrets of one session: of a browser to be sent in cookies only, else in a body."""

    identity: Identity
    access: str = field(repr=False)
    refresh: OpaqueToken
    csrf: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class NewSession:
    account: Account
    credentials: Credentials
    device_token: str = field(repr=False)
    # The earlier sessions of this browser, which ended now.
    ended: Sequence[Identity] = ()


@dataclass(frozen=True, slots=True)
class NewToken:
    """A session of one token, which only the client keeps."""

    account: Account
    session: Session
    token: OpaqueToken

    @property
    def identity(self) -> Identity:
        return Identity(self.session.account_id, self.session.id)


@dataclass(frozen=True, slots=True)
class Tokens:
    signer: TokenSigner

    def credentials(
        self, session: Session, refresh: OpaqueToken, *, now: datetime, is_admin: bool = False
    ) -> Credentials:
        return Credentials(
            identity=Identity(session.account_id, session.id),
            access=self.access_token(session, now=now, is_admin=is_admin),
            refresh=refresh,
            csrf=session.csrf_token,
        )

    def access_token(self, session: Session, *, now: datetime, is_admin: bool = False) -> str:
        claims = {
            "sub": str(session.account_id),
            "sid": session.id,
            "csrf": _mark(session.csrf_token),
            **({"admin": "1"} if is_admin else {}),
        }
        return self.signer.sign(_ACCESS, claims, expires_at=min(now + ACCESS_LIFE, session.ends_at))

    def identity_in(self, access: str) -> Identity | None:
        claims = self.signer.claims(_ACCESS, access)
        if claims is None:
            return None
        return Identity(
            AccountId(int(claims["sub"])), SessionId(claims["sid"]), may_be_admin="admin" in claims
        )

    def is_csrf_token_of(self, access: str, csrf: str) -> bool:
        """Return whether both tokens are of one session; True if the access token is invalid."""
        claims = self.signer.claims(_ACCESS, access)
        # Access tokens of earlier versions have no such claim; they expire within 5 minutes.
        return claims is None or hmac.compare_digest(claims.get("csrf", _mark(csrf)), _mark(csrf))

    def device_token(self, account: Account, *, now: datetime) -> str:
        claims = {"sub": secrets.token_urlsafe(12), "for": _device_mark(account)}
        return self.signer.sign(_DEVICE, claims, expires_at=now + DEVICE_LIFE)

    def is_device_of(self, account: Account, token: str) -> bool:
        """Return whether the owner signed in here since the last change of the password."""
        claims = self.signer.claims(_DEVICE, token) if token else None
        mark = _device_mark(account)
        return claims is not None and hmac.compare_digest(claims.get("for", ""), mark)


def _device_mark(account: Account) -> str:
    return _mark(f"{account.id}.{account.session_epoch}")


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
