"""Where the first picture of each segment ends, for playlists of pictures alone."""

import json
from collections.abc import Iterable

from chalicelib.catalogue import object_keys
from chalicelib.encoding.plan import Plan
from chalicelib.encoding.reports import Report
from transcoder.pieces import written
from transcoder.sandbox import Sandbox


def make_iframe_index(plan: Plan, reports: Iterable[Report], *, sandbox: Sandbox) -> Report:
    """Write how many bytes from its start hold the first picture, per rung and segment."""
    text = iframe_index(plan, reports)
    return Report((written(sandbox.folder, object_keys.iframe_index(), text),))


def iframe_index(plan: Plan, reports: Iterable[Report]) -> str:
    lengths = {piece.name: piece.iframe_bytes for report in reports for piece in report.pieces}
    asset = plan.asset
    index = {
        rung.name: [
            lengths.get(object_keys.video_segment(rung.name, number, asset.container), 0)
            for number in range(asset.grid.segments)
        ]
        for rung in asset.rungs
    }
    return json.dumps(index, separators=(",", ":"))
