"""Signing keys and their rotation: the previous key stays valid, so sessions survive."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from chalicelib.clock import Clock

MAXIMUM_AGE = timedelta(days=30)
# Delay before a new key signs, so that every process has loaded it by then.
HEAD_START = timedelta(minutes=10)
KEPT = 2

_KID_FORMAT = "%Y%m%dT%H%M%SZ"
_BYTES = 48


@dataclass(frozen=True, slots=True)
class KeySet:
    """Secrets by key id; an id is the creation time of its key, or "0" for the first key."""

    secrets: Mapping[str, str]

    def __repr__(self) -> str:
        return f"<keys {', '.join(sorted(self.secrets))}>"

    def signing_id(self, now: datetime) -> str:
        """Return the id of the newest key that every process has loaded by now."""
        known = [kid for kid in self.secrets if _created_at(kid) + HEAD_START <= now]
        return max(known, default=min(self.secrets))

    def age(self, now: datetime) -> timedelta:
        return now - _created_at(max(self.secrets))

    def rotated(self, now: datetime) -> "KeySet":
        grown = {**self.secrets, now.strftime(_KID_FORMAT): secrets.token_urlsafe(_BYTES)}
        return KeySet({kid: grown[kid] for kid in sorted(grown)[-KEPT:]})


class KeyStore(Protocol):
    def load(self) -> KeySet: ...

    def replace(self, keys: KeySet) -> None: ...


@dataclass(frozen=True, slots=True)
class KeyRotation:
    store: KeyStore
    clock: Clock

    def rotate_if_due(self) -> bool:
        """Add a key if the newest one is old enough; idempotent."""
        now = self.clock.now()
        keys = self.store.load()
        if keys.age(now) < MAXIMUM_AGE:
            return False
        self.store.replace(keys.rotated(now))
        return True


def _created_at(kid: str) -> datetime:
    if kid == "0":
        return datetime.fromtimestamp(0, UTC)
    return datetime.strptime(kid, _KID_FORMAT).replace(tzinfo=UTC)
