"""The progress of a viewer in a video: reports of players, and what is stored of them."""

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime

from chalicelib.catalogue.model import VideoId
from chalicelib.clock import EPOCH, to_the_millisecond
from chalicelib.errors import InvalidInput
from chalicelib.language import Text
from chalicelib.viewing.model import Codec, ProfileId, ReportKind

# Longer than any video: sources end after 12 hours.
LARGEST_POSITION_SECONDS = 1_000_000
# Of one report: what a device watched in a day without a network.
MOST_WATCHED_SECONDS = 86_400
# Sums of milliseconds are exact enough, and no counter gets a number that is too small to be added.
_DECIMALS_WATCHED = 3

_MOST = {
    "position": LARGEST_POSITION_SECONDS,
    "duration": LARGEST_POSITION_SECONDS,
    "watched_seconds": MOST_WATCHED_SECONDS,
}


@dataclass(frozen=True, slots=True)
class PlayerReport:
    """One report of a player; without a kind it may be the last one of a viewing."""

    position: float
    duration: float
    kind: ReportKind | None = None
    # The time of the event; None: that of the request.
    at: datetime | None = None
    # Really watched since the last report that was not thinned.
    watched_seconds: float = 0.0
    codec: Codec = Codec.UNKNOWN

    @property
    def knows_no_position(self) -> bool:
        """Whether it comes from a player that has not begun: other reports of zeros end a video."""
        may_go_on = self.kind in (ReportKind.REGULAR, ReportKind.PAUSE)
        return may_go_on and self.position == self.duration == 0

    def require_valid(self) -> None:
        """Raise `InvalidInput` unless all numbers are finite and within their limits."""
        wrong = {
            name: [Text("Must be from {least} to {most}.", least=0, most=most)]
            for name, most in _MOST.items()
            if not (math.isfinite(getattr(self, name)) and 0 <= getattr(self, name) <= most)
        }
        if wrong:
            raise InvalidInput(fields=wrong)

    def dated(self, now: datetime) -> "DatedReport":
        """Return the report with its time, which is never in the future nor before 1970."""
        at = min(max(self.at or now, EPOCH), now)
        watched_seconds = round(self.watched_seconds, _DECIMALS_WATCHED)
        return DatedReport(
            self.position,
            self.duration,
            to_the_millisecond(at),
            Watched(now.astimezone(UTC).date(), self.codec, watched_seconds),
            wins_ties=self.kind is not ReportKind.REGULAR,
        )


@dataclass(frozen=True, slots=True)
class Watched:
    """Seconds really watched on one day (UTC, when they were reported), with one codec."""

    day: date
    codec: Codec
    seconds: float


def unwatched(at: datetime) -> Watched:
    """Return what is watched without playing: nothing."""
    return Watched(at.astimezone(UTC).date(), Codec.UNKNOWN, 0.0)


@dataclass(frozen=True, slots=True)
class DatedReport:
    position: float
    duration: float
    at: datetime
    watched: Watched
    # Whether it replaces another position of the same time: it may be the last one of a viewing.
    wins_ties: bool = False


@dataclass(frozen=True, slots=True)
class ReportOutcome:
    """The position after a report: the reported one, unless a later event is known.

    A thinned report has its own position, which was not stored.
    """

    position: float
    duration: float
    at: datetime
    is_thinned: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """The position as the newest event sent it."""

    profile_id: ProfileId
    video_id: VideoId
    position: float
    duration: float
    at: datetime

    @property
    def lacks_duration(self) -> bool:
        """Whether the player, or an import, knew none; zeros for both close a video."""
        return self.position > 0 and not self.duration


@dataclass(frozen=True, slots=True)
class ContinueRule:
    """The shares of a video between which it is listed to be continued."""

    from_percent: int = 5
    until_percent: int = 90

    def lists(self, progress: Progress) -> bool:
        return self.from_percent <= _percent(progress) < self.until_percent

    def is_finished(self, progress: Progress) -> bool:
        """Return whether it was watched to its end; (0, 0) is how some players say so."""
        is_closed = progress.position == progress.duration == 0
        return is_closed or _percent(progress) >= self.until_percent


def _percent(progress: Progress) -> float:
    return 100 * progress.position / progress.duration if progress.duration else 0.0
