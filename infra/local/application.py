"""The project's own programs: API, event pump, transcoders, and the administrator's account."""

import asyncio
import socket
from collections.abc import Mapping, Sequence

from infra.local.child_process import ChildProgram
from infra.local.service import Service
from infra.local.settings import LocalSettings
from infra.terminal import Refusal, say


class Application:
    def __init__(
        self,
        settings: LocalSettings,
        environment: Mapping[str, str],
        sockets: Sequence[socket.socket],
        administrator_password: str,
    ) -> None:
        def program(
            name: str, *arguments: str, more: Mapping[str, str] | None = None
        ) -> ChildProgram:
            return ChildProgram(name, arguments, {**environment, **(more or {})}, settings.root)

        api = ChildProgram.server("The API", "infra.local.api", sockets, environment, settings.root)
        self._api = Service(api)
        self._pump = Service(program("The event pump", "infra.local.pump"))
        self._workers = [
            Service(
                program(
                    f"Transcoder {number}",
                    "infra.local.worker",
                    more={
                        "WORK_FOLDER": str(settings.data / "work"),
                        # The emulator reads a whole object for every range of it.
                        "SOURCE_CACHE": str(settings.data / "sources"),
                    },
                )
            )
            for number in range(1, settings.workers + 1)
        ]
        self._administrator = program(
            "The administrator's account",
            "infra.local.administrator_account",
            more={
                "SUPERUSER_EMAIL": settings.administrator_email,
                "SUPERUSER_PASSWORD": administrator_password,
            },
        )
        self._retry_of_encodes = program("The retry of lost encodes", "infra.local.lost_encodes")
        self._sample = program("The sample video", "infra.local.sample", str(settings.data))
        self._wants_sample = settings.wants_sample
        self._done: set[str] = set()

    async def renew(self) -> bool:
        """Start all programs with the current code; False if one fails, and the old ones go on.

        Raise `Refusal` if the settings of the administrator are refused.
        """
        # The API first: an error in the code is printed only once.
        if not await self._api.replace():
            return False
        async with asyncio.TaskGroup() as group:
            others = [group.create_task(each.replace()) for each in (self._pump, *self._workers)]
            administrator = group.create_task(self._run_once(self._administrator))
            group.create_task(self._run_once(self._retry_of_encodes))
        if refusal := administrator.result():
            raise Refusal(refusal)
        return all(each.result() for each in others)

    async def add_sample(self) -> None:
        """Add the sample video at the first start."""
        if self._wants_sample:
            await self._run_once(self._sample)

    async def stop(self) -> None:
        programs = (self._api, self._pump, *self._workers)
        await asyncio.gather(*(program.stop() for program in programs))

    async def _run_once(self, program: ChildProgram) -> str:
        """Run the program unless it has succeeded before; return its refusal, if any."""
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
            say(f"{program.name} failed, see above.")
        return refusal
