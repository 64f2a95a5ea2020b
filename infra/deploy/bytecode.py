"""Compile ahead what a function could never keep: its folder is read-only."""

import subprocess
import sys
from pathlib import Path

# Where Lambda unpacks the zip.
_TASK_ROOT = "/var/task"


def compile_all(folder: Path, *, below: str = "") -> None:
    """Lay byte code beside every module; it is taken as it is, whatever the times of files say.

    In tracebacks the folder is `below` of where Lambda unpacks the zip.
    """
    # In a process of its own, for what this one has imported changes the bytes.
    subprocess.run(
        [
            *(sys.executable, "-I", "-m", "compileall", "-q"),
            *("--invalidation-mode", "unchecked-hash"),
            *("-s", str(folder), "-p", f"{_TASK_ROOT}/{below}"),
            str(folder),
        ],
        check=True,
    )
