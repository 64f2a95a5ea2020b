"""Argon2id through passlib, which also verifies hashes of the replaced Django backends."""

from functools import cached_property
from typing import Any

# Of an unknown password, made with the parameters below: what an unknown address is
# compared with, the first one in a process no slower than the others.
_DUMMY_HASH = (
    "$argon2id$v=19$m=19456,t=2,p=1$"
    "wfj/v3eutbaWcs4ZgxBCiA$854zKh2V2PGBPe8bAjcVjm9HwXzzgfvVztj63ju0fMo"
)


class PasslibHasher:
    """Built on first use: most requests check no password."""

    @cached_property
    def _context(self) -> Any:
        from passlib.context import CryptContext

        return CryptContext(
            schemes=["argon2", "django_pbkdf2_sha256"],
            deprecated=["django_pbkdf2_sha256"],
            # OWASP's first choice for little memory.
            argon2__type="ID",
            argon2__memory_cost=19_456,
            argon2__time_cost=2,
            argon2__parallelism=1,
        )

    def hash(self, password: str) -> str:
        hashed: str = self._context.hash(password)
        return hashed

    def verify(self, password: str, hashed: str | None) -> bool:
        try:
            matches: bool = self._context.verify(password, hashed or _DUMMY_HASH)
        except ValueError:  # an unknown hash format: no password matches
            return False
        return matches and bool(hashed)

    def is_outdated(self, hashed: str) -> bool:
        outdated: bool = self._context.needs_update(hashed)
        return outdated
