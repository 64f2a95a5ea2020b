"""A stored or queued format: how it is written today, and how every written version is read."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

GOLDEN = Path(__file__).parent / "golden"
# The SHA-256 of each golden file, in the format of sha256sum: those that are there never change.
HASHES = Path(__file__).parent / "golden.sha256"

MOMENT = datetime(2026, 1, 2, 3, 4, 5, 678000, UTC)


class FixedClock:
    """The moment at which all golden files were written."""

    def now(self) -> datetime:
        return MOMENT


def _as_it_is(plain: Any) -> Any:
    return plain


@dataclass(frozen=True)
class Format:
    name: str
    # The sample as the code of today writes it, as JSON.
    write: Callable[[], Any]
    # What the code of today makes of one golden file.
    read: Callable[[Any], object]
    # What the newest golden file is read as.
    expected: object
    # What an older one is read as, by number, where that differs; an exception type if refused.
    older: Mapping[int, object] = field(default_factory=dict)
    # Without what is random.
    settled: Callable[[Any], Any] = _as_it_is

    @property
    def folder(self) -> Path:
        return GOLDEN / self.name

    @property
    def versions(self) -> Mapping[int, Path]:
        """The golden files by number, the oldest first."""
        numbered = {int(path.stem): path for path in self.folder.glob("*.json")}
        return dict(sorted(numbered.items()))

    @property
    def newest(self) -> int:
        return max(self.versions, default=0)

    def golden(self, version: int) -> Any:
        return json.loads(self.versions[version].read_text(encoding="utf-8"))

    def expected_of(self, version: int) -> object:
        return self.older.get(version, self.expected)

    def written(self) -> str:
        return json.dumps(self.write(), indent=1, ensure_ascii=False) + "\n"

    def is_written_as(self, version: int) -> bool:
        if version not in self.versions:
            return False
        written = json.loads(self.written())
        return bool(self.settled(written) == self.settled(self.golden(version)))

    def add_golden(self) -> Path:
        """Write the next golden file; those that are there never change."""
        path = self.folder / f"{self.newest + 1}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.written(), encoding="utf-8")
        with HASHES.open("a", encoding="utf-8") as hashes:
            hashes.write(f"{sha256(path.read_bytes()).hexdigest()}  {self.name}/{path.name}\n")
        return path
