"""What a player gets: how much of a title is there, and who may see it how long."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.accounts.model import AccountId
from chalicelib.accounts.session import SessionId
from chalicelib.catalogue.asset import Asset
from chalicelib.catalogue.model import Revision, VideoId
from chalicelib.errors import Forbidden, NotFound

# The heights that clients may ask for: those of the ladder, and the smaller ones that older
# clients know. Anything else is a typing error, and no player guesses for its viewer.
RESOLUTIONS = frozenset({120, 144, 240, 360, 480, 720, 1080, 1440, 2160})


class NotPlayable(NotFound):
    """There is nothing to play: not yet, not any more, or not under this name."""

    code = "not_playable"


class SegmentsAreListed(NotFound):
    """The segment is there, but no player can use it alone (decision 0033)."""

    code = "segments_are_listed"


class GrantRefused(Forbidden):
    """The address of a playlist is forged or spent, or its session is over."""

    code = "grant_refused"


@dataclass(frozen=True, slots=True)
class Stream:
    """One revision of a title, as far as it can be played without a gap."""

    asset: Asset
    video_ready: int
    audio_ready: Mapping[int, int] = field(default_factory=dict)
    is_complete: bool = False
    # It was refused once, and is not published since: administrators may look at it.
    is_refused: bool = False

    @property
    def segments(self) -> int:
        return self.asset.grid.segments if self.is_complete else self.video_ready

    @property
    def subtitle_segments(self) -> int:
        """None before all are there, for a player takes what is missing for silence."""
        return self.asset.subtitle_segments if self.is_complete else 0

    def audio_segments(self, track: int) -> int:
        """No more than of the picture: players go on without it, and lose their place."""
        if self.is_complete:
            return self.asset.audio_segments
        return min(self.audio_ready.get(track, 0), self.segments)


@dataclass(frozen=True, slots=True)
class Grant:
    """The right to play one revision on any device, lent by a session and ending with it."""

    account_id: AccountId
    session_id: SessionId
    video_id: VideoId
    revision: Revision
    issued_at: datetime
    expires_at: datetime
