"""What players show while viewers seek: sheets of the storyboard, and the index of I-frames."""

import json
from collections.abc import Iterable
from pathlib import Path

from chalicelib.catalogue import object_keys
from chalicelib.encoding.plan import Plan
from chalicelib.encoding.task_reports import Report
from transcoder.errors import WrongResult
from transcoder.ffmpeg.chunk import tile
from transcoder.ffmpeg.pictures import sheets
from transcoder.outputs.files import output_file, write_text
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
    return Report(tuple(output_file(sandbox.folder, name) for name in names))


def make_iframe_index(plan: Plan, reports: Iterable[Report], *, sandbox: Sandbox) -> Report:
    """Write, per rung and segment, the number of bytes up to the end of its first picture."""
    text = iframe_index(plan, reports)
    return Report((write_text(sandbox.folder, object_keys.iframe_index(), text),))


def iframe_index(plan: Plan, reports: Iterable[Report]) -> str:
    lengths = {file.name: file.iframe_bytes for report in reports for file in report.files}
    asset = plan.asset
    index = {
        rung.name: [
            lengths.get(object_keys.video_segment(rung.name, number, asset.container), 0)
            for number in range(asset.grid.segments)
        ]
        for rung in asset.rungs
    }
    return json.dumps(index, separators=(",", ":"))
