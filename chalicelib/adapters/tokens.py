"""Signed tokens: JWTs of one algorithm, each good for one purpose only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from chalicelib.adapters.keyring import Keyring
from chalicelib.clock import Clock

_ALGORITHM = "HS256"
_ISSUER = "videoflix"
_LONGEST = 2048


@dataclass(frozen=True, slots=True)
class JwtSigner:
    keyring: Keyring
    clock: Clock

    def sign(self, purpose: str, claims: Mapping[str, str], *, expires_at: datetime) -> str:
        import jwt

        kid, secret = self.keyring.for_signing()
        payload = {
            **claims,
            "iss": _ISSUER,
            "aud": purpose,
            "iat": int(self.clock.now().timestamp()),
            "exp": int(expires_at.timestamp()),
        }
        return jwt.encode(payload, secret, algorithm=_ALGORITHM, headers={"kid": kid})

    def claims(self, purpose: str, token: str) -> Mapping[str, str] | None:
        import jwt

        if len(token) > _LONGEST:
            return None
        try:
            kid = jwt.get_unverified_header(token).get("kid", "")
            secret = self.keyring.secret(kid)
            if secret is None:
                return None
            payload = jwt.decode(
                token,
                secret,
                algorithms=[_ALGORITHM],
                audience=purpose,
                issuer=_ISSUER,
                # The clock is ours, so that time is one thing everywhere.
                options={
                    "require": ["exp", "iat", "sub"],
                    "verify_exp": False,
                    "verify_iat": False,
                },
            )
        except (jwt.InvalidTokenError, ValueError):
            return None
        if payload["exp"] <= self.clock.now().timestamp():
            return None
        return {name: value for name, value in payload.items() if isinstance(value, str)}
