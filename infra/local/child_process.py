"""A program that the supervisor starts as a child process."""

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

from infra.local import lifeline


@dataclass(frozen=True, slots=True)
class ChildProgram:
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
    program: ChildProgram
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
