"""`python -m transcoder.health`: whether the worker of this folder runs and reaches its queue."""

import socket
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from transcoder.sandbox.confinement import kernel
from transcoder.settings import TranscoderSettings

# Several times the interval between two touches, `WAIT_SECONDS` or `BEAT_SECONDS` of
# `transcoder/worker.py`, because one of them may fail.
FRESH_SECONDS = 90


@dataclass(frozen=True, slots=True)
class Pulse:
    """A file that a worker touches whenever queue and state machine have answered it."""

    file: Path

    @classmethod
    def of(cls, work_folder: Path) -> "Pulse":
        # Containers may share a folder; each has a name of its own.
        return cls(work_folder / f"pulse-{socket.gethostname()}")

    def beat(self) -> None:
        self.file.touch()

    def age_seconds(self) -> float | None:
        """Return the age of the last touch; None if there was none."""
        try:
            return time.time() - self.file.stat().st_mtime
        except FileNotFoundError:
            return None


def complaint(pulse: Pulse) -> str:
    """Return what is wrong, or an empty text."""
    age = pulse.age_seconds()
    if age is None:
        return "no sign of life yet"
    return f"no sign of life for {age:.0f} s" if age > FRESH_SECONDS else ""


if __name__ == "__main__":
    # Its environment holds the same secrets as that of the worker.
    kernel.hide_memory()
    sys.exit(complaint(Pulse.of(TranscoderSettings.from_environment().work_folder)) or None)
