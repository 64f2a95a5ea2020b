"""`make run` with the emulator's clock set back like that of everything else."""

import os
import time
from typing import Any

from infra.local import emulator
from infra.local.child_process import ChildProgram
from infra.local.start import start

_MOVED = {
    name: value for name, value in os.environ.items() if "FAKE" in name or name == "LD_PRELOAD"
}


def by_our_clock(*, environment: dict[str, str], **options: Any) -> ChildProgram:
    return ChildProgram(environment={**environment, **_MOVED}, **options)


if __name__ == "__main__":
    # It passes on nothing of its own environment.
    emulator.ChildProgram = by_our_clock  # type: ignore[assignment, misc]
    start(time.monotonic())
