"""Renders the playlists of a finished encode as viewers get them, and reads them strictly."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from chalicelib.catalogue.asset import AUDIO_FRAME, AUDIO_RATE, Asset
from chalicelib.playback import playlists, renditions
from chalicelib.playback.multivariant import Offer, multivariant
from chalicelib.playback.renditions import Rendition
from transcoder.proof.model import Check, compared
from transcoder.proof.playlists import faults_of_media, faults_of_multivariant

_FRAME = Fraction(AUDIO_FRAME, AUDIO_RATE)
_URLS = playlists.Urls("https://media.invalid/", "?Policy=a")


def playlists_are_right(asset: Asset, iframes: Mapping[str, Sequence[int]]) -> Check:
    """Check playlists against the rules of Apple; `iframes` are lengths per rung and segment."""
    faults = [f"multivariant: {fault}" for fault in faults_of_multivariant(_top(asset, iframes))]
    for rendition in _renditions(asset):
        text = _text(asset, rendition, iframes.get(rendition.of, ()))
        media_faults = faults_of_media(text, duration=asset.grid.duration, frame=_FRAME)
        faults += [f"{rendition}: {fault}" for fault in media_faults]
    return compared("playlists", expected="no fault", faults=faults)


def _top(asset: Asset, iframes: Mapping[str, Sequence[int]]) -> str:
    offered = [(rung, 1) for rung in asset.rungs if iframes.get(rung.name)]
    offer = Offer(asset.rungs, asset.audio, asset.subtitles, offered)
    return multivariant(asset, offer, _URLS)


def _renditions(asset: Asset) -> Iterator[Rendition]:
    yield from map(renditions.of_rung, asset.rungs)
    yield from map(renditions.of_audio, asset.audio)
    yield from map(renditions.of_subtitles, asset.subtitles)
    if asset.has_iframes:
        yield from map(renditions.iframes_of, asset.rungs)


def _text(asset: Asset, rendition: Rendition, lengths: Sequence[int]) -> str:
    everything = max(asset.grid.segments, asset.subtitle_segments)
    frame = playlists.PlaylistFrame(
        target_seconds=renditions.target_seconds(asset, rendition),
        init=renditions.init_of(asset, rendition),
        is_complete=True,
    )
    segments = list(renditions.segments(asset, rendition, ready=everything, iframes=lengths))
    return playlists.media(segments, frame, _URLS)
