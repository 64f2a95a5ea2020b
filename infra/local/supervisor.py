"""Start everything in order, keep it running, and end it in the opposite order."""

import asyncio
import secrets
import signal
import socket
import time
from collections.abc import Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

from chalicelib.settings import BadSetting, Settings
from infra.local import emulator, viewer_header
from infra.local.application import Application
from infra.local.banner import banner
from infra.local.child_process import Child, ChildProgram
from infra.local.code_changes import watch_code
from infra.local.data_folder import DataFolder
from infra.local.localstack import LocalStack
from infra.local.service import Service
from infra.local.settings import LocalSettings
from infra.terminal import Refusal, is_on_a_terminal, say
from transcoder.errors import BadTranscoderSetting
from transcoder.settings import TranscoderSettings

_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True, slots=True)
class Sockets:
    """The listening sockets of the programs that serve browsers."""

    api: Sequence[socket.socket]
    mailbox: Sequence[socket.socket]
    edge: Sequence[socket.socket]


@dataclass(frozen=True, slots=True)
class Supervisor:
    settings: LocalSettings
    data: DataFolder
    lock: int
    sockets: Sockets
    started: float
    # Set if LocalStack is used instead of MiniStack.
    localstack: LocalStack | None = None

    async def run(self) -> None:
        """Run until a signal ends it; raise `Refusal` if it cannot run."""
        ending = asyncio.Event()
        for number in _ENDING:
            # A second signal changes nothing: the emulator needs its time to save the data.
            asyncio.get_running_loop().add_signal_handler(number, ending.set)
        running = asyncio.create_task(self._emulate())
        signalled = asyncio.create_task(ending.wait())
        await asyncio.wait({running, signalled}, return_when=asyncio.FIRST_COMPLETED)
        signalled.cancel()
        if not running.done():
            say("\nEnding ..." if self.localstack else "\nSaving the data ...")
            running.cancel()
            await asyncio.wait({running})
        if not running.cancelled():
            running.result()
        say("Ended.")

    async def _emulate(self) -> None:
        if self.localstack:
            await _while_it_lives(self.localstack.ended(), self._serve())
            return
        async with emulator.running(self.settings, self.data.emulator, self.lock) as aws:
            await _while_it_lives(_end_of(aws), self._serve())

    async def _serve(self) -> None:
        async with AsyncExitStack() as stack:
            mailbox = self._mailbox()
            stack.push_async_callback(mailbox.stop)
            deploying = asyncio.to_thread(
                emulator.deploy, self.settings, sender_by_api=self.localstack is not None
            )
            outputs, _ = await asyncio.gather(deploying, mailbox.replace())
            environment = {
                **viewer_header.settings_for(secrets.token_hex()),
                **self.settings.environment(outputs),
            }
            _require_valid(environment)
            password = self.settings.administrator_password or self.data.administrator_password()
            edge = self._edge(environment)
            stack.push_async_callback(edge.stop)
            edge_starts = asyncio.create_task(edge.replace())
            application = Application(self.settings, environment, self.sockets.api, password)
            stack.push_async_callback(application.stop)
            await self._restart_on_change(application, password, edge_starts)

    async def _restart_on_change(
        self, application: Application, password: str, edge_starts: asyncio.Task[bool]
    ) -> None:
        """Run the code, and restart it after every change."""
        changed = asyncio.Event()
        # Before the code is read for the first time, so that no change is missed.
        background = [asyncio.create_task(watch_code(self.settings.root, changed))]
        try:
            while not await application.renew():
                say("The code does not start, see above; it is tried again when it changes.")
                await _next(changed)
            await edge_starts
            say(
                banner(
                    self.settings,
                    password,
                    seconds=time.monotonic() - self.started,
                    is_on_a_terminal=is_on_a_terminal(),
                )
            )
            background.append(asyncio.create_task(application.add_sample()))
            while await _next(changed):
                if await application.renew():
                    say("The code has changed; the new one runs.")
                else:
                    say("The changed code does not start, see above; the one before goes on.")
        finally:
            for task in background:
                task.cancel()
            await asyncio.wait(background)

    def _mailbox(self) -> Service:
        environment = self.settings.environment({})
        return self._server("The mailbox", "infra.local.mailbox", self.sockets.mailbox, environment)

    def _edge(self, environment: Mapping[str, str]) -> Service:
        cache_environment = {
            "API_URL": self.settings.api_url,
            "EDGE_CACHE": str(self.data.path / "edge"),
            "EDGE_CACHE_BYTES": str(self.settings.edge_cache_bytes),
        }
        return self._server(
            "The edge", "infra.local.edge", self.sockets.edge, {**environment, **cache_environment}
        )

    def _server(
        self,
        name: str,
        module: str,
        sockets: Sequence[socket.socket],
        environment: Mapping[str, str],
    ) -> Service:
        root = self.settings.root
        return Service(ChildProgram.server(name, module, sockets, environment, root))


def _require_valid(environment: Mapping[str, str]) -> None:
    try:
        Settings.from_environment(environment)
        TranscoderSettings.from_environment(environment)
    except (BadSetting, BadTranscoderSetting) as problem:
        raise Refusal(f"{problem}.") from problem


async def _next(changed: asyncio.Event) -> bool:
    await changed.wait()
    changed.clear()
    return True


async def _end_of(child: Child) -> str:
    await child.ended()
    return f"{child.program.name} ended by itself, and so does everything else."


async def _while_it_lives(
    end: Coroutine[None, None, str], work: Coroutine[None, None, None]
) -> None:
    """Work until the emulator ends; raise `Refusal` with the reason of its end."""
    working = asyncio.create_task(work)
    ended = asyncio.create_task(end)
    try:
        await asyncio.wait({working, ended}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise Refusal(ended.result())
        await working
    finally:
        ended.cancel()
        working.cancel()
        await asyncio.wait({working})
