"""The own poster of a video: a picture that administrators sent, instead of one of its frames."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from chalicelib.errors import Conflict

# Sorts by the time of its request, and is part of the keys of its pictures.
PosterId = NewType("PosterId", int)

NO_POSTER_YET = PosterId(0)


class StalePoster(Conflict):
    """Another picture was sent later, or the own poster was removed since."""

    code = "stale_poster"
    sentence = "The poster of this video was changed meanwhile. Please try again."


class PosterState(StrEnum):
    NONE = "none"
    PENDING = "pending"
    READY = "ready"
    REFUSED = "refused"  # what was there before stays


@dataclass(frozen=True, slots=True)
class OwnPoster:
    # The one that pages get; pictures of the video, if there is none.
    current: PosterId = NO_POSTER_YET
    # The last request to send or to remove one; what belongs to an earlier one comes too late.
    newest: PosterId = NO_POSTER_YET
    # Whether pictures of the newest one are being made.
    is_pending: bool = False
    # The code of the reason for which the newest one was refused.
    refusal: str = ""

    @property
    def state(self) -> PosterState:
        if self.is_pending:
            return PosterState.PENDING
        if self.refusal:
            return PosterState.REFUSED
        return PosterState.READY if self.current else PosterState.NONE

    @property
    def needed(self) -> frozenset[PosterId]:
        """The posters whose pictures are to be kept."""
        return frozenset({self.current, self.newest})


NO_POSTER = OwnPoster()
