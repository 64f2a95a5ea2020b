"""Limits that the kernel does not enforce: total size of files, threads, and idle time."""

import os
import time
from dataclasses import dataclass, field
from pathlib import Path

from chalicelib.encoding.failures import Reason
from transcoder.errors import LimitReached

# FFmpeg starts threads for each of its steps, and for each processor.
_MOST_THREADS = 1024
_COUNT_EVERY_SECONDS = 1.0
_BLOCK_BYTES = 512
# Fields of /proc/<pid>/stat, counted from the one after the name.
_USER_TICKS, _SYSTEM_TICKS, _THREADS = 11, 12, 17


@dataclass(slots=True)
class Consumption:
    pid: int
    folder: Path
    most_bytes: int
    # Longest time without CPU time; a busy machine may give a program little of it.
    most_idle_seconds: float
    # The kernel enforces this one; where it does not report CPU time, work and idle time together
    # may take the sum of both limits.
    most_cpu_seconds: int
    _before: int = field(init=False)
    _counted_at: float = field(default_factory=time.monotonic)
    _worked_at: float = field(default_factory=time.monotonic)
    _ticks: int | None = None

    def __post_init__(self) -> None:
        self._before = _size(self.folder)

    def require_moderate(self) -> None:
        """Raise `LimitReached` for the first limit that is exceeded."""
        if (threads := _threads(self.pid)) > _MOST_THREADS:
            raise LimitReached(f"{threads} threads", Reason.TOO_MUCH_MEMORY)
        now = time.monotonic()
        if self._ticks != (ticks := _ticks(self.pid)):
            self._ticks, self._worked_at = ticks, now
        if now - self._worked_at > self._patience_seconds:
            raise LimitReached(f"{self._patience_seconds:.0f} s without work", Reason.TOO_SLOW)
        if now < self._counted_at + _COUNT_EVERY_SECONDS:
            return
        self._counted_at = now
        if (added := _size(self.folder) - self._before) > self.most_bytes:
            raise LimitReached(f"{added} bytes of files", Reason.TOO_MUCH_DISK)

    @property
    def _patience_seconds(self) -> float:
        unknown = self._ticks is None
        return self.most_idle_seconds + (self.most_cpu_seconds if unknown else 0)


def _threads(pid: int) -> int:
    """Return the number of threads; 0 where it cannot be read."""
    fields = _fields(pid)
    return int(fields[_THREADS]) if fields else 0


def _ticks(pid: int) -> int | None:
    """Return the CPU time used, in ticks; None where it cannot be read."""
    fields = _fields(pid)
    return int(fields[_USER_TICKS]) + int(fields[_SYSTEM_TICKS]) if fields else None


def _fields(pid: int) -> list[bytes]:
    """Return what the kernel reports of a process; nothing where it does not, as on macOS."""
    try:
        # The name before it may hold any character.
        return Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
    except OSError:
        return []


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
