"""Resource limits of a program, and privileges it drops before it starts."""

import ctypes
import os
import resource

from transcoder.sandbox.confinement import kernel

_CAPSET = {"x86_64": 126, "aarch64": 91}
_CAPABILITY_VERSION_3 = 0x20080522
_OPEN_FILES = 256
_SIGKILL = 9


def limit(*, cpu_seconds: int, memory_bytes: int, file_bytes: int) -> None:
    limits = [
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_FSIZE, file_bytes),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ]
    if kernel.IS_LINUX:  # macOS does not keep a limit on memory
        limits.append((resource.RLIMIT_AS, memory_bytes))
    for what, most in limits:
        hard = resource.getrlimit(what)[1]
        value = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (value, value))


def step_back(niceness: int) -> None:
    """Lower the priority of this process and its session."""
    os.nice(niceness)
    # With autogroups Linux shares between sessions first, and `nice` counts within one only.
    # `pathlib` would be one more import.
    try:
        with open("/proc/self/autogroup", "w", encoding="ascii") as file:  # noqa: PTH123
            file.write(str(niceness))
    except OSError:
        pass


def give_up_privileges() -> None:
    # A worker that is killed takes its programs with it.
    kernel.prctl(kernel.PR_SET_PDEATHSIG, _SIGKILL)
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    _drop_capabilities()


def _drop_capabilities() -> None:
    """Without capabilities, root is an ordinary user."""
    if kernel.MACHINE not in _CAPSET:
        return
    for capability in range(64):
        try:
            kernel.prctl(kernel.PR_CAPBSET_DROP, capability)
        except OSError:  # no more capabilities, or none may be dropped
            break
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    nothing = (ctypes.c_uint32 * 6)()
    kernel.call(_CAPSET[kernel.MACHINE], ctypes.byref(header), ctypes.byref(nothing))
