"""The project's own programs: the API, the event pump, and the administrator's account."""

import asyncio
import socket
from collections.abc import Mapping, Sequence

from infra.local.child import Program
from infra.local.service import Service
from infra.local.settings import LocalSettings
from infra.local.terminal import say


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
        self._has_superuser = False

    async def renew(self) -> bool:
        """Run the code as it is now; False if it does not start, and what ran before goes on."""
        # One after the other: what is wrong with the code need be printed only once.
        if not await self._api.replace():
            return False
        async with asyncio.TaskGroup() as group:
            pump = group.create_task(self._pump.replace())
            group.create_task(self._ensure_superuser())
        return pump.result()

    async def stop(self) -> None:
        await asyncio.gather(self._api.stop(), self._pump.stop())

    async def _ensure_superuser(self) -> None:
        if self._has_superuser:
            return
        child = await self._superuser.start()
        try:
            self._has_superuser = await child.ended() == 0
        finally:
            await child.stop()
        if not self._has_superuser:
            say(f"{self._superuser.name} could not be made, see above.")
