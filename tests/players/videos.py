"""Videos to be played: made as today, in MPEG-TS, and as by a version before delayed assets."""

import json
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from chalicelib.catalogue import object_keys
from chalicelib.catalogue.asset import Asset
from chalicelib.catalogue.model import VideoId
from chalicelib.encoding.plan import Plan
from tests.builders import clips
from tests.builders.finished_encodes import finish_encode
from tests.builders.plans import a_sandbox, as_ts, planned_clip
from transcoder.outputs.mp4 import MP4_NAME, make_mp4

CLIP = "player"


class Make(StrEnum):
    TODAY = "today"
    BEFORE = "before"
    TS = "ts"

    @property
    def video_id(self) -> VideoId:
        return VideoId(1 + list(Make).index(self))


@dataclass(frozen=True)
class Video:
    make: Make
    asset: Asset
    # The folder of its revision, as in the bucket.
    folder: Path

    @property
    def download(self) -> Path:
        return self.folder / object_keys.mp4(MP4_NAME)


def plan_of(make: Make) -> Plan:
    plan = planned_clip(CLIP)
    if make is Make.TS:
        return as_ts(plan)
    if make is Make.TODAY:
        return plan
    # What an earlier version wrote says nothing about a delay.
    stored = json.loads(plan.to_json())
    del stored["asset"]["delay_frames"]
    return Plan.from_json(json.dumps({**stored, "version": 1}))


@cache
def video_of(make: Make, folder: Path) -> Video:
    """Encode the clip once per folder, and join its largest rung for download."""
    target = folder / make
    encode = finish_encode(clips.get(CLIP), plan_of(make), target)
    make_mp4(encode.plan.asset, None, target, sandbox=a_sandbox(target))
    return Video(make, encode.plan.asset, target)
