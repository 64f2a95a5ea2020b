"""What touches untrusted bytes is limited, knows no secret, and can be stopped at any moment."""

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest

from chalicelib.encoding.failures import Reason
from transcoder.errors import LimitReached, Stopped
from transcoder.sandbox import consumption
from transcoder.sandbox.runner import Limits, Sandbox

AUTOGROUP = Path("/proc/self/autogroup")
# What Python reads to start, which is no part of its folder.
PYTHON = (sys.prefix, sys.base_prefix)
PATIENT = Limits(cpu_seconds=10, idle_seconds=20)


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_a_program_runs_in_its_folder_and_its_lines_are_kept(sandbox: Sandbox) -> None:
    heard: list[str] = []
    code = "import os, sys; print(os.getcwd()); print('wrong', file=sys.stderr); sys.exit(3)"
    finished = sandbox.run(python(code), reads=PYTHON, limits=PATIENT, on_line=heard.append)
    assert finished.code == 3
    assert not finished.is_good
    assert set(finished.lines) == {str(sandbox.folder), "wrong"} == set(heard)


def test_a_program_ends_with_the_block_that_waits_for_it(sandbox: Sandbox) -> None:
    command = python("import time; time.sleep(5)")
    with sandbox.running(command, reads=PYTHON, limits=PATIENT) as left_early:
        for _ in left_early:
            break
    with (
        suppress(ZeroDivisionError),
        sandbox.running(command, reads=PYTHON, limits=PATIENT) as broken,
    ):
        for _ in broken:
            raise ZeroDivisionError
    assert {left_early.process.returncode, broken.process.returncode} == {-signal.SIGKILL}


def test_it_inherits_no_setting_of_ours(sandbox: Sandbox) -> None:
    os.environ["SECRET_OF_OURS"] = "hush"
    finished = sandbox.run(
        python("import os; print(sorted(os.environ))"), reads=PYTHON, limits=PATIENT
    )
    assert finished.is_good
    assert "SECRET" not in finished.lines[0]
    assert "AWS" not in finished.lines[0]


def test_a_flood_of_output_is_cut(sandbox: Sandbox) -> None:
    code = "print('x' * 3_000_000); [print(n) for n in range(2000)]"
    finished = sandbox.run(python(code), reads=PYTHON, limits=PATIENT)
    assert finished.lines[-1] == "1999"
    assert sum(map(len, finished.lines)) < 1_000_000


def test_doing_nothing_for_long_is_the_end_of_it(sandbox: Sandbox) -> None:
    limits = Limits(cpu_seconds=10, idle_seconds=1)
    started = time.monotonic()
    with pytest.raises(LimitReached, match="1 s without work"):
        sandbox.run(python("import time; time.sleep(30)"), reads=PYTHON, limits=limits)
    assert time.monotonic() - started < 15


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells how much a program worked")
def test_who_works_on_however_slowly_has_time(sandbox: Sandbox) -> None:
    code = """
import time
for _ in range(12):
    until = time.process_time() + 0.03
    while time.process_time() < until: pass
    time.sleep(0.25)
"""
    limits = Limits(cpu_seconds=10, idle_seconds=1.5)
    started = time.monotonic()
    assert sandbox.run(python(code), reads=PYTHON, limits=limits).is_good
    assert time.monotonic() - started > limits.idle_seconds


def test_too_much_work_is_the_end_of_it(sandbox: Sandbox) -> None:
    with pytest.raises(LimitReached):
        sandbox.run(python("while True: pass"), reads=PYTHON, limits=Limits(1))


def test_a_program_that_is_killed_from_outside_hit_no_limit(sandbox: Sandbox) -> None:
    code = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    assert sandbox.run(python(code), reads=PYTHON, limits=PATIENT).code == -signal.SIGKILL


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps a limit on memory")
def test_too_much_memory_is_refused(sandbox: Sandbox) -> None:
    limits = Limits(10, memory_bytes=256 * 1024**2)
    with pytest.raises(LimitReached, match="bytes of memory") as reached:
        sandbox.run(python("bytearray(512 * 1024 ** 2)"), reads=PYTHON, limits=limits)
    assert reached.value.reason is Reason.TOO_MUCH_MEMORY


def test_what_was_said_of_memory_is_heard_whatever_is_said_later(sandbox: Sandbox) -> None:
    code = (
        "print('x264 [error]: malloc of size 552384 failed'); [print(n) for n in range(999)]; 1/0"
    )
    with pytest.raises(LimitReached, match="bytes of memory"):
        sandbox.run(python(code), reads=PYTHON, limits=PATIENT)


@pytest.mark.parametrize(
    "lines",
    [
        ["[info]     title           : bad_alloc", "                    : Cannot allocate memory"],
        ["bad_alloc", "[info] Stream mapping:"],
    ],
)
def test_what_the_tags_of_a_source_say_of_memory_is_no_want_of_it(
    sandbox: Sandbox, lines: list[str]
) -> None:
    code = f"[print(line) for line in {lines}]; raise SystemExit(1)"
    assert sandbox.run(python(code), reads=PYTHON, limits=PATIENT).code == 1


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps a limit on memory")
def test_a_program_may_use_its_share_whatever_the_number_of_processors(
    sandbox: Sandbox,
) -> None:
    code = """
import threading
held = [threading.Thread(target=lambda: bytearray(4 * 1024 ** 2)) for _ in range(16)]
[each.start() for each in held]
[each.join() for each in held]
"""
    limits = Limits(10, memory_bytes=512 * 1024**2)
    assert sandbox.run(python(code), reads=PYTHON, limits=limits).is_good


@pytest.mark.parametrize("seconds", [0.2, 30])
def test_without_a_measure_of_work_the_work_of_the_plan_has_its_time(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    monkeypatch.setattr(consumption, "_ticks", lambda _: None)
    limits = Limits(cpu_seconds=2, idle_seconds=0.1)
    code = f"import time; time.sleep({seconds} + 0.5)"
    if seconds < limits.cpu_seconds:
        assert sandbox.run(python(code), reads=PYTHON, limits=limits).is_good
    else:
        with pytest.raises(LimitReached, match="2 s without work"):
            sandbox.run(python(code), reads=PYTHON, limits=limits)


def test_too_large_a_file_is_refused(sandbox: Sandbox) -> None:
    limits = Limits(10, file_bytes=1000)
    # The kernel ends the write; the worker, which counts as well, may be first.
    with suppress(LimitReached):
        sandbox.run(python("open('big', 'wb').write(bytes(5000))"), reads=PYTHON, limits=limits)
    assert (sandbox.folder / "big").stat().st_size <= 1000


@pytest.mark.parametrize("niceness", [0, 5])
def test_what_can_wait_leaves_the_processor_to_others(tmp_path: Path, niceness: int) -> None:
    sandbox = Sandbox(tmp_path, threading.Event(), niceness=niceness)
    code = "import os; print(os.getpriority(os.PRIO_PROCESS, 0))"
    finished = sandbox.run(python(code), reads=PYTHON, limits=PATIENT)
    # The tests may run at a niceness of their own.
    assert finished.lines == (str(os.nice(0) + niceness),)


@pytest.mark.skipif(
    not AUTOGROUP.exists() or os.geteuid() != 0,
    reason="the kernel does not share by session, or lets only root change that at any moment",
)
def test_it_does_so_where_the_processor_is_shared_by_session(tmp_path: Path) -> None:
    sandbox = Sandbox(tmp_path, threading.Event(), niceness=19)
    finished = sandbox.run(["/bin/cat", str(AUTOGROUP)], reads=PYTHON, limits=PATIENT)
    assert finished.lines[0].endswith("nice 19")


def test_a_stop_ends_the_program_and_what_it_started(sandbox: Sandbox) -> None:
    code = """
import os, subprocess, time
try:
    pid = subprocess.Popen(["sleep", "30"]).pid
except OSError:
    pid = os.getpid()  # Linux lets it start none
print(pid, flush=True)
time.sleep(30)
"""
    pids: list[int] = []

    def heard(line: str) -> None:
        pids.append(int(line))
        sandbox.stop.set()

    with pytest.raises(Stopped):
        sandbox.run(python(code), reads=PYTHON, limits=PATIENT, on_line=heard)
    wait_until(lambda: not is_alive(pids[0]))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of a parent's death")
def test_a_killed_worker_takes_its_program_with_it(tmp_path: Path) -> None:
    code = f"""
import threading
from pathlib import Path
from transcoder.sandbox.runner import Limits, Sandbox
Sandbox(Path({str(tmp_path)!r}), threading.Event()).run(
    ["/bin/sh", "-c", "echo $$ > pid; while :; do :; done"], limits=Limits(30, 30))
"""
    worker = subprocess.Popen(python(code))
    file = tmp_path / "pid"
    wait_until(lambda: file.exists() and file.read_text().strip() != "")
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    wait_until(lambda: not is_alive(int(file.read_text())))


def wait_until(condition: object) -> None:
    assert callable(condition)
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
