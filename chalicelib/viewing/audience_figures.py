"""Use case of administrators: the seconds that a video was watched, by day and codec."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, timedelta

from chalicelib.catalogue.model import VideoId
from chalicelib.clock import Clock
from chalicelib.errors import InvalidInput
from chalicelib.language import Text
from chalicelib.viewing.ports import WatchedStore
from chalicelib.viewing.progress import Watched

# Of one answer: one query of less than 1 MB with every codec on each day.
MOST_DAYS = 366
USUAL_DAYS = 30


@dataclass(frozen=True, slots=True)
class WatchedDays:
    since: date
    until: date
    # Only days and codecs with watched seconds, the earliest first.
    entries: Sequence[Watched]


@dataclass(frozen=True, slots=True)
class AudienceFigures:
    store: WatchedStore
    clock: Clock

    def of(
        self, video_id: VideoId, *, since: date | None = None, until: date | None = None
    ) -> WatchedDays:
        """Return the aggregates from one day to another, also of a deleted video.

        Without days they are those of the last ones. The current day (UTC) is in no aggregate.
        """
        last = until or self.clock.now().astimezone(UTC).date()
        days = (last - since).days + 1 if since else min(USUAL_DAYS, last.toordinal())
        if not 1 <= days <= MOST_DAYS:
            problem = Text("Ask for 1 to {most} days.", most=MOST_DAYS)
            raise InvalidInput(fields={"since": [problem]})
        first = last - timedelta(days=days - 1)
        return WatchedDays(first, last, self.store.of(video_id, since=first, until=last))
