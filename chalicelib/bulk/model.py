"""A bulk change: one change of many videos, which is made some videos at a time."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil

from chalicelib.accounts.model import AccountId
from chalicelib.bulk.change import Change
from chalicelib.catalogue.model import BulkChangeId, VideoId
from chalicelib.errors import Conflict, InvalidInput, NotFound
from chalicelib.language import Text

MOST_VIDEOS = 100_000
# Bulk changes that have not ended; they take turns.
MOST_AT_ONCE = 5
# Of the change itself, without the ids of videos.
LARGEST_CHANGE_BYTES = 32 * 1024
# Of the failures that an answer lists.
MOST_FAILURES = 100
# After its beginning.
KEPT_FOR = timedelta(days=30)
VIDEOS_PER_SLICE = 25
# All of them together, so that viewers' reads of the catalogue do not suffer.
VIDEOS_PER_SECOND = 20
SLICES_AT_ONCE = 2


class BulkChangeNotFound(NotFound):
    code = "bulk_change_not_found"
    sentence = "There is no such bulk change, or it was too long ago."


class BulkChangeEnded(Conflict):
    code = "bulk_change_ended"
    sentence = "This bulk change has ended."


class TooManyBulkChanges(Conflict):
    code = "too_many_bulk_changes"
    sentence = Text(
        "At most {most} bulk changes run at once. Wait until one has ended, or cancel one.",
        most=MOST_AT_ONCE,
    )


class BadBulkChange(InvalidInput):
    code = "bad_bulk_change"


class SliceBusy(Conflict):
    """Another process makes this slice; the queue delivers its message again."""

    code = "slice_busy"


class BulkChangeState(StrEnum):
    RUNNING = "running"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    # Some videos are left, though their slices were tried for a day.
    ABANDONED = "abandoned"


@dataclass(frozen=True, slots=True)
class Tally:
    """How many videos have been looked at, by what became of them."""

    changed: int = 0
    # They were already as the change makes them.
    unchanged: int = 0
    failed: int = 0

    @property
    def total(self) -> int:
        return self.changed + self.unchanged + self.failed


@dataclass(frozen=True, slots=True)
class VideoFailure:
    """Why one video was not changed."""

    video_id: VideoId
    text: str
    # The field of the video that would be wrong; "" if it is none.
    field: str = ""


@dataclass(frozen=True, slots=True)
class SliceResult:
    changed: int = 0
    unchanged: int = 0
    failures: tuple[VideoFailure, ...] = ()


@dataclass(frozen=True, slots=True)
class BulkChange:
    id: BulkChangeId
    account_id: AccountId
    created_at: datetime
    change: Change
    videos: int
    videos_per_slice: int = VIDEOS_PER_SLICE
    state: BulkChangeState = BulkChangeState.RUNNING
    ended_at: datetime | None = None
    tally: Tally = field(default_factory=Tally)
    # When a slice was last done.
    moved_at: datetime | None = None

    @property
    def slices(self) -> int:
        return ceil(self.videos / self.videos_per_slice)

    @property
    def left(self) -> int:
        return self.videos - self.tally.total

    @property
    def last_seen_at(self) -> datetime:
        """When it last went on."""
        return self.moved_at or self.created_at

    @property
    def is_running(self) -> bool:
        return self.state is BulkChangeState.RUNNING
