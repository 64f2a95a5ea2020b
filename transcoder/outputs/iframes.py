"""The index of key frames: how many bytes of each segment an I-frame playlist needs."""

import json
from collections.abc import Iterable

from chalicelib.catalogue import object_keys
from chalicelib.encoding.plan import Plan
from chalicelib.encoding.reports import Report
from transcoder.outputs.files import written
from transcoder.sandbox.runner import Sandbox


def make_iframe_index(plan: Plan, reports: Iterable[Report], *, sandbox: Sandbox) -> Report:
    """Write, per rung and segment, the number of bytes up to the end of its first picture."""
    text = iframe_index(plan, reports)
    return Report((written(sandbox.folder, object_keys.iframe_index(), text),))


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
