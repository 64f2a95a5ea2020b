"""A worker with a secret, whose FFmpeg is taken over.

python worker.py <the hijacker's program> <targets as JSON> <"confined" or "free"> [missing call …]
"""

import errno
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from transcoder.sandbox.confinement import bpf, kernel, seccomp, syscalls
from transcoder.sandbox.runner import Limits, Sandbox

LIMITS = Limits(idle_seconds=60, cpu_seconds=30)


def take_away(number: int) -> None:
    """Make this kernel one that does not know a system call."""
    program = [
        *bpf.begin(seccomp._ARCHITECTURES[kernel.MACHINE]),
        *bpf.for_call(number, [bpf.give(bpf.answer(errno.ENOSYS))]),
        bpf.give(bpf.ALLOW),
    ]
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    seccomp._install(program, 0)


def main(program: str, targets_json: str, how: str, *missing: str) -> None:
    for name in missing:
        take_away({"landlock": 444, **syscalls.NUMBERS[kernel.MACHINE]}[name])
    targets = json.loads(targets_json)
    descriptor = os.open(targets["a secret"], os.O_RDONLY)
    os.set_inheritable(descriptor, True)
    is_confined = how == "confined"
    targets |= {"worker": os.getpid(), "descriptor": descriptor}
    command = [sys.executable, program, json.dumps(targets)]
    folder = Path(program).parent
    if is_confined:
        kernel.hide_memory()
        sandbox = Sandbox(folder, threading.Event())
        reads = (sys.prefix, sys.base_prefix)
        finished = sandbox.run(command, limits=LIMITS, source=targets["source"], reads=reads)
        sys.stdout.write("\n".join(finished.lines))
    else:
        subprocess.run(command, cwd=folder, check=True, close_fds=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
