"""An encode: its source, its step, and the reasons for which it may fail."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from chalicelib.catalogue.asset import Asset
from chalicelib.catalogue.damage import Decodable
from chalicelib.catalogue.model import Revision, VideoId
from chalicelib.encoding.pace import Pace
from chalicelib.errors import Conflict, NotFound


class EncodeNotFound(NotFound):
    code = "encode_not_found"


class EncodeOver(Conflict):
    """It was finished, cancelled or deleted: no update is accepted."""

    code = "encode_over"


class NotDamaged(Conflict):
    """This revision was not refused for its damage, or is not the newest."""

    code = "not_damaged"
    sentence = "This revision does not wait for a decision about its damage."


class DamageChanged(Conflict):
    """A later attempt has measured other damage than the administrator looked at."""

    code = "damage_changed"
    sentence = "Its damage is not what it was. Please look at it again."


class SourceReplaced(Exception):
    """The object was replaced or removed after its encode began."""


@dataclass(frozen=True, slots=True)
class Source:
    """One object of the uploads bucket, exactly as it was when its encode began."""

    key: str
    etag: str
    size: int


@dataclass(frozen=True, slots=True)
class Sidecar:
    """A file with subtitles beside a source."""

    language: str
    key: str


class Step(StrEnum):
    """The current step, as clients show it."""

    QUEUED = "queued"
    PLANNING = "planning"
    ENCODING = "encoding"
    CHECKING = "checking"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Encode:
    """The state of the encode of one revision, for playlists and for progress."""

    video_id: VideoId
    revision: Revision
    source: Source
    step: Step = Step.QUEUED
    begun_at: datetime | None = None
    # Counts retries; each keeps the finished work.
    attempt: int = 1
    asset: Asset | None = None
    segments_per_chunk: int = 1
    chunks: frozenset[int] = frozenset()
    # Number of finished segments of each audio track, from the first one on.
    audio_ready: Mapping[int, int] = field(default_factory=dict)
    # Their names, without chunks: "audio-0", "pictures", "subtitles-0".
    finished_tasks: frozenset[str] = frozenset()
    planned_at: datetime | None = None
    # Of this attempt; None before there is a plan.
    pace: Pace | None = None
    # How much of the source could be decoded; known once all other checks have passed.
    decodable: Decodable | None = None
    # What an administrator accepted; more damage is refused again.
    accepted: Decodable | None = None
    # An attempt was complete and refused: not playable for viewers until one passes.
    was_refused: bool = False

    @property
    def is_over(self) -> bool:
        return self.step in (Step.DONE, Step.FAILED)
