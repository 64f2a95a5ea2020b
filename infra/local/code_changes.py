"""Changes of the code, which `make run` follows."""

import asyncio
from pathlib import Path

from watchfiles import Change, DefaultFilter, awatch

from infra.terminal import say

_CODE_FILE = "app.py"
_CODE_FOLDERS = ("chalicelib", "templates", "transcoder")


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
