"""What a running program takes that the kernel limits only one by one: files and threads."""

import os
import re
import time
from dataclasses import dataclass, field
from pathlib import Path

# FFmpeg starts some for each of its steps, and for each processor.
_MOST_THREADS = 1024
_COUNT_EVERY_SECONDS = 1.0
_BLOCK_BYTES = 512
_THREADS = re.compile(r"^Threads:\s*(\d+)", re.MULTILINE)


@dataclass(slots=True)
class Consumption:
    pid: int
    folder: Path
    most_bytes: int
    _before: int = field(init=False)
    _due: float = field(init=False)

    def __post_init__(self) -> None:
        self._before = _size(self.folder)
        self._due = time.monotonic() + _COUNT_EVERY_SECONDS

    def excess(self) -> str:
        """Return what there is too much of; nothing if all is well."""
        if (threads := _threads(self.pid)) > _MOST_THREADS:
            return f"{threads} threads"
        if time.monotonic() < self._due:
            return ""
        self._due = time.monotonic() + _COUNT_EVERY_SECONDS
        added = _size(self.folder) - self._before
        return f"{added} bytes of files" if added > self.most_bytes else ""


def _threads(pid: int) -> int:
    """Return how many there are; 0 where only the kernel knows, as on macOS."""
    try:
        found = _THREADS.search(Path(f"/proc/{pid}/status").read_text(encoding="ascii"))
    except OSError:
        return 0
    return int(found[1]) if found else 0


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
