"""Endpoints for progress: how far a profile is in a video."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict, TypeVar

from chalice.app import Blueprint

from chalicelib.api.body import REQUIRED, NoBody, choice, decimal, moment, whole
from chalicelib.api.core.chosen_profile import PROFILE, age_limit_of, profile_of
from chalicelib.api.dialect import OFFICIAL
from chalicelib.api.endpoint import Api
from chalicelib.api.identity import Access
from chalicelib.api.operation import Query
from chalicelib.api.request import Call, whole_number
from chalicelib.catalogue.model import VideoId
from chalicelib.clock import LARGEST_ID
from chalicelib.errors import InvalidInput
from chalicelib.viewing.model import Codec, ReportKind
from chalicelib.viewing.progress import (
    LARGEST_POSITION_SECONDS,
    MOST_WATCHED_SECONDS,
    PlayerReport,
    Progress,
    ReportOutcome,
)
from chalicelib.wiring import viewing

S = TypeVar("S")

api = Api(OFFICIAL, Blueprint(__name__))

VIDEO: Mapping[str, Query] = {"video": Query("The id of the video.", largest=LARGEST_ID)}
# A list of positions without pages: about 150 KB.
MOST_LISTED = 1000


@dataclass(frozen=True, slots=True)
class PositionReport:
    """A report of a player that may know no events; a position that is missing is zero."""

    video: int = whole(largest=LARGEST_ID, may_be_text=True)
    position: float | None = decimal(
        largest=LARGEST_POSITION_SECONDS, required=False, may_be_text=True
    )
    duration: float | None = decimal(
        largest=LARGEST_POSITION_SECONDS, required=False, may_be_text=True
    )
    event: ReportKind | None = choice(ReportKind)
    at: str | None = moment()
    watched_seconds: float | None = decimal(largest=MOST_WATCHED_SECONDS, required=False)
    codec: Codec | None = choice(Codec)

    @property
    def report(self) -> PlayerReport:
        return PlayerReport(
            position=self.position or 0.0,
            duration=self.duration or 0.0,
            kind=self.event,
            at=datetime.fromisoformat(self.at) if self.at else None,
            watched_seconds=self.watched_seconds or 0.0,
            codec=self.codec or Codec.UNKNOWN,
        )


@dataclass(frozen=True, slots=True)
class ProgressReport(PositionReport):
    video: int = whole(largest=LARGEST_ID)
    position: float = decimal(largest=LARGEST_POSITION_SECONDS)
    duration: float = decimal(largest=LARGEST_POSITION_SECONDS)


class Reported(TypedDict):
    """A thinned report was not stored: the next one repeats its `watched_seconds`."""

    video: int
    position: float
    duration: float
    thinned: bool


class Position(TypedDict):
    position: float
    duration: float


@api.post("/progress", ProgressReport, access=Access.SIGNED_IN, success=201, query=PROFILE)
def report_progress(call: Call[ProgressReport]) -> Reported:
    """Report the position in a video; the newest event wins in whatever order events arrive.

    `event` says why: of `regular` reports, some are thinned to one in 15 seconds. `at` is the time
    of the event; without it, that of the request counts. A repeated report with a time changes
    nothing. If a later event is known, the answer has its position, and zeros if the history was
    cleared since.
    `watched_seconds` are those really watched since the last report that was not thinned.
    """
    sent = call.body
    outcome = reported(call, sent.video, sent.report)
    return {
        "video": sent.video,
        "position": outcome.position,
        "duration": outcome.duration,
        "thinned": outcome.is_thinned,
    }


@api.get("/progress", access=Access.SIGNED_IN, query={**VIDEO, **PROFILE})
def show_progress(call: Call[NoBody]) -> Position:
    """Show position and duration of one video in seconds; zeros if nothing was reported."""
    return named_position(call)


def named_position(call: Call[NoBody]) -> Position:
    video = call.query_number("video", largest=LARGEST_ID)
    if video is None:
        raise InvalidInput(fields={"video": [REQUIRED]})
    return _position(call, video)


def position_or_all(call: Call[NoBody], shape: Callable[[Progress], S]) -> Position | Sequence[S]:
    """Return the position in the video of the request, or if it names none, the newest ones."""
    if call.query_text("video"):
        return named_position(call)
    watched = viewing.tracking().history(
        call.identity.account_id,
        profile_of(call),
        limit=MOST_LISTED,
        age_limit=age_limit_of(call),
    )
    return [shape(each) for each in watched.entries]


def reported(call: Call[Any], video: int, report: PlayerReport) -> ReportOutcome:
    """Store a report for the profile of the request."""
    return viewing.tracking().report(
        call.identity.account_id,
        profile_of(call),
        VideoId(video),
        report,
        age_limit=age_limit_of(call),
    )


def position_if_any(call: Call[NoBody]) -> Position:
    """Return zeros also for a video that does not exist, or is none."""
    video = whole_number(call.query_text("video"), largest=LARGEST_ID)
    return _position(call, video) if video else {"position": 0.0, "duration": 0.0}


def _position(call: Call[NoBody], video: int) -> Position:
    position, duration = viewing.tracking().of(
        call.identity.account_id, profile_of(call), VideoId(video)
    )
    return {"position": position, "duration": duration}
