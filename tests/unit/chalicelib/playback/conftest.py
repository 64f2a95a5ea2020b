"""Fixtures: a video, its stream, a signed-in viewer, and playback over fakes."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from chalicelib.accounts.model import AccountId
from chalicelib.accounts.session import SessionId
from chalicelib.accounts.tokens import Identity
from chalicelib.catalogue.asset import Asset
from chalicelib.catalogue.damage import Decodable
from chalicelib.catalogue.model import (
    CompleteMedia,
    EncodeStatus,
    EncodeSummary,
    Revision,
    Video,
    VideoId,
)
from chalicelib.playback.admission import Admission
from chalicelib.playback.grants import Grants
from chalicelib.playback.media_urls import MediaUrls
from chalicelib.playback.model import Stream
from chalicelib.playback.service import Playback
from chalicelib.playback.stream_cache import StreamCache
from tests.builders.videos import a_published_video
from tests.fakes.clock import HandClock
from tests.fakes.media_signer import ReadableSigner
from tests.fakes.streams import InMemoryStreams, InMemoryVideoFinder, InMemoryViewers
from tests.fakes.token_signer import RememberingSigner

VIEWER = Identity(AccountId(7), SessionId("s7"))
REVISION = Revision(1)


@dataclass
class PlaybackHarness:
    """The use cases of playback and the fakes behind them."""

    clock: HandClock
    finder: InMemoryVideoFinder
    streams: InMemoryStreams
    viewers: InMemoryViewers
    signer: ReadableSigner
    playback: Playback
    video: Video

    @property
    def id(self) -> VideoId:
        return self.video.id

    def shows(self, asset: Asset, revision: Revision = REVISION) -> None:
        media = CompleteMedia(revision, float(asset.grid.duration), (720,))
        self.change(media=media)
        self.streams.streams[self.id, revision] = Stream(asset, 0, is_complete=True)

    def makes(self, asset: Asset, *, video: int, audio: dict[int, int]) -> None:
        summary = EncodeSummary(REVISION, EncodeStatus.PROCESSING, 10, is_playable=True)
        self.change(media=None, encode=summary)
        self.streams.streams[self.id, REVISION] = Stream(asset, video, audio)

    def refuses(self, asset: Asset, revision: Revision = REVISION) -> None:
        """Keep the revision from being published for its damage."""
        summary = EncodeSummary(
            revision, EncodeStatus.FAILED, 97, decodable=Decodable(0.5), was_refused=True
        )
        media = self.video.media if revision > REVISION else None
        self.change(encode=summary, media=media)
        self.streams.streams[self.id, revision] = Stream(
            asset, 0, is_complete=True, is_refused=True
        )

    def tries_again(self, asset: Asset, *, video: int, audio: dict[int, int]) -> None:
        """Make again what was refused for its damage."""
        summary = EncodeSummary(REVISION, EncodeStatus.PROCESSING, 10, was_refused=True)
        self.change(media=None, encode=summary)
        self.streams.streams[self.id, REVISION] = Stream(asset, video, audio, is_refused=True)

    def change(self, **changes: object) -> None:
        self.video = replace(self.video, **changes)  # type: ignore[arg-type]
        self.finder.videos[self.id] = self.video

    def token(self) -> str:
        """Return the grant in the multivariant playlist."""
        text = self.playback.all_sizes(VIEWER, self.id, playlists_url="")
        return text.rpartition("grant=")[2].strip().strip('"')

    def media_playlist(self, name: str, token: str | None = None) -> str:
        return self.playback.media_playlist(self.id, name, self.token() if token is None else token)


@pytest.fixture
def harness() -> PlaybackHarness:
    clock, finder, streams = HandClock(), InMemoryVideoFinder(), InMemoryStreams()
    viewers, signer = InMemoryViewers({VIEWER.session_id}), ReadableSigner()
    remembered = StreamCache(streams)
    grants = Grants(RememberingSigner(clock), clock)
    admission = Admission(finder, remembered, viewers, grants, clock)
    playback = Playback(admission, grants, remembered, MediaUrls("https://media.example", signer))
    video = a_published_video(clock.now() - timedelta(days=1))
    finder.videos[video.id] = video
    return PlaybackHarness(clock, finder, streams, viewers, signer, playback, video)
