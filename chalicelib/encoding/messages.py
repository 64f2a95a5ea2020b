"""The message on the task queue: one task, and the token for its result."""

import json
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Self

from chalicelib.catalogue.model import Revision, VideoId

# The number of the task for the size of which there is an MP4 file only; no rung has this number.
MP4_ONLY_TASK = 120


class TaskKind(StrEnum):
    PLAN = "plan"
    CHUNK = "chunk"
    AUDIO = "audio"
    PICTURES = "pictures"
    SUBTITLES = "subtitles"
    PUBLISH = "publish"
    MP4 = "mp4"
    POSTER = "poster"


class UnreadableTask(Exception):
    """A message on the task queue is not one of ours."""


@dataclass(frozen=True, slots=True)
class Task:
    kind: TaskKind
    video_id: VideoId
    revision: Revision
    # Of the chunk, or of the audio track; of the rung for MP4 files, counted from the largest, or
    # `MP4_ONLY_TASK`; the id of the own poster, which belongs to no revision.
    number: int = 0
    token: str = field(default="", repr=False)
    version: int = 1

    @property
    def is_mp4_only(self) -> bool:
        """Whether the task encodes a size that no playlist has."""
        return self.kind is TaskKind.MP4 and self.number == MP4_ONLY_TASK

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        try:
            sent = json.loads(text)
            if sent["version"] != 1:
                raise UnreadableTask(f"version {sent['version']}")
            return cls(
                kind=TaskKind(sent["kind"]),
                video_id=VideoId(int(sent["video_id"])),
                revision=Revision(int(sent["revision"])),
                number=int(sent.get("number", 0)),
                token=str(sent.get("token", "")),
            )
        except (ValueError, KeyError, TypeError, OverflowError) as error:
            raise UnreadableTask(str(error)) from error
