"""What the sandbox can enforce on this machine; a worker logs what is missing when it starts."""

import subprocess
import sys
from functools import cache
from pathlib import Path

from transcoder.sandbox.confinement import kernel, landlock, seccomp

NOT_LINUX = (
    "This is not Linux: programs that read videos are limited in time and in the size of files,"
    " but can open files of this user and connect to the network."
)
NO_LANDLOCK = (
    "Landlock is missing (Linux 5.13, and a container that lets it through): programs that read"
    " videos can open files of this user outside their folder."
)
NO_SECCOMP = (
    "Seccomp is missing: programs that read videos can connect to the network and start others."
)
NO_SUPERVISION = (
    "Sockets cannot be supervised (Linux 5.9, and not in every container): programs that read a"
    " video from S3 can open connections."
)
_PROGRAM = """
import sys
sys.path.insert(0, sys.argv[1])
from transcoder.sandbox.confinement import kernel, seccomp
kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
seccomp.supervise()
"""


def missing() -> tuple[str, ...]:
    if not kernel.IS_LINUX:
        return (NOT_LINUX,)
    sentences = [] if landlock.version() else [NO_LANDLOCK]
    if not seccomp.is_available():
        sentences.append(NO_SECCOMP)
    elif not can_supervise():
        sentences.append(NO_SUPERVISION)
    return tuple(sentences)


_CODE = str(Path(__file__).parents[3])


@cache
def can_supervise() -> bool:
    """Whether the kernel allows it; not where the container itself is supervised."""
    if not seccomp.knows_supervision():
        return False
    tried = subprocess.run(  # noqa: S603 - ours
        [sys.executable, "-I", "-S", "-c", _PROGRAM, _CODE], capture_output=True, check=False
    )
    return tried.returncode == 0
