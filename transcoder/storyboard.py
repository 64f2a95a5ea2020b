"""The storyboard of the scrub bar: how large its tiles are, and their sheets."""

from pathlib import Path

from chalicelib.catalogue import object_keys
from chalicelib.catalogue.asset import Storyboard
from chalicelib.encoding.plan import Plan
from chalicelib.encoding.reports import Report
from transcoder import memory
from transcoder.ffmpeg.chunk import tile
from transcoder.ffmpeg.storyboard import sheets
from transcoder.ladder import Size, fitted
from transcoder.pieces import WrongResult, measured
from transcoder.sandbox import Limits, Sandbox

_TILE_LONG_SIDE, _TILE_SHORT_SIDE = 160, 90
_LIMITS = Limits(cpu_seconds=600, memory_bytes=memory.of_program())


def storyboard_of(size: Size) -> Storyboard:
    """Plan one tile for each segment of a picture of this size."""
    tile = fitted(size, _TILE_LONG_SIDE, _TILE_SHORT_SIDE)
    return Storyboard(tile.width, tile.height)


def make_sheets(plan: Plan, folder: Path, *, sandbox: Sandbox) -> Report:
    """Lay the tiles below the folder on as many sheets as they need; none without a storyboard."""
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
        # A short title needs no large sheet.
        rows=min(board.rows, -(-segments // board.columns)),
        name="storyboard/%03d.jpg",
    )
    sandbox.run(command, limits=_LIMITS, reads=[str(tiles)])
    names = [object_keys.storyboard_sheet(number) for number in range(board.sheets_for(segments))]
    if not all((sandbox.folder / name).exists() for name in names):
        raise WrongResult("a sheet was not made")
    return Report(tuple(measured(sandbox.folder, name) for name in names))
