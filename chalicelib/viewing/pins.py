"""PINs of profiles, and the tokens that prove that a profile was unlocked in a session."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chalicelib.accounts.model import AccountId
from chalicelib.accounts.ports import PasswordHasher, Throttle, TokenSigner
from chalicelib.accounts.sign_ins import PasswordVerifier
from chalicelib.accounts.throttling import MINUTE, Limit
from chalicelib.accounts.tokens import Identity
from chalicelib.clock import Clock
from chalicelib.viewing.model import WrongPin
from chalicelib.viewing.profile import Profile

TOKEN_LIFE = timedelta(hours=12)
# Per account, of which these per profile: a PIN is one of few (`PIN_DIGITS`).
PIN_CHECK = Limit("profile_pin", attempts=20, attempts_each=5, window_seconds=15 * MINUTE)

_PURPOSE = "profile"
# What a token was issued for; those of earlier versions do not say it.
_PIN, _PASSWORD = "pin", "password"


@dataclass(frozen=True, slots=True)
class Pins:
    hasher: PasswordHasher
    verifier: PasswordVerifier
    throttle: Throttle
    signer: TokenSigner
    clock: Clock

    def hashed(self, pin: str) -> str:
        """Return the hash of a PIN; an empty one for no PIN."""
        return self.hasher.hash(pin) if pin else ""

    def confirm(self, account_id: AccountId, profile: Profile, pin: str) -> None:
        """Raise `WrongPin` unless it is the PIN of the profile, if that has one."""
        if not profile.has_pin:
            return
        self.throttle.hit(PIN_CHECK, str(account_id), subject=profile.id)
        if not self.hasher.verify(pin, profile.pin_hash):
            raise WrongPin(fields={"pin": ["This is not the PIN of the profile."]})

    def confirm_password(self, account_id: AccountId, password: str) -> None:
        """Accept the password of the account in place of a PIN, which may be forgotten."""
        self.verifier.require(account_id, password)

    def token(
        self, identity: Identity, profile: Profile, *, is_by_password: bool
    ) -> tuple[str, datetime]:
        """Return a token for the profile in this session, and when it expires."""
        claims = {
            "sub": str(identity.account_id),
            "sid": identity.session_id,
            "profile": profile.id,
            "for": _mark(profile),
            "by": _PASSWORD if is_by_password else _PIN,
        }
        expires_at = self.clock.now() + TOKEN_LIFE
        return self.signer.sign(_PURPOSE, claims, expires_at=expires_at), expires_at

    def is_unlocked(self, identity: Identity, profile: Profile, token: str) -> bool:
        """Return whether the token is of this profile and session; a change of the PIN ends it."""
        return self._claims(identity, profile, token) is not None

    def is_manager(self, identity: Identity, profile: Profile, token: str) -> bool:
        """Return whether the token of this profile may change profiles.

        That of a profile with an age limit may only if it was issued for the password.
        """
        claims = self._claims(identity, profile, token)
        is_unlimited = profile.has_pin and not profile.has_age_limit
        return claims is not None and (is_unlimited or claims.get("by") == _PASSWORD)

    def _claims(self, identity: Identity, profile: Profile, token: str) -> Mapping[str, Any] | None:
        claims = self.signer.claims(_PURPOSE, token) if token else None
        is_valid = (
            claims is not None
            and claims.get("sub") == str(identity.account_id)
            and claims.get("sid") == identity.session_id
            and claims.get("profile") == profile.id
            and hmac.compare_digest(claims.get("for", ""), _mark(profile))
        )
        return claims if is_valid else None


def _mark(profile: Profile) -> str:
    return hashlib.sha256(profile.pin_hash.encode()).hexdigest()[:32]
