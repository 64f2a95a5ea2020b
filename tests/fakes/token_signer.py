"""A token signer that keeps the claims of its random tokens."""

import secrets
from collections.abc import Mapping
from datetime import datetime

from chalicelib.clock import Clock


class RememberingSigner:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._signed: dict[tuple[str, str], tuple[Mapping[str, str], datetime]] = {}

    def sign(self, purpose: str, claims: Mapping[str, str], *, expires_at: datetime) -> str:
        token = secrets.token_urlsafe()
        self._signed[purpose, token] = (dict(claims), expires_at)
        return token

    def claims(self, purpose: str, token: str) -> Mapping[str, str] | None:
        claims, expires_at = self._signed.get((purpose, token), (None, self._clock.now()))
        return claims if expires_at > self._clock.now() else None
