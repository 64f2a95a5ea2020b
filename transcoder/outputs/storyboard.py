"""Storyboard sheets, joined from the tiles of all chunks."""

from pathlib import Path

from chalicelib.catalogue import object_keys
from chalicelib.encoding.plan import Plan
from chalicelib.encoding.reports import Report
from transcoder.errors import WrongResult
from transcoder.ffmpeg.chunk import tile
from transcoder.ffmpeg.storyboard import sheets
from transcoder.outputs.files import measured
from transcoder.sandbox import memory
from transcoder.sandbox.runner import Limits, Sandbox

_LIMITS = Limits(cpu_seconds=600, memory_bytes=memory.of_program())


def make_sheets(plan: Plan, folder: Path, *, sandbox: Sandbox) -> Report:
    """Join the tiles below the folder to sheets; without a storyboard there are none."""
    board, segments = plan.asset.storyboard, plan.asset.grid.segments
    if board is None:
        return Report(())
    if missing := [n for n in range(segments) if not (folder / tile(n)).exists()]:
        raise WrongResult(f"{len(missing)} of {segments} tiles are missing")
    (sandbox.folder / "storyboard").mkdir(exist_ok=True)
    tiles = folder.absolute() / "tiles"
    command = sheets(
        tiles=str(tiles / "%05d.jpg"),
        columns=board.columns,
        # A short video needs no large sheet.
        rows=min(board.rows, -(-segments // board.columns)),
        name="storyboard/%03d.jpg",
    )
    sandbox.run(command, limits=_LIMITS, reads=[str(tiles)])
    names = [object_keys.storyboard_sheet(number) for number in range(board.sheets_for(segments))]
    if not all((sandbox.folder / name).exists() for name in names):
        raise WrongResult("a sheet was not made")
    return Report(tuple(measured(sandbox.folder, name) for name in names))
