"""The multivariant playlist: renditions, measured bandwidths and safe names."""

from dataclasses import replace

import m3u8

from chalicelib.catalogue.asset import Asset, AudioTrack
from chalicelib.playback.multivariant import Offer, multivariant
from chalicelib.playback.playlists import Urls
from tests.builders.assets import ENGLISH, GERMAN, RUNGS, SUBTITLES, asset

EXPECTED = """\
#EXTM3U
#EXT-X-VERSION:7
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="English",LANGUAGE="en",DEFAULT=YES,\
AUTOSELECT=YES,CHANNELS="2",URI="playlist/audio-0.m3u8?grant=g"
#EXT-X-STREAM-INF:BANDWIDTH=2190000,AVERAGE-BANDWIDTH=1728000,\
CODECS="avc1.64001e,mp4a.40.2",RESOLUTION=854x480,FRAME-RATE=25.000,AUDIO="audio",\
CLOSED-CAPTIONS=NONE
playlist/video-480p.m3u8?grant=g
"""

URLS = Urls("playlist/", "?grant=g")


def offered(video_asset: Asset, offer: Offer | None = None) -> m3u8.M3U8:
    offer = offer or Offer(video_asset.rungs, video_asset.audio, video_asset.subtitles)
    return m3u8.loads(multivariant(video_asset, offer, URLS))


def names(tracks: list[AudioTrack]) -> list[str]:
    video_asset = asset(audio=tuple(tracks))
    return [each.name for each in offered(video_asset).media]


def test_a_small_playlist_is_exactly_this() -> None:
    video_asset = asset(rungs=RUNGS[2:], audio=(ENGLISH,))
    text = multivariant(video_asset, Offer(video_asset.rungs, video_asset.audio), URLS)
    assert text == EXPECTED


def test_the_first_variant_has_about_two_megabits() -> None:
    heights = [each.stream_info.resolution[1] for each in offered(asset()).playlists]
    assert heights == [480, 1080, 720]


def test_bandwidth_is_that_of_the_video_and_the_largest_audio_rendition() -> None:
    variant = offered(asset(audio=(ENGLISH, GERMAN))).playlists[1].stream_info
    assert variant.bandwidth == RUNGS[0].peak + GERMAN.peak
    assert variant.average_bandwidth == RUNGS[0].average + ENGLISH.average


def test_without_measured_rates_bandwidth_is_the_encoder_limit() -> None:
    unmeasured = replace(RUNGS[1], peak=0, average=0)
    variant = offered(asset(rungs=(unmeasured,), audio=())).playlists[0].stream_info
    assert variant.average_bandwidth == 4_000_000
    assert 4_000_000 < variant.bandwidth <= 6_000_000


def test_a_video_without_audio_has_no_audio_group() -> None:
    variant = offered(asset(audio=())).playlists[0].stream_info
    assert (variant.audio, variant.codecs) == (None, "avc1.64001e")


def test_languages_and_subtitles_are_groups_of_every_variant() -> None:
    video_asset = asset(audio=(ENGLISH, GERMAN), subtitles=(SUBTITLES,))
    listed = offered(video_asset)
    assert [(each.type, each.language, each.default) for each in listed.media] == [
        ("AUDIO", "en", "YES"),
        ("AUDIO", "de", "NO"),
        ("SUBTITLES", "de", "NO"),
    ]
    groups = {(each.stream_info.audio, each.stream_info.subtitles) for each in listed.playlists}
    assert groups == {("audio", "subtitles")}


def test_subtitles_are_off_until_a_viewer_chooses_them() -> None:
    # FFmpeg marks the first text track of an MP4 as the default, as in the sample video.
    marked = replace(SUBTITLES, is_default=True)
    forced = replace(SUBTITLES, number=1, name="Forced", is_forced=True, is_default=True)
    listed = offered(asset(subtitles=(marked, forced)))
    subtitles = [each for each in listed.media if each.type == "SUBTITLES"]
    assert [(each.default, each.autoselect, each.forced) for each in subtitles] == [
        ("NO", "YES", "NO"),
        ("NO", "YES", "YES"),
    ]


def test_subtitles_for_the_deaf_are_marked_as_such() -> None:
    for_deaf = replace(SUBTITLES, number=1, name="Deutsch (SDH)", is_for_deaf=True)
    listed = offered(asset(subtitles=(SUBTITLES, for_deaf)))
    subtitles = [each for each in listed.media if each.type == "SUBTITLES"]
    assert [each.characteristics for each in subtitles] == [
        None,
        (
            "public.accessibility.transcribes-spoken-dialog,"
            "public.accessibility.describes-music-and-sound"
        ),
    ]


def test_a_commentary_is_not_chosen_by_the_language_of_the_main_sound() -> None:
    comment = replace(ENGLISH, number=1, name="Comment", is_default=False, is_for_some=True)
    other = replace(GERMAN, number=2, is_for_some=True)
    listed = offered(asset(audio=(ENGLISH, comment, other)))
    assert [each.autoselect for each in listed.media] == ["YES", "NO", "YES"]
    listed = offered(asset(audio=(replace(ENGLISH, is_for_some=True), comment)))
    assert [each.autoselect for each in listed.media] == ["YES", "YES"]
    both = (ENGLISH, replace(comment, is_for_some=False))
    assert [each.autoselect for each in offered(asset(audio=both)).media] == ["YES", "YES"]
    first = (replace(ENGLISH, is_for_some=True), replace(comment, is_for_some=False))
    assert [each.autoselect for each in offered(asset(audio=first)).media] == ["YES", "YES"]


def test_exactly_one_audio_rendition_is_the_default() -> None:
    tracks = (replace(ENGLISH, is_default=False), replace(GERMAN, is_default=False))
    assert [each.default for each in offered(asset(audio=tracks)).media] == ["YES", "NO"]
    tracks = (ENGLISH, replace(GERMAN, is_default=True))
    assert [each.default for each in offered(asset(audio=tracks)).media] == ["YES", "NO"]


def test_an_unknown_language_is_not_named() -> None:
    listed = offered(asset(audio=(replace(ENGLISH, language="und"),)))
    assert listed.media[0].language is None


def test_names_from_files_cannot_leave_their_quotes() -> None:
    evil = replace(ENGLISH, name='A",URI="http://evil"\r\n#EXT-X-ENDLIST\u2028\0', language='e"n')
    video_asset = asset(audio=(evil,))
    text = multivariant(video_asset, Offer(video_asset.rungs, video_asset.audio), URLS)
    assert len(text.splitlines()) == 3 + 1 + 2 * len(RUNGS)
    assert """NAME="A',URI='http://evil' #EXT-X-ENDLIST",LANGUAGE="e'n",DEFAULT""" in text


def test_names_differ_within_a_group() -> None:
    spelled = ["Same", "Same (2)", "Same", "Same", ""]
    tracks = [replace(ENGLISH, number=n, name=name) for n, name in enumerate(spelled)]
    assert names(tracks) == ["Same", "Same (2)", "Same (3)", "Same (4)", "en"]


def test_iframe_playlists_are_listed_with_their_rate() -> None:
    listed = offered(asset(), Offer(RUNGS, iframes=[(RUNGS[0], 480_000)]))
    (iframes,) = listed.iframe_playlists
    assert iframes.uri == "playlist/iframes-1080p.m3u8?grant=g"
    assert iframes.iframe_stream_info.bandwidth == 480_000
