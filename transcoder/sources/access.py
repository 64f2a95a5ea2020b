"""How FFmpeg reads a source: as a file of the cache, or at a URL that this worker serves."""

import fcntl
import hashlib
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from chalicelib.encoding.failures import Reason
from chalicelib.encoding.model import Sidecar, Source, UnusedSidecars
from chalicelib.encoding.ports import SourceStore
from transcoder.errors import Refused
from transcoder.sandbox.confinement import enforcement
from transcoder.sandbox.runner import Sandbox
from transcoder.sources.http import Loopback, SourceContent
from transcoder.sources.supervised import Supervised


@dataclass(frozen=True, slots=True)
class SourceCache:
    """For stores that are slow at ranges, as emulators are; S3 needs no cache."""

    folder: Path
    largest_bytes: int

    def path(self, source: Source, fetch: Callable[[Path], None]) -> Path:
        """Return the path of the source; fetch it first if no worker has."""
        name = hashlib.sha256(f"{source.key}|{source.etag}".encode()).hexdigest()
        path = self.folder / name
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._alone(name):
            if not path.exists():
                self._make_room(source.size)
                unfinished = path.with_suffix(".part")
                fetch(unfinished)
                unfinished.rename(path)
            # Finer than the clock of the file system, so that the order of use is exact.
            now = time.time_ns()
            os.utime(path, ns=(now, now))
        return path

    @contextmanager
    def _alone(self, name: str, *, waits: bool = True) -> Iterator[None]:
        path = self.folder / f"{name}.lock"
        descriptor = _locked(path, fcntl.LOCK_EX | (0 if waits else fcntl.LOCK_NB))
        try:
            yield
        finally:
            # While it is locked: a worker that waits for it then sees that the file is another.
            path.unlink(missing_ok=True)
            os.close(descriptor)

    def _make_room(self, size: int) -> None:
        """Remove the least recently used files; a program that reads one keeps its open file."""
        self._remove_abandoned()
        kept = sorted(self._kept())
        used = sum(length for _, length, _ in kept)
        for _, length, path in kept:
            if used + size <= self.largest_bytes:
                return
            used -= length
            path.unlink(missing_ok=True)

    def _remove_abandoned(self) -> None:
        """Remove files and locks of workers that were killed."""
        for path in self.folder.iterdir():
            if path.suffix in (".part", ".lock"):
                with suppress(BlockingIOError), self._alone(path.stem, waits=False):
                    path.with_suffix(".part").unlink(missing_ok=True)

    def _kept(self) -> Iterator[tuple[int, int, Path]]:
        for path in self.folder.iterdir():
            # Another worker may make room at the same time.
            with suppress(FileNotFoundError):
                if not path.suffix:
                    status = path.stat()
                    yield status.st_mtime_ns, status.st_size, path


def _locked(path: Path, operation: int) -> int:
    """Return a descriptor of the file at this path, locked; raise `BlockingIOError`."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, operation)
            # The file may have been removed and created again while this process waited.
            if _is_at(path, descriptor):
                return descriptor
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _is_at(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


@dataclass(frozen=True, slots=True)
class Sources:
    store: SourceStore
    # None reads ranges, without disk space and without a wait, where the store is fast at them.
    cache: SourceCache | None

    def opened(self, source: Source, sandbox: Sandbox) -> tuple[str, Sandbox]:
        """Return a path or URL, and the sandbox whose programs can read it.

        Raise `Refused` if the object is no longer the one that was planned.
        """
        if self.store.find(source.key) != source:
            raise Refused(Reason.SOURCE_GONE)
        return self._opened(source, sandbox)

    def sidecar(self, key: str, sandbox: Sandbox) -> tuple[str, Sandbox] | None:
        """Return the same for a sidecar file, as it is now; None if it was deleted."""
        sidecar = self.store.find(key)
        return self._opened(sidecar, sandbox) if sidecar else None

    def fetch(self, key: str, path: Path, *, most_bytes: int) -> None:
        """Copy a small object, as it is now, to a file; raise `Refused`."""
        sent = self.store.find(key)
        if sent is None:
            raise Refused(Reason.SOURCE_GONE)
        if sent.size > most_bytes:
            raise Refused(Reason.TOO_LARGE)
        self.store.fetch(sent, path)

    def beside(self, source: Source) -> Sequence[Sidecar]:
        """Return the files with subtitles beside a source."""
        return self.store.beside(source.key)

    def unused_beside(self, source: Source) -> UnusedSidecars:
        """Return the names of such files that are not used."""
        return self.store.unused_beside(source.key)

    def _opened(self, source: Source, sandbox: Sandbox) -> tuple[str, Sandbox]:
        if self.cache is not None:
            path = self.cache.path(source, lambda path: self.store.fetch(source, path))
            return str(path), sandbox
        content = SourceContent(self.store, source)
        server = Supervised(content) if enforcement.can_supervise() else Loopback(content)
        return server.url, sandbox.serving(server)
