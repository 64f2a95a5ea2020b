"""Lambda's restrictions for emulated functions; the emulator runs this text before its own.

A function imports only the standard library and its zip, and writes only to the temporary folder.
"""

import os
import sys
from typing import Any

_TASK_ROOT = "LAMBDA_TASK_ROOT"
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_CHANGES = frozenset(
    {"os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.symlink", "os.truncate"}
)


def refuse_to_write(event: str, arguments: tuple[Any, ...]) -> None:
    """Raise the error of a read-only file system; an audit hook."""
    writes = event in _CHANGES or (event == "open" and arguments[2] & _WRITING)
    if not writes or not isinstance(arguments[0], str | bytes | os.PathLike):
        return
    path = os.path.realpath(os.fsdecode(arguments[0]))
    chosen = os.path.realpath(os.environ.get("TMPDIR", "/tmp"))  # noqa: S108
    temporary = (chosen, "/tmp", os.devnull)  # noqa: S108
    if _is_below(path, os.path.realpath(os.environ[_TASK_ROOT])) or not any(
        _is_below(path, folder) for folder in temporary
    ):
        raise OSError(30, "Read-only file system, as in Lambda", path)


def _is_below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder + os.sep)


if __name__ == "__main__":
    if not sys.flags.isolated:
        # -S leaves out the packages of this interpreter, which are not Lambda's.
        os.execv(sys.executable, [sys.executable, "-I", "-S", *sys.argv])  # noqa: S606
    sys.addaudithook(refuse_to_write)
