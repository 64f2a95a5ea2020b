"""Sources on this machine's disk: fetched once, shared by its workers, bounded."""

import fcntl
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from chalicelib.transcoding.model import Source


@dataclass(frozen=True, slots=True)
class SourceCache:
    """For stores that are slow at ranges, as emulators are; S3 itself needs none of this."""

    folder: Path
    largest_bytes: int

    def path(self, source: Source, fetch: Callable[[Path], None]) -> Path:
        """Return where the source lies, after fetching it if no worker has done so before."""
        name = hashlib.sha256(f"{source.key}|{source.etag}".encode()).hexdigest()
        path = self.folder / name
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._alone(name):
            if not path.exists():
                self._make_room(source.size)
                unfinished = path.with_suffix(".part")
                fetch(unfinished)
                unfinished.rename(path)
            os.utime(path)
        return path

    @contextmanager
    def _alone(self, name: str) -> Iterator[None]:
        descriptor = os.open(self.folder / f"{name}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def _make_room(self, size: int) -> None:
        """Remove what was used longest ago; whoever still reads it keeps its open file."""
        kept = sorted(self._files(), key=lambda path: path.stat().st_mtime)
        used = sum(path.stat().st_size for path in kept)
        for path in kept:
            if used + size <= self.largest_bytes:
                return
            used -= path.stat().st_size
            path.unlink(missing_ok=True)

    def _files(self) -> Iterator[Path]:
        return (path for path in self.folder.iterdir() if not path.suffix)
