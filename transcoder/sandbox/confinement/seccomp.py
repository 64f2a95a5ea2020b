"""Seccomp: which system calls a program may make."""

import ctypes
import errno
import os
import sys

from transcoder.sandbox.confinement import bpf, kernel
from transcoder.sandbox.confinement.syscalls import HARMLESS, NUMBERS, OF_CONNECTIONS

_SET_MODE_FILTER = 1
# Without it, older kernels switch off speculation of the processor, which costs speed.
_SPEC_ALLOW = 1 << 2
_NEW_LISTENER = 1 << 3
# Since then a listener can pass an open connection to the program.
_ADDFD_SINCE = (5, 9)
_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}

_AF_INET, _SOCK_STREAM, _SOCK_KIND = 2, 1, 0xF
_CLONE_THREAD, _CLONE_NAMESPACES = 0x10000, 0x7E020000
_NAMES_OF_THREADS = (15, 16, 0x53564D41)  # PR_SET_NAME, PR_GET_NAME, PR_SET_VMA
# Terminal size; FIONBIO, FIONREAD, and the flags of a descriptor.
_IOCTLS = (0x5401, 0x5413, 0x5421, 0x541B, 0x5450, 0x5451)
# Descriptors and locks; neither the target of signals on input nor pipe sizes.
_FCNTLS = (0, 1, 2, 3, 4, 5, 6, 7, 1030)
# O_TMPFILE makes files that cannot be counted; O_TRUNC empties files opened for reading alone,
# which the first versions of Landlock do not see.
_OPEN_FLAGS = 0o20000000 | os.O_TRUNC | os.O_ACCMODE
_WAYS_TO_OPEN = (
    os.O_RDONLY,
    *(os.O_WRONLY, os.O_WRONLY | os.O_TRUNC),
    *(os.O_RDWR, os.O_RDWR | os.O_TRUNC),
)
_REFUSED = bpf.answer(errno.EACCES)
_DONE = bpf.answer(0)
# C libraries take it for an older kernel and use other calls.
_UNKNOWN = bpf.answer(errno.ENOSYS)

NOTHING, SUPERVISED, LOOPBACK = "nothing", "supervised", "loopback"


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("filter", ctypes.c_void_p))


def is_available() -> bool:
    return _understands(_SPEC_ALLOW)


def knows_supervision() -> bool:
    """Whether another process can answer the socket calls of a program."""
    if not _understands(_SPEC_ALLOW | _NEW_LISTENER):
        return False
    major, minor = os.uname().release.split(".")[:2]
    return (int(major), int("".join(filter(str.isdigit, minor[:2])))) >= _ADDFD_SINCE


def supervise() -> int:
    """Return a descriptor; the process that listens on it answers every call of socket()."""
    numbers = NUMBERS[kernel.MACHINE]
    program = [
        *bpf.begin(_ARCHITECTURES[kernel.MACHINE]),
        *bpf.for_call(numbers["socket"], [bpf.give(bpf.NOTIFY)]),
        bpf.give(bpf.ALLOW),
    ]
    return _install(program, _SPEC_ALLOW | _NEW_LISTENER)


def restrict(reach: str) -> None:
    _install(program_for(kernel.MACHINE, reach, os.getpid()), _SPEC_ALLOW)


def program_for(machine: str, reach: str, pid: int) -> bpf.Block:
    """Return the filter for a process, which stays in force after exec."""
    numbers = NUMBERS[machine]
    allowed = {*HARMLESS, *(OF_CONNECTIONS if reach != NOTHING else ())}
    program = bpf.begin(_ARCHITECTURES[machine])
    for name, block in {**_judged(pid), **_network(reach)}.items():
        if name in numbers:
            program += bpf.for_call(numbers[name], block)
    calls = [numbers[name] for name in allowed if name in numbers]
    return [*program, *bpf.only(calls, otherwise=_UNKNOWN)]


def _judged(pid: int) -> dict[str, bpf.Block]:
    """Rules for calls that are allowed with some arguments only."""

    def needs(position: int, *values: int, mask: int = 0xFFFFFFFF) -> bpf.Block:
        checked = bpf.argument_is(position, [*values], mask=mask, otherwise=_REFUSED)
        return [*checked, bpf.give(bpf.ALLOW)]

    return {
        "open": needs(1, *_WAYS_TO_OPEN, mask=_OPEN_FLAGS),
        "openat": needs(2, *_WAYS_TO_OPEN, mask=_OPEN_FLAGS),
        # Threads, but no processes.
        "clone": needs(0, _CLONE_THREAD, mask=_CLONE_THREAD | _CLONE_NAMESPACES),
        "kill": needs(0, pid),
        "tgkill": needs(0, pid),
        "prlimit64": needs(0, 0, pid),
        "prctl": needs(0, *_NAMES_OF_THREADS),
        "ioctl": needs(1, *_IOCTLS),
        "fcntl": needs(1, *_FCNTLS),
    }


def _network(reach: str) -> dict[str, bpf.Block]:
    if reach == NOTHING:
        return {name: [bpf.give(_REFUSED)] for name in ("socket", "connect", "setsockopt")}
    # Under supervision the descriptor from socket() is already connected.
    rest = bpf.ALLOW if reach == LOOPBACK else _DONE
    return {
        "socket": [
            *bpf.argument_is(0, [_AF_INET], otherwise=_REFUSED),
            *bpf.argument_is(1, [_SOCK_STREAM], mask=_SOCK_KIND, otherwise=_REFUSED),
            bpf.give(bpf.ALLOW),
        ],
        "connect": [bpf.give(rest)],
        "setsockopt": [bpf.give(rest)],
    }


def _understands(flags: int) -> bool:
    # The numbers of a 32-bit process on a 64-bit kernel are not in the table.
    is_known = kernel.MACHINE in NUMBERS and sys.maxsize > 2**32
    if not kernel.IS_LINUX or not is_known:
        return False
    try:
        kernel.call(NUMBERS[kernel.MACHINE]["seccomp"], _SET_MODE_FILTER, flags, None)
    except OSError as error:
        # The kernel checks the flags before the program, which is missing here.
        return error.errno == errno.EFAULT
    return False


def _install(program: bpf.Block, flags: int) -> int:
    packed = b"".join(
        code.to_bytes(2, "little") + bytes((if_true, if_false)) + operand.to_bytes(4, "little")
        for code, if_true, if_false, operand in program
    )
    text = ctypes.create_string_buffer(packed, len(packed))
    described = _Program(len(program), ctypes.addressof(text))
    number = NUMBERS[kernel.MACHINE]["seccomp"]
    return kernel.call(number, _SET_MODE_FILTER, flags, ctypes.byref(described))
