"""Media playlists follow exactly from the grid of the asset."""

from fractions import Fraction

import m3u8
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.catalogue.asset import Asset, Container
from chalicelib.playback import playlists, renditions
from chalicelib.playback.playlists import PlaylistFrame, Urls
from chalicelib.playback.renditions import Rendition, RenditionKind
from tests.builders.assets import ENGLISH, RUNGS, SUBTITLES, asset

VIDEO = Rendition(RenditionKind.VIDEO, "720p")
AUDIO = Rendition(RenditionKind.AUDIO, "0")
IFRAMES = Rendition(RenditionKind.IFRAMES, "720p")
RATES = [Fraction(24000, 1001), Fraction(24), Fraction(25), Fraction(30000, 1001), Fraction(60)]


def media(
    asset: Asset,
    rendition: Rendition,
    *,
    ready: int = 99_999,
    is_complete: bool = True,
    iframes: tuple[int, ...] = (),
) -> str:
    frame = PlaylistFrame(
        target_seconds=renditions.target_seconds(asset, rendition),
        init=renditions.init_of(asset, rendition),
        is_complete=is_complete,
    )
    segments = renditions.segments(asset, rendition, ready=ready, iframes=iframes)
    return playlists.media(list(segments), frame, Urls("https://m/", "?s"))


def test_a_complete_playlist_has_all_segments() -> None:
    assert media(asset(seconds=14), VIDEO).splitlines() == [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        "#EXT-X-TARGETDURATION:6",
        "#EXT-X-MEDIA-SEQUENCE:0",
        "#EXT-X-PLAYLIST-TYPE:VOD",
        '#EXT-X-MAP:URI="https://m/video/720p/init.mp4?s"',
        "#EXTINF:6.000000,",
        "https://m/video/720p/00000.m4s?s",
        "#EXTINF:6.000000,",
        "https://m/video/720p/00001.m4s?s",
        "#EXTINF:2.000000,",
        "https://m/video/720p/00002.m4s?s",
        "#EXT-X-ENDLIST",
    ]


def test_a_playlist_grows_from_its_beginning_during_the_encode() -> None:
    growing = media(asset(seconds=600), VIDEO, ready=2, is_complete=False).splitlines()
    assert "#EXT-X-PLAYLIST-TYPE:EVENT" in growing
    assert "#EXT-X-START:TIME-OFFSET=0" in growing
    assert growing[-1] == "https://m/video/720p/00001.m4s?s"


def test_a_growing_playlist_only_ever_adds_lines() -> None:
    earlier = media(asset(seconds=600), AUDIO, ready=5, is_complete=False)
    later = media(asset(seconds=600), AUDIO, ready=9, is_complete=False)
    assert later.startswith(earlier)
    assert len(later) > len(earlier)


def test_transport_streams_have_no_init_section() -> None:
    listed = m3u8.loads(media(asset(container=Container.TS), VIDEO))
    assert listed.segment_map == []
    assert listed.segments[0].uri == "https://m/video/720p/00000.ts?s"


def test_iframe_playlists_list_the_first_bytes_of_each_segment() -> None:
    listed = m3u8.loads(media(asset(seconds=14), IFRAMES, iframes=(900, 800, 700)))
    assert listed.is_i_frames_only
    assert [each.byterange for each in listed.segments] == ["900@0", "800@0", "700@0"]
    assert listed.segments[2].uri == "https://m/video/720p/00002.m4s?s"


def test_subtitle_segments_last_a_minute_until_the_end() -> None:
    video_asset = asset(seconds=130, subtitles=(SUBTITLES,))
    listed = m3u8.loads(media(video_asset, Rendition(RenditionKind.SUBTITLES, "0")))
    assert [each.duration for each in listed.segments] == [60, 60, 10]
    assert listed.target_duration == 60


def test_sound_and_picture_have_one_target_duration() -> None:
    video_asset = asset(seconds=60)
    durations = {m3u8.loads(media(video_asset, each)).target_duration for each in (VIDEO, AUDIO)}
    assert durations == {6}


@pytest.mark.parametrize("rate", RATES)
def test_ten_hours_of_rounding_are_less_than_a_frame(rate: Fraction) -> None:
    video_asset = asset(seconds=36_000, rate=rate)
    listed = m3u8.loads(media(video_asset, VIDEO))
    total = sum(Fraction(f"{each.duration:.6f}") for each in listed.segments)
    assert abs(total - video_asset.grid.duration) < 1 / rate


@settings(max_examples=60, deadline=None)
@given(frames=st.integers(1, 40_000), rate=st.sampled_from(RATES), cut=st.integers(0, 400))
def test_durations_of_a_playlist_add_up_to_the_rendition(
    frames: int, rate: Fraction, cut: int
) -> None:
    video_asset = asset(seconds=float(frames / rate), rate=rate)
    for rendition in (VIDEO, AUDIO):
        listed = m3u8.loads(media(video_asset, rendition, ready=cut or 99_999))
        longest = max((each.duration for each in listed.segments), default=0)
        assert longest < listed.target_duration + 0.5
    whole = list(renditions.segments(video_asset, AUDIO, ready=99_999))
    assert sum(each.seconds for each in whole) == pytest.approx(
        video_asset.audio_frames * 1024 / 48_000, abs=1e-6
    )


@pytest.mark.parametrize(
    "name",
    ["", "video", "video-720p", "video-../x.m3u8", "video-720p.m3u8\n", "video-\uff17p.m3u8"],
)
def test_other_names_are_no_renditions(name: str) -> None:
    assert renditions.parse(name) is None


def test_names_of_renditions_are_parsed_again() -> None:
    names = [renditions.of_rung(RUNGS[0]), renditions.iframes_of(RUNGS[1])]
    names += [renditions.of_audio(ENGLISH), renditions.of_subtitles(SUBTITLES)]
    assert [renditions.parse(str(each)) for each in names] == names
