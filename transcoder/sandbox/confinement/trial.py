"""Whether the kernel allows supervision, tried in a separate process."""

import subprocess
import sys
from functools import cache
from pathlib import Path

from transcoder.sandbox.confinement import seccomp

_CODE = str(Path(__file__).parents[3])
_PROGRAM = """
import sys
sys.path.insert(0, sys.argv[1])
from transcoder.sandbox.confinement import kernel, seccomp
kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
seccomp.supervise()
"""


@cache
def can_supervise() -> bool:
    """Whether the kernel allows it; not where the container itself is supervised."""
    if not seccomp.knows_supervision():
        return False
    tried = subprocess.run(  # noqa: S603 - ours
        [sys.executable, "-I", "-S", "-c", _PROGRAM, _CODE], capture_output=True, check=False
    )
    return tried.returncode == 0
