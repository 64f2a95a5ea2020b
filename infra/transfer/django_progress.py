"""Progress made of that of a Django dump: of the default profile of its account."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.accounts.model import AccountId
from chalicelib.catalogue.model import VideoId
from chalicelib.clock import EPOCH
from chalicelib.viewing.model import DEFAULT_PROFILE, ViewingKey
from chalicelib.viewing.progress import DatedReport, unwatched
from infra.transfer.entries import ProgressEntry
from infra.transfer.fields import Fields
from infra.transfer.imported_ids import ImportedIds
from infra.transfer.mapping import Kind
from infra.transfer.result import Result

_NOT_IMPORTED = "is not imported, or several have its key: not imported"


@dataclass(frozen=True, slots=True)
class DjangoProgress:
    ids: ImportedIds
    now: datetime

    def entry(self, fields: Fields) -> ProgressEntry | Result:
        """Return the progress of one viewer in one video, or why there is none."""
        account = self._id(fields, "user", Kind.USERS)
        video = self._id(fields, "video", Kind.VIDEOS)
        times = _times(fields)
        if isinstance(times, Result):
            return times
        if account is None or video is None:
            return Result.REFUSED
        key = ViewingKey(AccountId(account), DEFAULT_PROFILE, VideoId(video))
        at = self._at(fields)
        return ProgressEntry(key, DatedReport(*times, at, unwatched(at)))

    def _id(self, fields: Fields, target: str, kind: Kind) -> int | None:
        object_id = self.ids.of(kind, fields.first(target))
        if object_id is None:
            fields.problem(f"Their {target} {_NOT_IMPORTED}")
        return object_id

    def _at(self, fields: Fields) -> datetime:
        """Return the time of the event; the earliest one if it could hide what comes later."""
        at = fields.moment("at")
        if at is None or at > self.now:
            fields.problem("Without a time, or one to come: what is here already counts")
            return EPOCH
        return max(at, EPOCH)


def _times(fields: Fields) -> tuple[float, float] | Result:
    """Return position and duration in seconds; a duration of zero is that of the video."""
    position, duration = fields.seconds("position"), fields.seconds("duration")
    # Some players close a video with zeros.
    if fields.flag("finished", default=position == duration == 0):
        return duration or 0.0, duration or 0.0
    if position is None:
        fields.problem("Without a position: not imported")
        return Result.REFUSED
    if position and duration and position > duration:
        fields.problem("Beyond the end of the video: imported as watched to its end")
        return duration, duration
    is_begun = position or duration
    return (position, duration or 0.0) if is_begun else Result.NOT_BEGUN
