"""Signed tokens: JWTs of one algorithm for one purpose each, and the keys that sign them."""

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from chalicelib.accounts.keys import HEAD_START, KeySet, KeyStore
from chalicelib.clock import NEVER, Clock
from chalicelib.lru_cache import LruCache

# Well within the delay before a new key signs.
REMEMBERED_FOR = HEAD_START / 2
# A token with an invented key id must not cost a call each time.
ASKED_AGAIN_AFTER = timedelta(seconds=10)


_ALGORITHM = "HS256"
_ISSUER = "videoflix"
_LONGEST = 2048
_REMEMBERED = 1000


@dataclass(frozen=True, slots=True)
class SecretsManagerKeyStore:
    client: Callable[[], Any]
    secret_id: str

    def load(self) -> KeySet:
        answer = self.client().get_secret_value(SecretId=self.secret_id)
        return KeySet(json.loads(answer["SecretString"]))

    def replace(self, keys: KeySet) -> None:
        text = json.dumps(dict(keys.secrets))
        self.client().put_secret_value(SecretId=self.secret_id, SecretString=text)


@dataclass(slots=True)
class Keyring:
    store: KeyStore
    clock: Clock
    _keys: KeySet = field(default_factory=lambda: KeySet({}))
    _read_at: datetime = NEVER
    _reading: threading.Lock = field(default_factory=threading.Lock)

    def for_signing(self) -> tuple[str, str]:
        """Return the id and the secret to sign with now."""
        now = self.clock.now()
        keys = self._fresh(now, REMEMBERED_FOR)
        kid = keys.signing_id(now)
        return kid, keys.secrets[kid]

    def secret(self, kid: str) -> str | None:
        now = self.clock.now()
        known = self._fresh(now, REMEMBERED_FOR).secrets.get(kid)
        return known or self._fresh(now, ASKED_AGAIN_AFTER).secrets.get(kid)

    def _fresh(self, now: datetime, age: timedelta) -> KeySet:
        with self._reading:
            if now - self._read_at >= age:
                self._keys = self.store.load()
                self._read_at = now
            return self._keys


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
