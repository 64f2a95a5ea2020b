"""A child process that is started again when it ends, and replaced when code changes."""

import asyncio

from infra.local.child_process import Child, ChildProgram
from infra.terminal import say

_PAUSE_SECONDS = 1.0
_LONGEST_PAUSE_SECONDS = 30.0


class Service:
    def __init__(self, program: ChildProgram) -> None:
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
