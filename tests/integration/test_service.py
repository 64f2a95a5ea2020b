"""A program that is to run all the time is started again, even if it ends while it starts."""

import asyncio
import os
from pathlib import Path

from infra.local.child_process import ChildProgram
from infra.local.service import Service

# Ends at once the second time, before it is ready; the third time it stays.
STUBBORN = """
import os, sys, time
tries = int(open("tries").read()) + 1
open("tries", "w").write(str(tries))
if tries == 2:
    sys.exit(9)
os.write(0, b"ready\\n")
time.sleep(0.2 if tries == 1 else 60)
"""


def test_a_program_that_ends_while_it_is_started_again_is_started_once_more(
    tmp_path: Path,
) -> None:
    (tmp_path / "tries").write_text("0")
    (tmp_path / "stubborn.py").write_text(STUBBORN)
    service = Service(
        ChildProgram("It", arguments=("stubborn",), environment=dict(os.environ), folder=tmp_path)
    )

    async def third_try() -> None:
        assert await service.replace()
        async with asyncio.timeout(30):
            while (tmp_path / "tries").read_text() != "3":  # noqa: ASYNC110 - no event tells
                await asyncio.sleep(0.05)
        await service.stop()

    asyncio.run(third_try())
