"""Signed tokens: JWTs of one algorithm, each valid for one purpose."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.adapters.keyring import Keyring
from chalicelib.clock import Clock
from chalicelib.lru_cache import LruCache

_ALGORITHM = "HS256"
_ISSUER = "videoflix"
_LONGEST = 2048
_REMEMBERED = 1000


@dataclass(frozen=True, slots=True)
class _Proven:
    kid: str
    secret: str = field(repr=False)
    expires: float
    claims: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class JwtSigner:
    keyring: Keyring
    clock: Clock
    # Verifying is the most expensive step of a warm request, and tokens are sent repeatedly.
    _proven: LruCache[tuple[str, str], _Proven] = field(
        default_factory=lambda: LruCache(_REMEMBERED)
    )

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
        if len(token) > _LONGEST:
            return None
        proven = self._proven.get((purpose, token))
        # A removed key invalidates its tokens.
        if proven is None or self.keyring.secret(proven.kid) != proven.secret:
            proven = self._prove(purpose, token)
            if proven is None:
                return None
            self._proven.put((purpose, token), proven)
        return proven.claims if proven.expires > self.clock.now().timestamp() else None

    def _prove(self, purpose: str, token: str) -> _Proven | None:
        import jwt

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
                # Expiry is checked with the `Clock` port.
                options={
                    "require": ["exp", "iat", "sub"],
                    "verify_exp": False,
                    "verify_iat": False,
                },
            )
        except (jwt.InvalidTokenError, ValueError):
            return None
        claims = {name: value for name, value in payload.items() if isinstance(value, str)}
        return _Proven(kid, secret, payload["exp"], claims)
