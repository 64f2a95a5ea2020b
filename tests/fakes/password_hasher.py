"""A password hasher with readable hashes, which costs no time."""

_NEW = "new:"
_OLD = "old:"


class ReadableHasher:
    def hash(self, password: str) -> str:
        return _NEW + password

    def hash_of_old(self, password: str) -> str:
        """Return a hash as an earlier backend stored it."""
        return _OLD + password

    def verify(self, password: str, hashed: str | None) -> bool:
        return hashed in {_NEW + password, _OLD + password}

    def is_outdated(self, hashed: str) -> bool:
        return hashed.startswith(_OLD)
