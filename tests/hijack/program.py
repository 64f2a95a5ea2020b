"""What an attacker who has taken over FFmpeg tries. Prints the result of each attempt.

python program.py <targets as JSON> [attempt …]
"""

import contextlib
import ctypes
import errno
import fcntl
import json
import os
import platform
import resource
import signal
import socket
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

Targets = dict[str, Any]
_LIBC = ctypes.CDLL(None, use_errno=True)
_SEIZE = 0x4206
# Numbers on x86-64 and arm64. Arguments are nonsense: a call that is let through fails by them.
_CALLS = {
    "add_key": (248, 217),
    "bpf": (321, 280),
    "chroot": (161, 51),
    "clone3": (435, 435),
    "fanotify_init": (300, 262),
    "fsopen": (430, 430),
    "inotify_init1": (294, 26),
    "io_uring_setup": (425, 425),
    "keyctl": (250, 219),
    "landlock_create_ruleset": (444, 444),
    "memfd_create": (319, 279),
    "mount": (165, 40),
    "mq_open": (240, 180),
    "name_to_handle_at": (303, 264),
    "openat2": (437, 437),
    "perf_event_open": (298, 241),
    "pidfd_open": (434, 434),
    "process_madvise": (440, 440),
    "seccomp": (317, 277),
    "semget": (64, 190),
    "setns": (308, 268),
    "shmget": (29, 194),
    "splice": (275, 76),
    "unshare": (272, 97),
    "userfaultfd": (323, 282),
    "vmsplice": (278, 75),
}
_REFUSALS = (errno.EPERM, errno.EACCES, errno.ENOSYS)


def _see(path: str) -> None:
    Path(path).read_bytes()


def _listed(path: str) -> list[str]:
    return [each.name for each in Path(path).iterdir()]


def _write(path: str) -> None:
    Path(path).write_bytes(b"owned")


def _connect(family: int, kind: int, address: Any) -> None:
    with socket.socket(family, kind) as out:
        out.settimeout(3)
        out.connect(address)
        out.send(b"x")


def _checked(answer: int) -> None:
    if answer < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _fork() -> None:
    if os.fork() == 0:
        os._exit(0)


def _peek(pid: int) -> None:
    """Read another process's memory where there is none: a bad address is not a refusal."""
    here, there = (ctypes.c_size_t * 2)(0, 8), (ctypes.c_size_t * 2)(4096, 8)
    with contextlib.suppress(_BadAddress):
        _translated(_LIBC.process_vm_readv(pid, here, 1, there, 1, 0))


class _BadAddress(Exception):
    pass


def _translated(answer: int) -> None:
    if answer < 0 and ctypes.get_errno() == errno.EFAULT:
        raise _BadAddress
    _checked(answer)


def _call(name: str) -> None:
    number = _CALLS[name][platform.machine() == "aarch64"]
    answer = _LIBC.syscall(ctypes.c_long(number), *[ctypes.c_long(-1)] * 5)
    if answer < 0 and ctypes.get_errno() in _REFUSALS:
        _checked(answer)


def _send_signal_on_input(pid: int) -> None:
    reading, _ = os.pipe()
    fcntl.fcntl(reading, fcntl.F_SETOWN, pid)


def _open_descriptors() -> None:
    """Succeeds if there is any that it should not have."""
    open_files = {int(each) for each in _listed("/proc/self/fd")} - {0, 1, 2}
    if len(open_files) == 1:  # the one that listed them
        raise OSError(errno.ENOENT, "nothing is open")


def attempts(to: Targets) -> dict[str, Callable[[], object]]:
    worker, mine = to["worker"], Path.cwd()
    stream, datagram = socket.SOCK_STREAM, socket.SOCK_DGRAM
    return {
        # First of all, before it opens any itself.
        "inherit a file": _open_descriptors,
        "read the worker's environment": lambda: _see(f"/proc/{worker}/environ"),
        "read the worker's memory": lambda: _see(f"/proc/{worker}/maps"),
        "open the worker's memory": lambda: os.open(f"/proc/{worker}/mem", os.O_RDWR),
        "list the worker's files": lambda: _listed(f"/proc/{worker}/fd"),
        "read the worker's files": lambda: _see(f"/proc/{worker}/fd/{to['descriptor']}"),
        "read the worker's command": lambda: _see(f"/proc/{worker}/cmdline"),
        **{f"read {name}": partial(_see, path) for name, path in to["secrets"].items()},
        **{f"list {name}": partial(_listed, path) for name, path in to["folders"].items()},
        **{
            f"write into {name}": partial(_write, f"{path}/hijacked")
            for name, path in to["places"].items()
        },
        "change the source": lambda: _write(to["source"]),
        "empty the source": lambda: os.close(os.open(to["source"], os.O_RDONLY | os.O_TRUNC)),
        "empty it by name": lambda: os.truncate(to["source"], 0),
        "link to a secret": lambda: (mine / "link").symlink_to(to["a secret"]),
        "link a secret in": lambda: os.link(to["a secret"], mine / "hard"),
        "make a pipe for the worker to hang in": lambda: os.mkfifo(mine / "pipe"),
        "make a file that cannot be counted": lambda: os.open(mine, os.O_TMPFILE | os.O_RDWR),
        "remove what it made": lambda: Path("program.py").unlink(),
        "change who may do what": lambda: mine.chmod(0o777),
        "connect to a port": lambda: _connect(socket.AF_INET, stream, ("127.0.0.1", to["port"])),
        "send a datagram": lambda: _connect(socket.AF_INET, datagram, ("127.0.0.1", to["port"])),
        "connect by IPv6": lambda: _connect(socket.AF_INET6, stream, ("::1", to["port"])),
        "connect to a socket in a folder": lambda: _connect(socket.AF_UNIX, stream, to["socket"]),
        "connect to an abstract socket": lambda: _connect(
            socket.AF_UNIX, stream, "\0" + to["abstract"]
        ),
        "ask the kernel about the network": lambda: socket.socket(socket.AF_NETLINK, datagram, 0),
        "use the kernel's ciphers": lambda: socket.socket(38, 5, 0),
        # With it every address could be reached: another machine, or where Fargate hands out the
        # credentials of a task. It stays unused, for nothing shall really be sent.
        "have a socket for the internet": lambda: socket.socket(socket.AF_INET, stream).close(),
        "listen": lambda: socket.create_server(("127.0.0.1", 0)),
        "signal the worker": lambda: os.kill(worker, 0),
        "have the worker signalled": lambda: _send_signal_on_input(worker),
        "trace the worker": lambda: _checked(_LIBC.ptrace(_SEIZE, worker, 0, 0)),
        "peek into the worker": lambda: _peek(worker),
        "limit the worker": lambda: resource.prlimit(worker, resource.RLIMIT_NOFILE),
        "start a process": _fork,
        "start a program": lambda: os.posix_spawn("/bin/true", ["true"], {}),
        "leave its session": lambda: os.setpgid(0, 0),
        "outlive the worker": lambda: _checked(_LIBC.prctl(1, 0, 0, 0, 0)),
        "hide from the worker": lambda: _checked(_LIBC.prctl(4, 0, 0, 0, 0)),
        **{f"call {name}": lambda n=name: _call(n) for name in _CALLS},  # type: ignore[misc]
    }


def _outcome(attempt: Callable[[], object]) -> str:
    try:
        attempt()
    except OSError as error:
        return errno.errorcode.get(error.errno or 0, str(error))
    return "reached"


def main() -> None:
    signal.signal(signal.SIGSYS, signal.SIG_DFL)
    to = json.loads(sys.argv[1])
    for name, attempt in attempts(to).items():
        sys.stdout.write(f"{_outcome(attempt)}\t{name}\n")


if __name__ == "__main__":
    main()
