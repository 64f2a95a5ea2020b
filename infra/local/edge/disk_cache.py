"""A cache of objects on disk: requests share a fetch, and the least recently used go first.

An invalidation removes copies, and the result of a fetch that was under way is discarded.
"""

import asyncio
import hashlib
import os
import re
import shutil
import tempfile
from collections import Counter, OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from infra.local.edge.invalidations import InvalidationReader, Invalidations

# Copies an object to a file; False if there is none.
Fetch = Callable[[str, Path], bool]

_UNFINISHED = ".part"
_FETCHES_AT_ONCE = 16
# Hashes of the folder that an invalidation covers, as `media/7`, and of the key.
_NAME = re.compile(r"[0-9a-f]{16}-[0-9a-f]{64}")
_PATTERN = re.compile(r"/([^/*]+/[^/*]+)/\*")


@dataclass(frozen=True, slots=True)
class Opened:
    file: BinaryIO
    size: int


class DiskCache:
    def __init__(
        self,
        folder: Path,
        fetch: Fetch,
        *,
        largest_bytes: int,
        invalidations: Invalidations | None = None,
    ) -> None:
        self._folder = folder
        self._fetch = fetch
        self._largest_bytes = largest_bytes
        self._invalidations = InvalidationReader(invalidations) if invalidations else None
        # Number of invalidations by folder.
        self._times_invalidated: Counter[str] = Counter()
        # Separate threads, so that a slow bucket does not delay reads from disk.
        self._fetchers = ThreadPoolExecutor(_FETCHES_AT_ONCE, "fetch")
        self._fetching: dict[str, asyncio.Task[bool]] = {}
        # Sizes by name, the most recently used at the end.
        self._sizes: OrderedDict[str, int] = OrderedDict()
        self._bytes = 0
        self._load()

    async def open(self, key: str) -> Opened | None:
        """Open an object, which stays readable after its eviction; None if it does not exist."""
        if self._invalidations:
            await self._invalidations.apply_pending(self.invalidate)
        name = _name(key)
        opened = self._open(name)
        if opened is None and await self._fetched(key, name):
            opened = self._open(name)
        return opened

    def invalidate(self, pattern: str) -> None:
        """Remove the copies that a path such as `/media/7/*` covers; any other path covers all."""
        match = _PATTERN.fullmatch(pattern)
        start = _folder_hash(match[1]) if match else ""
        self._times_invalidated[start] += 1
        for name in [each for each in self._sizes if each.startswith(start)]:
            self._bytes -= self._sizes.pop(name)
            (self._folder / name).unlink(missing_ok=True)

    async def _fetched(self, key: str, name: str) -> bool:
        fetching = self._fetching.get(name)
        if fetching is None:
            fetching = asyncio.create_task(self._fetch_and_keep(key, name))
            self._fetching[name] = fetching
            fetching.add_done_callback(lambda _: self._fetching.pop(name))
        # A cancelled request must not cancel the fetch of the others.
        return await asyncio.shield(fetching)

    async def _fetch_and_keep(self, key: str, name: str) -> bool:
        loop = asyncio.get_running_loop()
        while True:
            before = self._invalidations_of(name)
            size = await loop.run_in_executor(self._fetchers, self._copy, key, self._folder / name)
            if size is None:
                return False
            if self._invalidations_of(name) == before:
                self._keep(name, size)
                return True
            (self._folder / name).unlink(missing_ok=True)

    def _invalidations_of(self, name: str) -> int:
        return self._times_invalidated[""] + self._times_invalidated[name.partition("-")[0]]

    def _copy(self, key: str, path: Path) -> int | None:
        """Fetch the object and return its size; None if it does not exist."""
        descriptor, unfinished = tempfile.mkstemp(suffix=_UNFINISHED, dir=self._folder)
        os.close(descriptor)
        file = Path(unfinished)
        try:
            if not self._fetch(key, file):
                return None
            size = file.stat().st_size
            file.replace(path)
            return size
        finally:
            file.unlink(missing_ok=True)

    def _open(self, name: str) -> Opened | None:
        if name not in self._sizes:
            return None
        try:
            file = (self._folder / name).open("rb")
        except FileNotFoundError:
            self._bytes -= self._sizes.pop(name)
            return None
        self._sizes.move_to_end(name)
        return Opened(file, os.fstat(file.fileno()).st_size)

    def _keep(self, name: str, size: int) -> None:
        self._bytes += size - self._sizes.pop(name, 0)
        self._sizes[name] = size
        # The newest stays, even if it alone is larger than the limit.
        while self._bytes > self._largest_bytes and len(self._sizes) > 1:
            oldest, freed = self._sizes.popitem(last=False)
            self._bytes -= freed
            (self._folder / oldest).unlink(missing_ok=True)

    def _load(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        for file in self._folder.iterdir():
            if not _NAME.fullmatch(file.name):  # an unfinished file, or an earlier version's
                file.unlink(missing_ok=True)
        files = [
            (each.stat().st_mtime, each.name, each.stat().st_size)
            for each in self._folder.iterdir()
        ]
        for _, name, size in sorted(files):
            self._keep(name, size)


def _name(key: str) -> str:
    folder = "/".join(key.split("/")[:2])
    return f"{_folder_hash(folder)}-{hashlib.sha256(key.encode()).hexdigest()}"


def _folder_hash(folder: str) -> str:
    return hashlib.sha256(folder.encode()).hexdigest()[:16]


def of_bucket(folder: Path, client: Any, bucket: str) -> Path:
    """Return the folder; empty it first if its objects came from an earlier bucket of this name.

    A bucket never has two objects of one key, but a new emulator counts videos from 1 again.
    """
    created = _created(client, bucket)
    note = folder.with_name(f"{folder.name}.bucket")
    if not note.exists() or note.read_text(encoding="ascii") != created:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        note.write_text(created, encoding="ascii")
    return folder


def _created(client: Any, bucket: str) -> str:
    listed = client.list_buckets()["Buckets"]
    created: str = next(
        each["CreationDate"].isoformat() for each in listed if each["Name"] == bucket
    )
    return created
