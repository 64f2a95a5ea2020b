"""What a signed-in browser holds, and what we learn from it."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.accounts.keys import MAXIMUM_AGE
from chalicelib.accounts.model import Account, AccountId
from chalicelib.accounts.ports import TokenSigner
from chalicelib.accounts.session import ACCESS_LIFE, OpaqueToken, Session, SessionId

# No longer than a signing key is sure to be kept.
DEVICE_LIFE = MAXIMUM_AGE

_ACCESS = "access"
_DEVICE = "device"


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody who proved to be signed in."""

    account_id: AccountId
    session_id: SessionId


@dataclass(frozen=True, slots=True)
class Credentials:
    """The secrets of one session; they belong in cookies and nowhere else."""

    identity: Identity
    access: str = field(repr=False)
    refresh: OpaqueToken
    csrf: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SignedIn:
    account: Account
    credentials: Credentials
    device_token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Tokens:
    signer: TokenSigner

    def credentials(self, session: Session, refresh: OpaqueToken, *, now: datetime) -> Credentials:
        claims = {"sub": str(session.account_id), "sid": session.id}
        access = self.signer.sign(_ACCESS, claims, expires_at=now + ACCESS_LIFE)
        return Credentials(
            identity=Identity(session.account_id, session.id),
            access=access,
            refresh=refresh,
            csrf=session.csrf_token,
        )

    def identity_in(self, access: str) -> Identity | None:
        claims = self.signer.claims(_ACCESS, access)
        if claims is None:
            return None
        return Identity(AccountId(int(claims["sub"])), SessionId(claims["sid"]))

    def device_token(self, email: str, *, now: datetime) -> str:
        claims = {"sub": secrets.token_urlsafe(12), "for": _mark(email)}
        return self.signer.sign(_DEVICE, claims, expires_at=now + DEVICE_LIFE)

    def device_known_for(self, email: str, token: str) -> str | None:
        """Return the browser's own mark if this account signed in from it before."""
        claims = self.signer.claims(_DEVICE, token) if token else None
        if claims is None or not hmac.compare_digest(claims["for"], _mark(email)):
            return None
        return claims["sub"]


def _mark(email: str) -> str:
    return hashlib.sha256(email.encode()).hexdigest()[:32]
