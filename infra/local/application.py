"""The project's own programs: API, event pump, transcoders, and the administrator's account."""

import asyncio
import socket
from collections.abc import Mapping, Sequence

from infra.local.child import Program
from infra.local.service import Service
from infra.local.settings import LocalSettings
from infra.refusal import Refusal
from infra.terminal import say


class Application:
    def __init__(
        self,
        settings: LocalSettings,
        environment: Mapping[str, str],
        sockets: Sequence[socket.socket],
        superuser_password: str,
    ) -> None:
        numbers = [listener.fileno() for listener in sockets]
        self._api = Service(
            Program(
                name="The API",
                arguments=("infra.local.api", *map(str, numbers)),
                environment=environment,
                folder=settings.root,
                descriptors=numbers,
            )
        )
        self._pump = Service(
            Program(
                name="The event pump",
                arguments=("infra.local.pump",),
                environment=environment,
                folder=settings.root,
            )
        )
        self._workers = [
            Service(
                Program(
                    name=f"Transcoder {number}",
                    arguments=("infra.local.worker",),
                    environment={
                        **environment,
                        "WORK_FOLDER": str(settings.data / "work"),
                        # The emulator reads a whole object for every range of it.
                        "SOURCE_CACHE": str(settings.data / "sources"),
                    },
                    folder=settings.root,
                )
            )
            for number in range(1, settings.workers + 1)
        ]
        self._superuser = Program(
            name="The administrator's account",
            arguments=("infra.local.superuser",),
            environment={
                **environment,
                "SUPERUSER_EMAIL": settings.superuser_email,
                "SUPERUSER_PASSWORD": superuser_password,
            },
            folder=settings.root,
        )
        self._revival = Program(
            name="What the last run was making",
            arguments=("infra.local.revival",),
            environment=environment,
            folder=settings.root,
        )
        self._sample = Program(
            name="The sample film",
            arguments=("infra.local.sample", str(settings.data)),
            environment=environment,
            folder=settings.root,
        )
        self._wants_sample = settings.wants_sample
        self._done: set[str] = set()

    async def renew(self) -> bool:
        """Run the code as it is now; False if it does not start, and what ran before goes on.

        Raise `Refusal` if there cannot be an administrator as the settings want one.
        """
        # One after the other: what is wrong with the code need be printed only once.
        if not await self._api.replace():
            return False
        async with asyncio.TaskGroup() as group:
            others = [group.create_task(each.replace()) for each in (self._pump, *self._workers)]
            superuser = group.create_task(self._run_once(self._superuser))
            group.create_task(self._run_once(self._revival))
        if refusal := superuser.result():
            raise Refusal(refusal)
        return all(each.result() for each in others)

    async def give_sample(self) -> None:
        """Have something to watch, the first time."""
        if self._wants_sample:
            await self._run_once(self._sample)

    async def stop(self) -> None:
        programs = (self._api, self._pump, *self._workers)
        await asyncio.gather(*(program.stop() for program in programs))

    async def _run_once(self, program: Program) -> str:
        """Run the program, unless it has run before; return what it refuses."""
        if program.name in self._done:
            return ""
        child = await program.start()
        try:
            refusal = await child.refusal()
            if await child.ended() == 0:
                self._done.add(program.name)
        finally:
            await child.stop()
        if program.name not in self._done and not refusal:
            say(f"{program.name} could not be made, see above.")
        return refusal
