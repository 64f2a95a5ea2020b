"""Confine this process, then become the program that reads untrusted bytes.

python -I -S __main__.py <CPU seconds> <memory bytes> <file bytes> <niceness>
    <what it reaches> <descriptor or port> <its folder> <count of paths> paths … program arguments …
"""

import _socket
import os
import sys

if __name__ == "__main__":
    # Isolated mode leaves our code out of the path.
    sys.path.insert(0, __file__.rpartition("/transcoder/")[0])

from transcoder.sandbox.confinement import FAILED, FAILURE, kernel, landlock, limits, seccomp
from transcoder.sandbox.confinement.landlock import LIBRARIES, loader

_SHARED = (*LIBRARIES, "/dev/urandom", "/proc/self", "/sys/devices/system/cpu")


def confine(reach: str, number: int, *, folder: str, paths: list[str], program: str) -> None:
    known = landlock.version()
    if known:
        rules = landlock.Rules(known)
        for path in (*_SHARED, *paths):
            rules.read(path)
        for path in (program, loader(program)):
            rules.run(path)
        for path in (folder, os.devnull):
            rules.write(path)
        if reach == seccomp.LOOPBACK:
            rules.connect(number)
        rules.enforce()
    if reach == seccomp.SUPERVISED:
        _hand_over(seccomp.supervise(), number)
    if seccomp.is_available():
        seccomp.restrict(reach)


def _hand_over(listener: int, channel: int) -> None:
    connection = _socket.socket(fileno=channel)
    rights = (_socket.SOL_SOCKET, _socket.SCM_RIGHTS, listener.to_bytes(4, sys.byteorder))
    connection.sendmsg([b"\0"], [rights])
    # The listener itself is closed by exec.
    connection.close()


def main(arguments: list[str]) -> None:
    cpu, memory, file, niceness = map(int, arguments[:4])
    reach, number, folder, count = arguments[4:8]
    rest = arguments[8:]
    paths, command = rest[: int(count)], rest[int(count) :]
    try:
        limits.limit(cpu_seconds=cpu, memory_bytes=memory, file_bytes=file)
        if niceness:
            limits.step_back(niceness)
        if kernel.IS_LINUX:
            limits.give_up_privileges()
            confine(reach, int(number), folder=folder, paths=paths, program=command[0])
        os.execv(command[0], command)  # noqa: S606 - no shell is what we want
    except OSError as error:
        sys.stderr.write(f"{FAILED}{error}\n")
        sys.exit(FAILURE)


if __name__ == "__main__":
    main(sys.argv[1:])
