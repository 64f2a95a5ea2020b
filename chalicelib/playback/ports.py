"""Ports of the playback feature: videos, streams, URL signing and viewers."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from chalicelib.accounts.model import AccountId
from chalicelib.catalogue.model import Revision, Video, VideoId
from chalicelib.playback.model import Grant, Stream


class VideoFinder(Protocol):
    def find(self, video_id: VideoId) -> Video:
        """Return the video, also a draft; raise `VideoNotFound` if there is none."""


class Streams(Protocol):
    def stream(self, video_id: VideoId, revision: Revision) -> Stream:
        """Return what is playable now; raise `NotPlayable` if the revision will never be."""

    def iframes(self, video_id: VideoId, revision: Revision) -> Mapping[str, Sequence[int]]:
        """Return the lengths in bytes of the I-frames that segments begin with, by rung."""


class MediaSigner(Protocol):
    def query(self, folder: str, *, expires_at: datetime) -> str:
        """Return the query string that signs every object below the folder until it expires."""


class Viewers(Protocol):
    def require_alive(self, grant: Grant) -> None:
        """Raise `GrantRefused` if the session of the grant is over."""

    def is_admin(self, account_id: AccountId) -> bool: ...
