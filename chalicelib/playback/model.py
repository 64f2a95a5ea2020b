"""Streams and grants: how much of a video is playable, and the permission to play it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.accounts.model import AccountId
from chalicelib.accounts.session import SessionId
from chalicelib.catalogue.asset import Asset
from chalicelib.catalogue.model import Revision, VideoId
from chalicelib.errors import Forbidden, NotFound

# The heights that clients may request: those of the ladder, and smaller ones of older clients.
# Any other height is an error of the client; 120 is that of an MP4 file, and in no playlist.
RESOLUTIONS = frozenset({144, 240, 360, 480, 720, 1080, 1440, 2160})


class NotPlayable(NotFound):
    """There is nothing to play: not yet, no longer, or not under this name."""

    code = "not_playable"


class SegmentsAreListed(NotFound):
    """The segment exists, but no player can use it alone (decision 0033)."""

    code = "segments_are_listed"


class GrantRefused(Forbidden):
    """The grant in a playlist URL is forged or expired, or its session is over."""

    code = "grant_refused"


@dataclass(frozen=True, slots=True)
class Stream:
    """One revision of a video, up to the first missing segment."""

    asset: Asset
    video_ready: int
    audio_ready: Mapping[int, int] = field(default_factory=dict)
    is_complete: bool = False
    # Refused for its damage and not published since; administrators may play it.
    is_refused: bool = False

    @property
    def segments(self) -> int:
        return self.asset.grid.segments if self.is_complete else self.video_ready

    @property
    def subtitle_segments(self) -> int:
        """0 until all are there, because a player takes a missing segment for one without text."""
        return self.asset.subtitle_segments if self.is_complete else 0

    def audio_segments(self, track: int) -> int:
        """At most as many as video segments, or players would run ahead of the picture."""
        if self.is_complete:
            return self.asset.audio_segments
        return min(self.audio_ready.get(track, 0), self.segments)


@dataclass(frozen=True, slots=True)
class Grant:
    """The permission to play one revision on any device, until its session ends."""

    account_id: AccountId
    session_id: SessionId
    video_id: VideoId
    revision: Revision
    issued_at: datetime
    expires_at: datetime
