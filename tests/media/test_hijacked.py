"""An FFmpeg that is taken over has no secret, no file of others, no network, no other process."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.hijack.scene import ENVIRONMENT, WORKER, scene
from transcoder.errors import LimitReached
from transcoder.sandbox.confinement import enforcement, kernel, landlock, seccomp
from transcoder.sandbox.runner import Finished, Limits, Sandbox

ROOT = Path(__file__).parents[2]
UNPRIVILEGED = 65534
# What this machine may forbid to everybody, or does not have.
NOT_EVERYWHERE = ("trace the worker", "peek into the worker", "connect by IPv6", "use the kernel's")

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason=enforcement.NOT_LINUX)
needs_landlock = pytest.mark.skipif(not landlock.version(), reason=enforcement.NO_LANDLOCK)
needs_seccomp = pytest.mark.skipif(not seccomp.is_available(), reason=enforcement.NO_SECCOMP)


@cache
def _python(user: int) -> str:
    """A Python that this user can start: ours may lie in another user's home."""
    for candidate in (sys.executable, "/usr/bin/python3", "/usr/local/bin/python3"):
        asked = [candidate, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]
        try:
            if subprocess.run(asked, user=user, check=False, cwd="/").returncode == 0:
                return candidate
        except OSError:
            continue
    pytest.skip("no Python for other users")


@pytest.fixture(params=["as root", "unprivileged"])
def user(request: pytest.FixtureRequest) -> int:
    if os.geteuid() == 0:
        return 0 if request.param == "as root" else UNPRIVILEGED
    if request.param == "as root":
        pytest.skip("we are not root")
    return os.geteuid()


@pytest.fixture
def targets(user: int, socket_enabled: None) -> Iterator[dict[str, Any]]:  # noqa: ARG001
    with tempfile.TemporaryDirectory(prefix="hijack-") as folder, scene(Path(folder)) as made:
        for path in (Path(folder), *Path(folder).rglob("*")):
            os.chown(path, user, user)
        yield made


def outcomes(targets: Mapping[str, Any], user: int, how: str, *missing: str) -> dict[str, str]:
    program, targets_json = targets["program"], json.dumps(targets)
    worker = subprocess.run(
        [_python(user), str(WORKER), program, targets_json, how, *missing],
        env=ENVIRONMENT,
        cwd="/",
        user=user,
        group=user,
        extra_groups=[],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=60,
    )
    lines = [line.partition("\t") for line in worker.stdout.splitlines()]
    return {name: outcome for outcome, _, name in lines}


@needs_landlock
@needs_seccomp
def test_nothing_that_a_hijacker_tries_comes_to_anything(
    targets: Mapping[str, Any], user: int
) -> None:
    tried = outcomes(targets, user, "confined")
    assert len(tried) > 70
    assert reached(tried) == set()
    assert Path(targets["source"]).read_text() == "a film"


def test_without_the_sandbox_each_attempt_would_succeed(
    targets: Mapping[str, Any], user: int
) -> None:
    """Or the test before would show nothing."""
    tried = outcomes(targets, user, "free")
    failed = {
        name: outcome
        for name, outcome in tried.items()
        if outcome != "reached" and not name.startswith(("call ", *NOT_EVERYWHERE))
    }
    assert failed == {}


def reached(tried: Mapping[str, str]) -> set[str]:
    return {name for name, outcome in tried.items() if outcome == "reached"}


@needs_seccomp
def test_without_landlock_there_are_still_no_secrets_no_network_and_no_processes(
    targets: Mapping[str, Any], user: int
) -> None:
    tried = outcomes(targets, user, "confined", "landlock")
    # Files of the same user, and what everybody may know of a process.
    of_files = ("read ", "list ", "write into ", "change the source")
    rest = {name for name in reached(tried) if not name.startswith(of_files)}
    assert rest == set()
    assert not [name for name in reached(tried) if name.startswith("read the worker's") and
                name not in ("read the worker's command", "read the worker's folder")]  # fmt: skip
    # Root owns folders that it alone may read: it sees the numbers of files, and opens none.
    assert user == 0 or "list the worker's files" not in reached(tried)
    assert "read another user's home" in reached(tried)


@needs_landlock
def test_without_seccomp_there_are_still_no_secrets_and_no_files(
    targets: Mapping[str, Any], user: int
) -> None:
    tried = outcomes(targets, user, "confined", "seccomp")
    of_files = ("read ", "list ", "write into ", "change the source", "link to", "open the worker")
    assert {name for name in reached(tried) if name.startswith(of_files)} == set()
    assert tried["peek into the worker"] != "reached"
    if landlock.version() >= 4:
        assert tried["connect to a port"] == "EACCES"
    if landlock.version() >= 6:
        assert tried["signal the worker"] == tried["connect to an abstract socket"] == "EPERM"


def taken_over(sandbox: Sandbox, code: str, limits: Limits) -> Finished:
    reads = (sys.prefix, sys.base_prefix)
    return sandbox.run([sys.executable, "-c", code], limits=limits, reads=reads)


def test_a_program_that_starts_threads_without_end_is_ended(sandbox: Sandbox) -> None:
    code = """
import threading, time
threading.stack_size(32768)
for number in range(100_000):
    threading.Thread(target=time.sleep, args=(60,)).start()
"""
    with pytest.raises(LimitReached, match="threads"):
        taken_over(sandbox, code, Limits(idle_seconds=50, cpu_seconds=40))


def test_a_program_that_fills_the_disk_with_small_files_is_ended(sandbox: Sandbox) -> None:
    code = """
import time
for number in range(1000):
    open(str(number), "wb").write(bytes(1_000_000))
    time.sleep(0.01)
time.sleep(60)
"""
    with pytest.raises(LimitReached, match="bytes of files"):
        taken_over(sandbox, code, Limits(50, 40, file_bytes=20_000_000))


def test_memory_cannot_be_had_outside_its_limit(sandbox: Sandbox) -> None:
    code = """
import mmap
mmap.mmap(-1, 300 * 1024**2, flags=mmap.MAP_SHARED | mmap.MAP_ANONYMOUS)
"""
    with pytest.raises(LimitReached, match="bytes of memory"):
        taken_over(sandbox, code, Limits(50, 40, memory_bytes=256 * 1024**2))


@needs_landlock
def test_only_the_program_itself_can_be_executed(sandbox: Sandbox) -> None:
    code = "import os; os.execv('/bin/sh', ['sh', '-c', 'echo taken over'])"
    finished = taken_over(sandbox, code, Limits(50, 40))
    assert "PermissionError" in finished.lines[-1]


@needs_seccomp
def test_the_calls_of_another_architecture_end_it(sandbox: Sandbox) -> None:
    if kernel.MACHINE != "x86_64":
        pytest.skip(f"a processor of {kernel.MACHINE} has one architecture")
    # int 0x80 is fork() with the numbers of 32 bits.
    code = """
import ctypes, mmap
page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
page.write(b"\\xb8\\x02\\x00\\x00\\x00\\xcd\\x80\\xc3")
ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()
print("reached")
"""
    finished = taken_over(sandbox, code, Limits(50, 40))
    assert finished.code == -signal.SIGSYS


def test_a_worker_hides_its_memory_before_it_does_anything_else() -> None:
    code = """
import ctypes
from transcoder import __main__, settings
def looked(*_):
    raise SystemExit(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))
settings.TranscoderSettings.from_environment = looked
__main__.main()
"""
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


@pytest.mark.skipif(not enforcement.can_supervise(), reason=enforcement.NO_SUPERVISION)
def test_in_a_container_that_is_itself_supervised_we_do_without_and_say_so() -> None:
    code = """
from transcoder.sandbox.confinement import enforcement, kernel, seccomp
kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
listener = seccomp.supervise()
assert enforcement.missing()[-1:] == (enforcement.NO_SUPERVISION,), enforcement.missing()
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False)
    assert done.returncode == 0
