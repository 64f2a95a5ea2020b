"""The filter of system calls says the same on each architecture; what is missing is said."""

import errno
from collections.abc import Sequence

import pytest

from transcoder.sandbox.confinement import bpf, enforcement, kernel, landlock, seccomp
from transcoder.sandbox.confinement.syscalls import HARMLESS, NUMBERS, OF_CONNECTIONS

PID = 4711
MACHINES = sorted(NUMBERS)
# Of more than a page of numbers; those that we name, and those that we do not.
ALL_NUMBERS = range(600)


def judged(
    machine: str, reach: str, number: int, arguments: Sequence[int] = (), *, there: str = ""
) -> int:
    """Return what the filter answers, as the kernel's machine would work it out."""
    program = seccomp.program_for(machine, reach, PID)
    words = {0: number, 4: seccomp._ARCHITECTURES[there or machine]}
    for position, argument in enumerate([*arguments, 0, 0, 0, 0, 0, 0][:6]):
        words |= {16 + 8 * position: argument & 0xFFFFFFFF, 20 + 8 * position: argument >> 32}
    value, at = 0, 0
    while True:
        code, if_true, if_false, operand = program[at]
        at += 1
        match code:
            case 0x20:
                value = words[operand]
            case 0x54:
                value &= operand
            case 0x15:
                at += if_true if value == operand else if_false
            case 0x35:
                at += if_true if value >= operand else if_false
            case 0x06:
                return operand


def says(machine: str, name: str, *arguments: int, reach: str = seccomp.NOTHING) -> int:
    return judged(machine, reach, NUMBERS[machine][name], arguments)


REFUSED = bpf.answer(errno.EACCES)


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("reach", [seccomp.NOTHING, seccomp.SUPERVISED, seccomp.LOOPBACK])
def test_what_is_not_named_is_unknown(machine: str, reach: str) -> None:
    named = {NUMBERS[machine][name] for name in NUMBERS[machine]}
    for number in set(ALL_NUMBERS) - named:
        assert judged(machine, reach, number) == bpf.answer(errno.ENOSYS)
    # x32, which is another way to call the same kernel.
    assert judged(machine, reach, 0x40000000) == bpf.answer(errno.ENOSYS)


@pytest.mark.parametrize("machine", MACHINES)
def test_what_does_no_harm_is_allowed(machine: str) -> None:
    for name in set(HARMLESS) & set(NUMBERS[machine]):
        assert says(machine, name) == bpf.ALLOW
    for name in OF_CONNECTIONS:
        assert says(machine, name) == bpf.answer(errno.ENOSYS)
        assert says(machine, name, reach=seccomp.SUPERVISED) == bpf.ALLOW


def test_calls_of_another_architecture_are_the_end() -> None:
    assert judged("x86_64", seccomp.NOTHING, 0, there="aarch64") == bpf.KILL_PROCESS
    assert judged("aarch64", seccomp.NOTHING, 63, there="x86_64") == bpf.KILL_PROCESS


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("clone", (0x3D0F00,), (0x1200011,)),
        ("clone", (0x10000,), (0x10000 | 0x10000000,)),
        ("kill", (PID, 9), (1, 9)),
        ("kill", (PID, 0), (2**32 - 1, 0)),
        ("tgkill", (PID, 3, 6), (PID + 1, 3, 6)),
        ("prlimit64", (0, 7), (1, 7)),
        ("prctl", (15,), (1,)),
        ("prctl", (15,), (22,)),
        ("ioctl", (0, 0x5401), (0, 0x5412)),
        ("fcntl", (0, 4), (0, 8)),
        ("openat", (0, 0, 0o1101), (0, 0, 0o20200002)),
        ("openat", (0, 0, 0o2000000), (0, 0, 0o1000)),
    ],
)
def test_some_calls_depend_on_what_is_asked(
    machine: str, name: str, good: tuple[int, ...], bad: tuple[int, ...]
) -> None:
    assert says(machine, name, *good) == bpf.ALLOW
    assert says(machine, name, *bad) == REFUSED


@pytest.mark.parametrize("machine", MACHINES)
def test_without_a_source_there_are_no_sockets(machine: str) -> None:
    for name in ("socket", "connect", "setsockopt"):
        assert says(machine, name, 2, 1) == REFUSED


@pytest.mark.parametrize("machine", MACHINES)
def test_a_supervised_program_may_only_ask_for_a_connection(machine: str) -> None:
    def socket(family: int, kind: int) -> int:
        return says(machine, "socket", family, kind, reach=seccomp.SUPERVISED)

    assert socket(2, 1 | 0o2004000) == bpf.ALLOW
    assert {socket(2, 2), socket(2, 3), socket(10, 1), socket(1, 1), socket(16, 3)} == {REFUSED}
    # Both are made already: it gets that answer, and the kernel does nothing.
    for name in ("connect", "setsockopt"):
        assert says(machine, name, reach=seccomp.SUPERVISED) == bpf.answer(0)
        assert says(machine, name, reach=seccomp.LOOPBACK) == bpf.ALLOW


@pytest.mark.parametrize(
    ("is_linux", "version", "filters", "supervises", "expected"),
    [
        (True, 7, True, True, ()),
        (True, 0, True, True, (enforcement.NO_LANDLOCK,)),
        (True, 1, True, False, (enforcement.NO_SUPERVISION,)),
        (True, 0, False, False, (enforcement.NO_LANDLOCK, enforcement.NO_SECCOMP)),
        (False, 0, False, False, (enforcement.NOT_LINUX,)),
    ],
)
def test_what_cannot_be_enforced_here_is_said(
    monkeypatch: pytest.MonkeyPatch,
    is_linux: bool,
    version: int,
    filters: bool,
    supervises: bool,
    expected: tuple[str, ...],
) -> None:
    monkeypatch.setattr(kernel, "IS_LINUX", is_linux)
    monkeypatch.setattr(landlock, "version", lambda: version)
    monkeypatch.setattr(seccomp, "is_available", lambda: filters)
    monkeypatch.setattr(enforcement, "can_supervise", lambda: supervises)
    assert enforcement.missing() == expected
