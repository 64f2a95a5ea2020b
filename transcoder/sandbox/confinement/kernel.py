"""Linux system calls without a function in Python."""

import ctypes
import os
import sys

IS_LINUX = sys.platform == "linux"
MACHINE = os.uname().machine
_LIBC = ctypes.CDLL(None, use_errno=True)

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_CAPBSET_DROP = 24
PR_SET_NO_NEW_PRIVS = 38


def call(number: int, *arguments: object) -> int:
    """Return what the kernel answers; raise `OSError`."""
    return _checked(_LIBC.syscall(_word(number), *map(_word, arguments)))


def prctl(option: int, *arguments: int) -> int:
    # The kernel refuses several options unless the rest is 0.
    filled = (*arguments, 0, 0, 0, 0)[:4]
    return _checked(_LIBC.prctl(option, *map(ctypes.c_ulong, filled)))


def hide_memory() -> None:
    """Let no process of the same user read this one's memory, environment or open files."""
    if IS_LINUX:
        prctl(PR_SET_DUMPABLE, 0)


def _word(value: object) -> object:
    # As a variadic argument, an int would lose its upper half.
    return ctypes.c_long(value) if isinstance(value, int) else value


def _checked(answer: int) -> int:
    if answer < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return answer
