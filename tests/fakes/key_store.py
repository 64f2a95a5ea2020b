"""Signing keys in memory, with a count of loads."""

from dataclasses import dataclass

from chalicelib.accounts.keys import KeySet


@dataclass(slots=True)
class InMemoryKeyStore:
    keys: KeySet
    times_loaded: int = 0

    def load(self) -> KeySet:
        self.times_loaded += 1
        return self.keys

    def replace(self, keys: KeySet) -> None:
        self.keys = keys
