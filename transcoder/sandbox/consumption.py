"""What a program takes that the kernel does not limit: files, threads, and time without work."""

import os
import re
import time
from dataclasses import dataclass, field
from pathlib import Path

from chalicelib.transcoding.model import Reason

# FFmpeg starts some for each of its steps, and for each processor.
_MOST_THREADS = 1024
_COUNT_EVERY_SECONDS = 1.0
_BLOCK_BYTES = 512
# Places in /proc/<pid>/stat, counted from behind the name.
_USER_TICKS, _SYSTEM_TICKS = 11, 12
_THREADS = re.compile(r"^Threads:\s*(\d+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Excess:
    amount: str
    reason: Reason


@dataclass(slots=True)
class Consumption:
    pid: int
    folder: Path
    most_bytes: int
    # Without having used the processor, which on a busy machine may be little.
    most_idle_seconds: float
    # Of the processor. The kernel keeps this limit; where it does not say how much was used, work
    # and idleness together may take as long as each alone.
    most_cpu_seconds: int
    _before: int = field(init=False)
    _due: float = field(init=False)
    _worked_at: float = field(init=False)
    _ticks: int | None = field(init=False)

    def __post_init__(self) -> None:
        self._before = _size(self.folder)
        self._worked_at = time.monotonic()
        self._due = self._worked_at + _COUNT_EVERY_SECONDS
        self._ticks = _ticks(self.pid)

    def excess(self) -> Excess | None:
        """Return what there is too much of; nothing if all is well."""
        if (threads := _threads(self.pid)) > _MOST_THREADS:
            return Excess(f"{threads} threads", Reason.TOO_MUCH_MEMORY)
        now = time.monotonic()
        if self._ticks != (ticks := _ticks(self.pid)):
            self._ticks, self._worked_at = ticks, now
        if now - self._worked_at > self._patience_seconds:
            return Excess(f"{self._patience_seconds:.0f} s without work", Reason.TOO_SLOW)
        if now < self._due:
            return None
        self._due = now + _COUNT_EVERY_SECONDS
        if (added := _size(self.folder) - self._before) > self.most_bytes:
            return Excess(f"{added} bytes of files", Reason.TOO_MUCH_DISK)
        return None

    @property
    def _patience_seconds(self) -> float:
        unknown = self._ticks is None
        return self.most_idle_seconds + (self.most_cpu_seconds if unknown else 0)


def _threads(pid: int) -> int:
    """Return how many there are; 0 where only the kernel knows, as on macOS."""
    try:
        found = _THREADS.search(Path(f"/proc/{pid}/status").read_text(encoding="ascii"))
    except OSError:
        return 0
    return int(found[1]) if found else 0


def _ticks(pid: int) -> int | None:
    """Return how much of the processor it has used; nothing where only the kernel knows."""
    try:
        # What stands before is its name, which may hold anything.
        told = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
    except OSError:
        return None
    return int(told[_USER_TICKS]) + int(told[_SYSTEM_TICKS])


def _size(folder: Path) -> int:
    size = 0
    with os.scandir(folder) as entries:
        for entry in entries:
            try:
                if entry.is_dir(follow_symlinks=False):
                    size += _size(Path(entry.path))
                else:
                    size += entry.stat(follow_symlinks=False).st_blocks * _BLOCK_BYTES
            except FileNotFoundError:
                continue  # finished pieces are moved away meanwhile
    return size
