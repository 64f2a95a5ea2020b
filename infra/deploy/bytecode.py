"""Compile modules before a deployment: in Lambda the folder of the code is read-only."""

import subprocess
import sys
from pathlib import Path

# Where Lambda unpacks the zip.
_TASK_ROOT = "/var/task"


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
