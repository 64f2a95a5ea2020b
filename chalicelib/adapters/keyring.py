"""Signing keys in Secrets Manager, cached by each process."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.accounts.keys import HEAD_START, KeySet, KeyStore
from chalicelib.clock import Clock

# Well within the delay before a new key signs.
REMEMBERED_FOR = HEAD_START / 2
# A token with an invented key id must not cost a call each time.
ASKED_AGAIN_AFTER = timedelta(seconds=10)

_NEVER = datetime.fromtimestamp(0, UTC)


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
    _read_at: datetime = _NEVER
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
