"""Playlists are read strictly: one mistake in them is one complaint."""

from fractions import Fraction

import pytest

from chalicelib.playback import renditions
from chalicelib.playback.multivariant import Offer, multivariant
from chalicelib.playback.playlists import PlaylistFrame, Urls, media
from tests.builders.reports import finished
from transcoder.proof.playlists import faults_of_media, faults_of_multivariant
from transcoder.proof.rendered import playlists_are_right

URLS = Urls("https://media.test/", "?Policy=a~b")

MULTIVARIANT = """#EXTM3U
#EXT-X-VERSION:7
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="Deutsch",LANGUAGE="de",DEFAULT=YES,AUTOSELECT=YES,URI="x"
#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="s",NAME="English",LANGUAGE="en",AUTOSELECT=YES,URI="y"
#EXT-X-STREAM-INF:BANDWIDTH=20,AVERAGE-BANDWIDTH=10,CODECS="avc1.64001f,mp4a.40.2",\
RESOLUTION=1280x720,FRAME-RATE=23.976,AUDIO="a",SUBTITLES="s"
https://media.test/720p?Policy=a~b
#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=5,AVERAGE-BANDWIDTH=5,CODECS="avc1.64001f",\
RESOLUTION=1280x720,URI="https://media.test/i"
"""
MEDIA = """#EXTM3U
#EXT-X-VERSION:7
#EXT-X-TARGETDURATION:6
#EXT-X-PLAYLIST-TYPE:VOD
#EXT-X-MAP:URI="https://media.test/init.mp4"
#EXTINF:6.000000,
https://media.test/0.m4s
#EXTINF:2.500000,
https://media.test/1.m4s
#EXT-X-ENDLIST
"""
IFRAMES = MEDIA.replace("#EXT-X-MAP", "#EXT-X-I-FRAMES-ONLY\n#EXT-X-MAP").replace(
    "0,\n", "0,\n#EXT-X-BYTERANGE:900@0\n"
)


def test_good_playlists_pass() -> None:
    assert faults_of_multivariant(MULTIVARIANT) == []
    assert faults_of_media(MEDIA, duration=Fraction(17, 2)) == []
    assert faults_of_media(IFRAMES, duration=Fraction(17, 2)) == []


def test_what_we_render_passes() -> None:
    title = finished()
    asset = title.proof().asset
    offer = Offer(asset.rungs, asset.audio, asset.subtitles, [(asset.rungs[0], 900)])
    assert faults_of_multivariant(multivariant(asset, offer, URLS)) == []


@pytest.mark.parametrize("name", ["video", "audio", "subtitles", "iframes"])
def test_every_list_that_we_render_passes(name: str) -> None:
    asset = finished().proof().asset
    rendition = {
        "video": renditions.of_rung(asset.rungs[0]),
        "audio": renditions.of_audio(asset.audio[0]),
        "subtitles": renditions.of_subtitles(asset.subtitles[0]),
        "iframes": renditions.iframes_of(asset.rungs[0]),
    }[name]
    lengths = [900] * asset.grid.segments
    segments = list(renditions.segments(asset, rendition, ready=99, iframes=lengths))
    frame = PlaylistFrame(renditions.target_seconds(asset, rendition), "init.mp4", is_complete=True)
    faults = faults_of_media(
        media(segments, frame, URLS), duration=asset.grid.duration, frame=Fraction(1024, 48_000)
    )
    assert faults == []


def test_a_list_that_still_grows_passes() -> None:
    growing = MEDIA.replace("VOD", "EVENT").replace("#EXT-X-ENDLIST\n", "")
    assert faults_of_media(growing) == []


@pytest.mark.parametrize(
    ("part", "instead", "fault"),
    [
        ("#EXTM3U\n", "", "does not begin with #EXTM3U"),
        ("#EXT-X-INDEPENDENT-SEGMENTS\n", "", "no EXT-X-INDEPENDENT-SEGMENTS"),
        ("#EXT-X-VERSION:7\n", "", "no version"),
        ("#EXT-X-VERSION:7\n", "#EXT-X-VERSION:7\n#EXT-X-FOO:1\n", "unknown tag EXT-X-FOO"),
        ("BANDWIDTH=20,AV", "AV", "the average is above the peak, or neither is a number"),
        ("BANDWIDTH=20", "BANDWIDTH=9", "the average is above the peak, or neither is a number"),
        (",FRAME-RATE=23.976", "", "a variant without FRAME-RATE"),
        ("RATE=23.976", "RATE=120", "not a frame rate: 120"),
        ('AUDIO="a"', 'AUDIO="b"', "no group of AUDIO called b"),
        (',SUBTITLES="s"', "", "a variant without SUBTITLES"),
        ("YES,AUTOSELECT=YES,URI", "YES,URI", "a default that is not chosen by itself"),
        ('NAME="English"', "NAME=English", "attribute NAME is badly written"),
        (',URI="https://media.test/i"', "", "an I-frame list without URI"),
        ("https://media.test/720p?Policy=a~b\n", "", "a variant has no URI"),
        ("?Policy", " ?Policy", "blanks in a URI"),
        (
            'TYPE=SUBTITLES,GROUP-ID="s"',
            'TYPE=AUDIO,GROUP-ID="a"',
            "no group of SUBTITLES called s",
        ),
    ],
)
def test_a_mistake_in_a_multivariant_playlist_is_reported(
    part: str, instead: str, fault: str
) -> None:
    assert part in MULTIVARIANT
    assert fault in faults_of_multivariant(MULTIVARIANT.replace(part, instead, 1))


@pytest.mark.parametrize(
    ("part", "instead", "fault"),
    [
        ("#EXT-X-ENDLIST\n", "", "VOD without an end"),
        ("VOD", "LIVE", "neither VOD nor EVENT"),
        ("#EXT-X-TARGETDURATION:6\n", "", "no EXT-X-TARGETDURATION"),
        ("DURATION:6", "DURATION:5", "a segment of 6.000 s, longer than 5 s"),
        ("#EXTINF:2.500000,\n", "", "a segment without a length"),
        ("2.500000,", "2.500000", "a segment without a length"),
        ("2.5", "2.6", "lasts 8.600 s instead of 8.500 s"),
        ("1.m4s", "0.m4s", "a URI comes twice"),
        ('URI="https://media.test/init.mp4"', 'BYTERANGE="1@0"', "a map without URI"),
        ("#EXT-X-VERSION:7\n", "#EXT-X-VERSION:7\n#EXT-X-VERSION:7\n", "EXT-X-VERSION comes twice"),
        ("#EXT-X-MAP", "#EXT-X-I-FRAMES-ONLY\n#EXT-X-MAP",
         "ranges are for lists of I-frames, and those have them"),
        ("\n#EXT-X-ENDLIST\n", "\n#EXT-X-ENDLIST", "does not end with a line break"),
        ("\n#EXTINF:2", "\r\n#EXTINF:2", "control characters"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_media_playlist_is_reported(part: str, instead: str, fault: str) -> None:
    assert part in MEDIA
    text = MEDIA.replace(part, instead, 1)
    assert fault in faults_of_media(text, duration=Fraction(17, 2))


def test_a_range_for_every_picture() -> None:
    text = IFRAMES.replace("#EXT-X-BYTERANGE:900@0\n", "", 1)
    assert faults_of_media(text) == ["not every URI has its range"]
    assert faults_of_media(IFRAMES.replace("900@0", "900")) == ["a range without @"] * 2


def test_half_a_frame_too_long_is_as_long() -> None:
    duration, frame = Fraction(17, 2) - Fraction(1, 50), Fraction(1, 25)
    assert faults_of_media(MEDIA, duration=duration, frame=frame) == []


def test_two_of_a_group_differ() -> None:
    line = next(each for each in MULTIVARIANT.splitlines() if "TYPE=AUDIO" in each)
    faults = faults_of_multivariant(MULTIVARIANT.replace(line, f"{line}\n{line}"))
    assert faults == ["two of AUDIO a have one name", "two of AUDIO a are the default"]


def test_the_playlists_of_a_video_are_one_check() -> None:
    asset = finished().proof().asset
    lengths = {rung.name: [900] * asset.grid.segments for rung in asset.rungs}
    check = playlists_are_right(asset, lengths)
    assert check.ok, check.measured


def test_the_check_says_which_playlist_is_wrong() -> None:
    asset = finished().proof().asset
    check = playlists_are_right(asset, {asset.rungs[0].name: [900]})
    assert not check.ok
    assert f"iframes-{asset.rungs[0].name}" in check.measured
