"""Use cases of playback: the playlists and the storyboard of a video."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NoReturn

from chalicelib.accounts.tokens import Identity
from chalicelib.catalogue.asset import Asset, Rung
from chalicelib.catalogue.model import NO_AGE_LIMIT, Revision, VideoId
from chalicelib.lru_cache import LruCache
from chalicelib.playback import playlists, renditions
from chalicelib.playback.admission import Admission, Playing
from chalicelib.playback.grants import Grants
from chalicelib.playback.media_urls import MediaUrls
from chalicelib.playback.model import (
    RESOLUTIONS,
    Grant,
    NotPlayable,
    SegmentsAreListed,
    Stream,
)
from chalicelib.playback.multivariant import Offer, multivariant
from chalicelib.playback.playlists import PlaylistFrame, Urls
from chalicelib.playback.ports import Streams
from chalicelib.playback.renditions import Rendition, RenditionKind
from chalicelib.playback.storyboard import storyboard

_RESOLUTION = re.compile(r"([0-9]{3,4})p?", re.ASCII)
_SEGMENT = re.compile(r"([0-9]{1,5})\.(ts|m4s)", re.ASCII)
# Placeholder of the signature in cached playlists; no URL contains this character.
_SIGNATURE = "\0"
_KEPT = 60

_Key = tuple[VideoId, Revision]


@dataclass(frozen=True, slots=True)
class Playback:
    admission: Admission
    grants: Grants
    streams: Streams
    media: MediaUrls
    # Split at the signatures, so that signing a thousand URLs is one join.
    _playlists: LruCache[tuple[VideoId, Revision, Rendition], Sequence[str]] = field(
        default_factory=lambda: LruCache(_KEPT)
    )
    _iframes: LruCache[_Key, Sequence[tuple[Rung, int]]] = field(
        default_factory=lambda: LruCache(_KEPT)
    )

    def all_sizes(
        self,
        identity: Identity,
        video_id: VideoId,
        *,
        playlists_url: str,
        age_limit: int = NO_AGE_LIMIT,
        refused: Revision | None = None,
    ) -> str:
        """Return the multivariant playlist; URLs of media playlists begin with `playlists_url`."""
        playing = self.admission.admit(identity, video_id, age_limit=age_limit, refused=refused)
        return self._multivariant(playing, playing.stream.asset.rungs, playlists_url)

    def one_size(
        self,
        identity: Identity,
        video_id: VideoId,
        resolution: str,
        *,
        playlists_url: str,
        age_limit: int = NO_AGE_LIMIT,
    ) -> str:
        """Return a multivariant playlist with one variant."""
        playing = self.admission.admit(identity, video_id, age_limit=age_limit)
        rung = _nearest(playing.stream.asset.rungs, resolution)
        return self._multivariant(playing, [rung], playlists_url)

    def media_playlist(self, video_id: VideoId, name: str, token: str) -> str:
        """Return a media playlist with absolute, signed URLs."""
        playing = self.admission.readmit(video_id, token)
        rendition = renditions.parse(name)
        if rendition is None:
            raise _nothing()
        return self._signed(playing.grant, self._media_playlist(playing, rendition))

    def require_no_segment(
        self,
        identity: Identity,
        video_id: VideoId,
        resolution: str,
        segment: str,
        *,
        age_limit: int = NO_AGE_LIMIT,
    ) -> NoReturn:
        """Raise `SegmentsAreListed` for an existing segment, `NotPlayable` for any other name."""
        asset = self.admission.admit(identity, video_id, age_limit=age_limit).stream.asset
        _nearest(asset.rungs, resolution)
        match = _SEGMENT.fullmatch(segment)
        if match is None or int(match[1]) >= asset.grid.segments:
            raise _nothing()
        raise SegmentsAreListed("Segments have no URL here: index.m3u8 lists where they are.")

    def storyboard(
        self, identity: Identity, video_id: VideoId, *, age_limit: int = NO_AGE_LIMIT
    ) -> str:
        playing = self.admission.admit(identity, video_id, age_limit=age_limit)
        if not playing.stream.is_complete:
            raise NotPlayable("This video cannot be played yet.")
        asset, grant = playing.stream.asset, playing.grant
        if asset.storyboard is None:
            raise _nothing()
        text = storyboard(asset, asset.storyboard, self._urls(grant))
        return self._signed(grant, text.split(_SIGNATURE))

    def _multivariant(self, playing: Playing, rungs: Sequence[Rung], playlists_url: str) -> str:
        stream, asset = playing.stream, playing.stream.asset
        audio = [track for track in asset.audio if stream.audio_segments(track.number)]
        if not stream.segments or bool(audio) != bool(asset.audio):
            raise NotPlayable("This video cannot be played yet.")
        offer = Offer(
            rungs,
            audio,
            asset.subtitles if stream.is_complete else (),
            [each for each in self._iframes_of(playing) if each[0] in rungs],
        )
        token = self.grants.token(playing.grant)
        return multivariant(asset, offer, Urls(playlists_url, f"?grant={token}"))

    def _media_playlist(self, playing: Playing, rendition: Rendition) -> Sequence[str]:
        key = (playing.grant.video_id, playing.grant.revision, rendition)
        kept = self._playlists.get(key) if playing.stream.is_complete else None
        if kept:
            return kept
        cut = self._list(playing, rendition).split(_SIGNATURE)
        if playing.stream.is_complete:
            self._playlists.put(key, cut)
        return cut

    def _list(self, playing: Playing, rendition: Rendition) -> str:
        stream, grant = playing.stream, playing.grant
        lengths = self._lengths(playing, rendition)
        ready = _ready(stream, rendition)
        if not (lengths or ready):
            raise _nothing()
        segments = renditions.segments(stream.asset, rendition, ready=ready, iframes=lengths)
        frame = PlaylistFrame(
            target_seconds=renditions.target_seconds(stream.asset, rendition),
            init=renditions.init_of(stream.asset, rendition),
            is_complete=stream.is_complete,
        )
        return playlists.media(list(segments), frame, self._urls(grant))

    def _lengths(self, playing: Playing, rendition: Rendition) -> Sequence[int]:
        """Return the lengths of the I-frames if the rendition is an I-frame playlist."""
        if rendition.kind is not RenditionKind.IFRAMES or not playing.stream.is_complete:
            return ()
        grant = playing.grant
        index = self.streams.iframes(grant.video_id, grant.revision)
        return index.get(rendition.of, ())

    def _iframes_of(self, playing: Playing) -> Sequence[tuple[Rung, int]]:
        asset, grant = playing.stream.asset, playing.grant
        if not (asset.has_iframes and playing.stream.is_complete):
            return ()
        key = (grant.video_id, grant.revision)
        measured = self._iframes.get(key)
        if measured is None:
            measured = self._measured_iframes(asset, grant)
            self._iframes.put(key, measured)
        return measured

    def _measured_iframes(self, asset: Asset, grant: Grant) -> Sequence[tuple[Rung, int]]:
        index = self.streams.iframes(grant.video_id, grant.revision)
        measured = []
        for rung in asset.rungs:
            segments = renditions.segments(
                asset, renditions.iframes_of(rung), ready=0, iframes=index.get(rung.name, ())
            )
            bandwidth = playlists.iframe_bandwidth(segments)
            if bandwidth:
                measured.append((rung, bandwidth))
        return measured

    def _urls(self, grant: Grant) -> Urls:
        return Urls(self.media.base(grant.video_id, grant.revision), f"?{_SIGNATURE}")

    def _signed(self, grant: Grant, cut: Sequence[str]) -> str:
        query = self.media.query(grant.video_id, grant.revision, expires_at=grant.expires_at)
        return query.join(cut)


def _ready(stream: Stream, rendition: Rendition) -> int:
    asset, number = stream.asset, rendition.of
    match rendition.kind:
        case RenditionKind.VIDEO if any(rung.name == number for rung in asset.rungs):
            return stream.segments
        case RenditionKind.AUDIO if any(str(track.number) == number for track in asset.audio):
            return stream.audio_segments(int(number))
        case RenditionKind.SUBTITLES if any(
            str(track.number) == number for track in asset.subtitles
        ):
            return stream.subtitle_segments
    return 0


def _nearest(rungs: Sequence[Rung], resolution: str) -> Rung:
    """Return the rung of this height, else the next smaller one, else the smallest."""
    match = _RESOLUTION.fullmatch(resolution)
    height = int(match[1]) if match else 0
    if height not in RESOLUTIONS:
        raise _nothing()
    smaller = [rung for rung in rungs if _lines(rung) <= height]
    return max(smaller, key=_lines) if smaller else min(rungs, key=_lines)


def _lines(rung: Rung) -> int:
    return int(rung.name.removesuffix("p"))


def _nothing() -> NotPlayable:
    return NotPlayable("There is nothing to play here.")
