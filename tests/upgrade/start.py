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
_PROGRAM = ChildProgram.__name__


def by_our_clock(*, environment: dict[str, str], **options: Any) -> ChildProgram:
    return ChildProgram(environment={**environment, **_MOVED}, **options)


if __name__ == "__main__":
    # It passes on nothing of its own environment.
    names = vars(emulator)
    assert names[_PROGRAM] is ChildProgram
    names[_PROGRAM] = by_our_clock
    start(time.monotonic())
