"""Playlists pass the strict reader that also checks them in the proof."""

from fractions import Fraction

import pytest

from chalicelib.catalogue.asset import Container
from chalicelib.playback.multivariant import Offer, multivariant
from chalicelib.playback.playlists import Urls
from chalicelib.playback.renditions import Rendition, RenditionKind
from tests.builders.assets import ENGLISH, GERMAN, RUNGS, SUBTITLES, asset
from tests.unit.chalicelib.playback.test_playlists import RATES, media
from transcoder.proof.playlists import faults_of_media, faults_of_multivariant

EVERY = [
    Rendition(kind, of) for kind, of in zip(RenditionKind, ("720p", "720p", "0", "0"), strict=True)
]


@pytest.mark.parametrize("container", Container)
@pytest.mark.parametrize("rate", RATES)
def test_no_media_playlist_has_a_fault(rate: Fraction, container: Container) -> None:
    video_asset = asset(seconds=130, rate=rate, container=container, subtitles=(SUBTITLES,))
    lengths = (500,) * video_asset.grid.segments
    for rendition in EVERY:
        text = media(video_asset, rendition, iframes=lengths)
        faults = faults_of_media(
            text, duration=video_asset.grid.duration, frame=Fraction(1024, 48_000)
        )
        assert faults == []


def test_no_multivariant_playlist_has_a_fault() -> None:
    video_asset = asset(audio=(ENGLISH, GERMAN), subtitles=(SUBTITLES,))
    iframes = [(rung, 100_000) for rung in RUNGS]
    offer = Offer(RUNGS, video_asset.audio, video_asset.subtitles, iframes)
    text = multivariant(video_asset, offer, Urls("playlist/", "?grant=g"))
    assert faults_of_multivariant(text) == []
