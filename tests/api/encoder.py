"""A stand-in for the pipeline, which stores encoded videos, and the way to their playlists."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urljoin

import m3u8

from chalicelib.catalogue.asset import Asset
from chalicelib.catalogue.model import CompleteMedia, EncodeStatus, EncodeSummary, Video
from chalicelib.catalogue.ports import VideoStore
from chalicelib.encoding.model import Encode, Source
from chalicelib.encoding.ports import EncodeStore
from chalicelib.wiring import stage
from tests.browser import Browser
from tests.builders.assets import asset
from tests.builders.videos import a_video
from tests.fakes.clock import HandClock


@dataclass
class Encoder:
    """Stores videos as the pipeline does, through the real stores."""

    clock: HandClock

    def video(
        self,
        planned_asset: Asset | None = None,
        *,
        is_published: bool = True,
        source_key: str = "",
        **media: Any,
    ) -> Video:
        """`media`: changes of what the catalogue knows of the complete media."""
        video = self.video_in_encode(
            planned_asset or asset(seconds=20), is_published=is_published, source_key=source_key
        )
        self._encodes().finish(video.id, video.encode.revision, planned_asset or asset(seconds=20))
        usual = CompleteMedia(video.encode.revision, 20, (720,), mp4_name="film")
        complete = replace(usual, **media)
        self._videos().complete(video.id, complete)
        self.clock.advance(seconds=3)
        return replace(video, media=complete)

    def video_in_encode(
        self, planned_asset: Asset, *, is_published: bool = True, source_key: str = ""
    ) -> Video:
        video = a_video(self.clock.now())
        self._videos().add(video)
        self._videos().write(video.id, video.card, is_published=is_published)
        revision = self._videos().begin_encode(video.id)
        key = source_key or f"uploads/{video.id}/{'0' * 32}/source.mp4"
        source = Source(key, "e" * 32, 1)
        encode = self._encodes().begin(Encode(video.id, revision, source))
        self._encodes().planned(encode, planned_asset, segments_per_chunk=2)
        self._encodes().chunk_done(video.id, revision, 0)
        self._encodes().audio_grown(video.id, revision, 0, 2)
        summary = EncodeSummary(revision, EncodeStatus.PROCESSING, 10, is_playable=True)
        self._videos().record_encode(video.id, summary)
        self.clock.advance(seconds=3)
        return replace(video, encode=summary)

    def _videos(self) -> VideoStore:
        return stage.videos()

    def _encodes(self) -> EncodeStore:
        return stage.encodes()


def media_path(browser: Browser, video: Video, *, of: str = "video-480p") -> str:
    """Return the path of a media playlist, as listed in the multivariant playlist."""
    path = f"/video/{video.id}/master.m3u8"
    answer = browser.get(path)
    assert answer.status == 200, answer.body
    listed = m3u8.loads(answer.body.decode())
    uris = [each.uri for each in [*listed.playlists, *listed.media]]
    (uri,) = [each for each in uris if f"/{of}." in f"/{each}"]
    return str(urljoin(path, uri))
