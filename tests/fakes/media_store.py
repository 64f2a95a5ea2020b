"""The media bucket in a dictionary."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(slots=True)
class InMemoryMediaStore:
    objects: dict[str, bytes] = field(default_factory=dict)

    def put(self, key: str, path: Path, *, content_type: str) -> None:
        assert "/" in content_type
        self.objects[key] = path.read_bytes()

    def write(self, key: str, text: str, *, content_type: str = "application/json") -> None:
        assert "/" in content_type
        self.objects[key] = text.encode()

    def read(self, key: str) -> bytes | None:
        return self.objects.get(key)

    def fetch(self, key: str, path: Path) -> None:
        path.write_bytes(self.objects[key])

    def copy(self, key: str, target: str) -> None:
        self.objects[target] = self.objects[key]

    def listed(self, prefix: str) -> Mapping[str, tuple[int, str]]:
        return {
            key: (len(content), hashlib.md5(content, usedforsecurity=False).hexdigest())
            for key, content in self.objects.items()
            if key.startswith(prefix)
        }

    def folders(self, prefix: str) -> Iterable[str]:
        below = {key[len(prefix) :] for key in self.objects if key.startswith(prefix)}
        return sorted({f"{prefix}{name.split('/')[0]}/" for name in below if "/" in name})

    def remove(self, name: str) -> None:
        # What "media/1" begins with is also what "media/12" does.
        if not name.endswith("/"):
            self.objects.pop(name, None)
            return
        for key in [key for key in self.objects if key.startswith(name)]:
            del self.objects[key]
