"""Objects on disk: each is fetched once, however many ask for it, and the oldest make room.

What it is ordered to forget it has no copy of from then on, nor does a fetch that was under way
bring one back.
"""

import asyncio
import hashlib
import os
import re
import tempfile
from collections import Counter, OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from infra.local.edge.orders import OrderDesk, Orders

# Copies an object to a file; False if there is none.
Fetch = Callable[[str, Path], bool]

_UNFINISHED = ".part"
_FETCHES_AT_ONCE = 16
# The hash of the folder that a withdrawal is about, as `media/7`, and that of the key.
_NAME = re.compile(r"[0-9a-f]{16}-[0-9a-f]{64}")
_PATTERN = re.compile(r"/([^/*]+/[^/*]+)/\*")


@dataclass(frozen=True, slots=True)
class Opened:
    file: BinaryIO
    size: int


class DiskCache:
    def __init__(
        self, folder: Path, fetch: Fetch, *, largest_bytes: int, orders: Orders | None = None
    ) -> None:
        self._folder = folder
        self._fetch = fetch
        self._largest_bytes = largest_bytes
        self._orders = OrderDesk(orders) if orders else None
        # How often each folder was forgotten.
        self._forgotten: Counter[str] = Counter()
        # Of their own, so that who waits for the bucket holds nobody who reads what is here.
        self._fetchers = ThreadPoolExecutor(_FETCHES_AT_ONCE, "fetch")
        self._fetching: dict[str, asyncio.Task[bool]] = {}
        # Names and sizes, the one used last at the end.
        self._sizes: OrderedDict[str, int] = OrderedDict()
        self._bytes = 0
        self._take_stock()

    async def open(self, key: str) -> Opened | None:
        """Open an object, which stays readable even if it has to make room; None if missing."""
        if self._orders:
            await self._orders.catch_up(self.forget)
        name = _name(key)
        opened = self._open(name)
        if opened is None and await self._fetched(key, name):
            opened = self._open(name)
        return opened

    def forget(self, pattern: str) -> None:
        """Drop all copies of what a path such as `/media/7/*` covers, or all there are."""
        found = _PATTERN.fullmatch(pattern)
        start = _folder_hash(found[1]) if found else ""
        self._forgotten[start] += 1
        for name in [each for each in self._sizes if each.startswith(start)]:
            self._bytes -= self._sizes.pop(name)
            (self._folder / name).unlink(missing_ok=True)

    async def _fetched(self, key: str, name: str) -> bool:
        fetching = self._fetching.get(name)
        if fetching is None:
            fetching = asyncio.create_task(self._bring(key, name))
            self._fetching[name] = fetching
            fetching.add_done_callback(lambda _: self._fetching.pop(name))
        # Who leaves must not take it away from the others.
        return await asyncio.shield(fetching)

    async def _bring(self, key: str, name: str) -> bool:
        loop = asyncio.get_running_loop()
        while True:
            before = self._times_forgotten(name)
            size = await loop.run_in_executor(self._fetchers, self._copy, key, self._folder / name)
            if size is None:
                return False
            if self._times_forgotten(name) == before:
                self._keep(name, size)
                return True
            (self._folder / name).unlink(missing_ok=True)

    def _times_forgotten(self, name: str) -> int:
        return self._forgotten[""] + self._forgotten[name.partition("-")[0]]

    def _copy(self, key: str, path: Path) -> int | None:
        """Fetch the object whole, or not at all, and return its size."""
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
        # The newest stays, even if it is larger than everything together may be.
        while self._bytes > self._largest_bytes and len(self._sizes) > 1:
            oldest, freed = self._sizes.popitem(last=False)
            self._bytes -= freed
            (self._folder / oldest).unlink(missing_ok=True)

    def _take_stock(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        for file in self._folder.iterdir():
            if not _NAME.fullmatch(file.name):  # half a file, or of an earlier version
                file.unlink(missing_ok=True)
        found = [
            (each.stat().st_mtime, each.name, each.stat().st_size)
            for each in self._folder.iterdir()
        ]
        for _, name, size in sorted(found):
            self._keep(name, size)


def _name(key: str) -> str:
    folder = "/".join(key.split("/")[:2])
    return f"{_folder_hash(folder)}-{hashlib.sha256(key.encode()).hexdigest()}"


def _folder_hash(folder: str) -> str:
    return hashlib.sha256(folder.encode()).hexdigest()[:16]
