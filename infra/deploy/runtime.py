"""Lambda's Python: version, platform, and byte code, as its folder of code is read-only."""

import subprocess
import sys
from pathlib import Path

# Lambda's Pythons on Amazon Linux 2023, whose glibc (2.34) the compiled wheels need.
LOWEST = (3, 12)
PLATFORM = "x86_64-manylinux_2_34"
# Where Lambda unpacks the zip.
_TASK_ROOT = "/var/task"


class WrongPython(RuntimeError):
    """A build by this Python would not run on AWS."""


def version() -> str:
    return ".".join(map(str, sys.version_info[:2]))


def require_lambda() -> None:
    """Raise `WrongPython` if AWS would not run the functions, even if an emulator would."""
    if sys.version_info[:2] < LOWEST:
        lowest = ".".join(map(str, LOWEST))
        raise WrongPython(
            f"On AWS the functions need Python {lowest} or newer, and this is {version()}: "
            "remove .venv and name another one, as in  make deploy PYTHON=python3.13"
        )


def compile_all(folder: Path, *, below: str = "") -> None:
    """Write byte code beside every module, valid whatever the times of the files are.

    `below` is the folder's path in the zip, for tracebacks.
    """
    # In its own process: modules that are imported here would change the bytes.
    subprocess.run(
        [
            *(sys.executable, "-I", "-m", "compileall", "-q"),
            *("--invalidation-mode", "unchecked-hash"),
            *("-s", str(folder), "-p", f"{_TASK_ROOT}/{below}"),
            str(folder),
        ],
        check=True,
    )
