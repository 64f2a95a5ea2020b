"""Limits that the kernel does not enforce: total size of files, threads, and idle time."""

import os
import re
import time
from dataclasses import dataclass, field
from pathlib import Path

from chalicelib.encoding.failures import Reason

# FFmpeg starts threads for each of its steps, and for each processor.
_MOST_THREADS = 1024
_COUNT_EVERY_SECONDS = 1.0
_BLOCK_BYTES = 512
# Fields of /proc/<pid>/stat, counted from the one after the name.
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
    # Without using any CPU time, of which a busy machine may give little.
    most_idle_seconds: float
    # The kernel enforces this one; where it does not report CPU time, work and idle time together
    # may take the sum of both limits.
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
        """Return the first limit that is exceeded, or None."""
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
    """Return the number of threads; 0 where it cannot be read, as on macOS."""
    try:
        match = _THREADS.search(Path(f"/proc/{pid}/status").read_text(encoding="ascii"))
    except OSError:
        return 0
    return int(match[1]) if match else 0


def _ticks(pid: int) -> int | None:
    """Return the CPU time used, in ticks; None where it cannot be read."""
    try:
        # The name before it may hold any character.
        fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
    except OSError:
        return None
    return int(fields[_USER_TICKS]) + int(fields[_SYSTEM_TICKS])


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
                continue  # finished files are moved away meanwhile
    return size
