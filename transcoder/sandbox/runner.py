"""Run a program that reads untrusted bytes: confined, limited, and stoppable."""

import os
import re
import resource
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

from chalicelib.encoding.failures import Reason
from transcoder.errors import LimitReached, NotConfined, Stopped
from transcoder.ffmpeg.phases import WORKS
from transcoder.sandbox.confinement import FAILED, FAILURE
from transcoder.sandbox.consumption import Consumption
from transcoder.sandbox.link import Link, SourceServer

_CONFINEMENT = Path(__file__).with_name("confinement") / "__main__.py"
_LOOK_EVERY_SECONDS = 0.1
_MOST_LINES = 400
_LONGEST_LINE = 2000
# The kernel enforces a count of whole ticks and reports measured time: on a busy machine the two
# differ by far, and nothing else kills a program that used so much.
_CLOSE_ENOUGH = 0.5
_ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LC_ALL": "C.UTF-8",
    # Otherwise the C library reserves address space for each processor.
    "MALLOC_ARENA_MAX": "2",
}
# Messages of FFmpeg, its encoders and Python when an allocation fails; the last two concern stacks
# of threads. FFmpeg indents tags of the source, which may hold any text.
_NO_MEMORY = re.compile(
    r"(?!(?:\[info\] )?\s).*?(?:Cannot allocate memory|malloc of size \d+ failed|MemoryError"
    r"|bad_alloc|pthread_create\(\) failed|finished with error code: -11 )"
)


@dataclass(frozen=True, slots=True)
class Limits:
    cpu_seconds: int
    # Time without progress; waiting for a busy processor does not count.
    idle_seconds: float = 600
    # Address space; `sandbox.memory` computes it for each kind of program.
    memory_bytes: int = 1024**3
    # Size of each file, and of all that the program adds to its folder.
    file_bytes: int = 8 * 1024**3


@dataclass(frozen=True, slots=True)
class Finished:
    code: int
    # The last lines of both outputs.
    lines: tuple[str, ...]

    @property
    def is_good(self) -> bool:
        return self.code == 0


@dataclass(slots=True)
class _Output:
    """The output of a program, and why the program ended."""

    on_line: Callable[[str], None]
    limits: Limits
    lines: deque[str] = field(default_factory=lambda: deque(maxlen=_MOST_LINES))
    lacked_memory: bool = False

    def read_line(self, line: str) -> None:
        self.lines.append(line)
        if WORKS.match(line):
            # Earlier matches may be forged by tags.
            self.lacked_memory = False
        # Other threads may go on and write many more lines.
        self.lacked_memory = self.lacked_memory or bool(_NO_MEMORY.match(line))
        self.on_line(line)

    def judge(self, code: int, cpu_seconds: float) -> None:
        """Raise `LimitReached` if a limit ended it, `NotConfined` if it never started."""
        if code == -signal.SIGKILL and cpu_seconds > self.limits.cpu_seconds * _CLOSE_ENOUGH:
            raise LimitReached(f"more than {self.limits.cpu_seconds} s of the processor")
        if code == -signal.SIGXFSZ:
            raise LimitReached(f"more than {self.limits.file_bytes} bytes", Reason.TOO_MUCH_DISK)
        if code == FAILURE and self.lines and self.lines[-1].startswith(FAILED):
            raise NotConfined(self.lines[-1])
        if code and self.lacked_memory:
            amount = f"{self.limits.memory_bytes} bytes of memory"
            raise LimitReached(amount, Reason.TOO_MUCH_MEMORY)


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A private folder, and the event that ends programs in it."""

    folder: Path
    stop: threading.Event
    # The `nice` value of its programs.
    niceness: int = 0
    # Serves a source to its programs.
    server: SourceServer | None = None

    def serving(self, server: SourceServer | None) -> Self:
        return replace(self, server=server)

    def run(
        self,
        command: Sequence[str],
        *,
        limits: Limits,
        source: str | None = None,
        reads: Sequence[str] = (),
        on_line: Callable[[str], None] = lambda _: None,
    ) -> Finished:
        """Run to the end; raise `Stopped` or `LimitReached`."""
        running = self.running(command, limits=limits, source=source, reads=reads, on_line=on_line)
        with running as program:
            for _ in program:
                pass
        return program.finished

    @contextmanager
    def running(
        self,
        command: Sequence[str],
        *,
        limits: Limits,
        source: str | None = None,
        reads: Sequence[str] = (),
        on_line: Callable[[str], None] = lambda _: None,
    ) -> Iterator["Program"]:
        """Start a program that ends with the block at the latest, and leave no process behind.

        The program can read its folder, system libraries, the source (a path, or the URL of what is
        served), and the paths in `reads`. `on_line` is called for each line from a separate thread.
        """
        paths = [*reads, *([source] if source and "://" not in source else [])]
        output, used = _Output(on_line, limits), _cpu_seconds()
        with self._linked(source) as link:
            process = self._started(command, limits, link, paths)
            reading = threading.Thread(target=_read, args=(process, output.read_line), daemon=True)
            reading.start()
            try:
                yield Program(
                    process, self._consumption(process, limits), self.stop, reading, output, used
                )
            finally:
                _end(process)
                reading.join()
                if process.stdout:
                    process.stdout.close()

    @contextmanager
    def _linked(self, source: str | None) -> Iterator[Link]:
        if self.server is None or source != self.server.url:
            yield Link()
            return
        with self.server.link() as link:
            yield link

    def _started(
        self, command: Sequence[str], limits: Limits, link: Link, paths: Sequence[str]
    ) -> "subprocess.Popen[bytes]":
        numbers = (limits.cpu_seconds, limits.memory_bytes, limits.file_bytes, self.niceness)
        network = (link.reach, str(link.number))
        arguments = (*map(str, numbers), *network, str(self.folder), str(len(paths)), *paths)
        return subprocess.Popen(  # noqa: S603 - no shell, and the program is ours to choose
            [sys.executable, "-I", "-S", str(_CONFINEMENT), *arguments, *command],
            cwd=self.folder,
            # No credentials or addresses: the program may be hijacked.
            env={"TMPDIR": str(self.folder), **_ENVIRONMENT},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=link.descriptors,
        )

    def _consumption(self, process: "subprocess.Popen[bytes]", limits: Limits) -> Consumption:
        return Consumption(
            process.pid,
            self.folder,
            most_bytes=limits.file_bytes,
            most_idle_seconds=limits.idle_seconds,
            most_cpu_seconds=limits.cpu_seconds,
        )


@dataclass(slots=True)
class Program:
    """A program that runs in a sandbox; `finished` once its end was waited for."""

    process: "subprocess.Popen[bytes]"
    consumption: Consumption
    stop: threading.Event
    reading: threading.Thread
    output: _Output
    # CPU time of the programs before it.
    used_before: float
    finished: Finished = field(init=False)

    def __iter__(self) -> Iterator[None]:
        """Wait for its end, and yield about ten times a second meanwhile."""
        while not self._has_ended():
            if self.stop.is_set():
                raise Stopped
            self.consumption.require_moderate()
            yield
        self.reading.join()
        code = self.process.returncode
        self.output.judge(code, _cpu_seconds() - self.used_before)
        self.finished = Finished(code, tuple(self.output.lines))

    def _has_ended(self) -> bool:
        try:
            self.process.wait(_LOOK_EVERY_SECONDS)
        except subprocess.TimeoutExpired:
            return False
        return True


def _cpu_seconds() -> float:
    """CPU time of all child processes that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _read(process: "subprocess.Popen[bytes]", read_line: Callable[[str], None]) -> None:
    assert process.stdout is not None  # noqa: S101 - asked for above
    while raw := process.stdout.readline(_LONGEST_LINE):
        read_line(raw.decode(errors="replace").rstrip())


def _end(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
