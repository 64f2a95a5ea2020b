"""Streams, videos and viewers that a test sets up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from chalicelib.accounts.model import AccountId, SessionOver
from chalicelib.accounts.session import SessionId
from chalicelib.catalogue.model import Revision, Video, VideoId, VideoNotFound
from chalicelib.playback.model import Grant, GrantRefused, NotPlayable, Stream

Key = tuple[VideoId, Revision]


@dataclass
class InMemoryStreams:
    streams: dict[Key, Stream] = field(default_factory=dict)
    indexes: dict[Key, Mapping[str, Sequence[int]]] = field(default_factory=dict)
    reads: int = 0

    def stream(self, video_id: VideoId, revision: Revision) -> Stream:
        self.reads += 1
        if (video_id, revision) not in self.streams:
            raise NotPlayable("This video cannot be played any more.")
        return self.streams[video_id, revision]

    def iframes(self, video_id: VideoId, revision: Revision) -> Mapping[str, Sequence[int]]:
        self.reads += 1
        return self.indexes.get((video_id, revision), {})


@dataclass
class InMemoryVideoFinder:
    videos: dict[VideoId, Video] = field(default_factory=dict)

    def find(self, video_id: VideoId) -> Video:
        if video_id not in self.videos:
            raise VideoNotFound
        return self.videos[video_id]


@dataclass
class InMemoryViewers:
    sessions: set[SessionId] = field(default_factory=set)
    admins: set[AccountId] = field(default_factory=set)

    def require_alive(self, grant: Grant) -> None:
        if grant.session_id not in self.sessions:
            raise GrantRefused(SessionOver.sentence)

    def is_admin(self, account_id: AccountId) -> bool:
        return account_id in self.admins
