"""Child processes of the supervisor, restarted when they end and replaced when code changes."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Self

from watchfiles import Change, DefaultFilter, awatch

from infra.local import lifeline
from infra.terminal import say

_PAUSE_SECONDS = 1.0
_LONGEST_PAUSE_SECONDS = 30.0
_CODE_FILE = "app.py"
_CODE_FOLDERS = ("chalicelib", "templates", "transcoder")


@dataclass(frozen=True, slots=True)
class Program:
    """How to start a module of Python, and how long it may take to end."""

    name: str
    arguments: Sequence[str]
    environment: Mapping[str, str]
    folder: Path
    descriptors: Sequence[int] = ()
    patience_seconds: float = 15

    @classmethod
    def server(
        cls,
        name: str,
        module: str,
        sockets: Sequence[socket.socket],
        environment: Mapping[str, str],
        folder: Path,
    ) -> Self:
        """Return a program that listens on sockets, whose numbers are its arguments."""
        numbers = [listener.fileno() for listener in sockets]
        return cls(name, (module, *map(str, numbers)), environment, folder, descriptors=numbers)

    async def start(self, output: IO[bytes] | None = None) -> "Child":
        ours, theirs = socket.socketpair()
        with theirs:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                *self.arguments,
                stdin=theirs.fileno(),
                stdout=output,
                stderr=output,
                env=self.environment,
                cwd=self.folder,
                pass_fds=self.descriptors,
                # Ctrl-C reaches all processes of a terminal; these are ended one after the other.
                start_new_session=True,
            )
        reader, writer = await asyncio.open_connection(sock=ours)
        return Child(self, process, reader, writer)


@dataclass(frozen=True, slots=True)
class Child:
    program: Program
    process: asyncio.subprocess.Process
    reader: asyncio.StreamReader
    # Unused, but closing it would end the lifeline.
    writer: asyncio.StreamWriter

    async def ready(self) -> bool:
        """Wait until the program says that it is ready; False if it ends before."""
        with contextlib.suppress(ConnectionError):
            return await self.reader.readline() == lifeline.READY
        return False

    async def refusal(self) -> str:
        """Wait for the end of the program; return its refusal, "" if there is none."""
        with contextlib.suppress(ConnectionError):
            return (await self.reader.read()).decode()
        return ""

    async def ended(self) -> int:
        return await self.process.wait()

    async def stop(self) -> None:
        """Terminate the program; kill it if that takes too long."""
        self._signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(self.process.wait(), self.program.patience_seconds)
        except TimeoutError:
            self._signal(signal.SIGKILL)
            await self.process.wait()
        self.writer.close()

    def _signal(self, number: signal.Signals) -> None:
        if self.process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)


class Service:
    def __init__(self, program: Program) -> None:
        self._program = program
        self._current: Child | None = None
        self._replacing = asyncio.Lock()
        self._watch: asyncio.Task[None] | None = None

    async def replace(self) -> bool:
        """Start a fresh program, then end the one before; False if the fresh one does not start.

        Both run for a moment, so that no request waits or is refused.
        """
        async with self._replacing:
            fresh = await self._program.start()
            is_ready = False
            try:
                is_ready = await fresh.ready()
            finally:
                if not is_ready:
                    await fresh.stop()
            if is_ready:
                await self._end_current()
                self._current = fresh
                self._watch = asyncio.create_task(self._revive(fresh))
            return is_ready

    async def stop(self) -> None:
        if self._watch:
            self._watch.cancel()
        async with self._replacing:
            await self._end_current()

    async def _end_current(self) -> None:
        ending, self._current = self._current, None
        if ending:
            await ending.stop()

    async def _revive(self, child: Child) -> None:
        """Restart the program if it ends by itself, with a back-off."""
        code = await child.ended()
        if child is self._current:
            say(f"{self._program.name} ended by itself (exit code {code}) and is started again.")
        pause = _PAUSE_SECONDS
        while child is self._current:
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)
            # The new one may end as well, before it is ready.
            if child is self._current and await self.replace():
                return


async def watch_code(root: Path, changed: asyncio.Event) -> None:
    """Set the event at every change, for ever."""
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(_watch_file(root, changed))
            group.create_task(_watch_folders(root, changed))
    except* OSError as group_of_errors:
        say(f"Changes of the code are not noticed: {group_of_errors.exceptions[0]}")


async def _watch_file(root: Path, changed: asyncio.Event) -> None:
    # The folder is watched: most editors replace the file, which would end a watch on it.
    def is_ours(_: Change, path: str) -> bool:
        return Path(path).name == _CODE_FILE

    async for _ in awatch(root, recursive=False, watch_filter=is_ours):
        changed.set()


async def _watch_folders(root: Path, changed: asyncio.Event) -> None:
    folders = [root / name for name in _CODE_FOLDERS if (root / name).is_dir()]
    async for _ in awatch(*folders, watch_filter=DefaultFilter()):
        changed.set()
