"""What is recognised, chosen and called how, before anything is decoded."""

import json
from array import array
from fractions import Fraction

import pytest

from chalicelib.encoding.model import Reason, Sidecar
from chalicelib.encoding.plan import Clock, SoundTimes
from transcoder.errors import Refused
from transcoder.planning.tracks import audio_tracks, readable, subtitle_tracks, with_sidecars
from transcoder.probing.choice import (
    Listed,
    default_of,
    left_out,
    picture_of,
    sounds_of,
    texts_of,
)
from transcoder.probing.languages import own_name, tag_of
from transcoder.probing.model import (
    Facts,
    PictureFacts,
    Question,
    SoundFacts,
    TextFacts,
    Timeline,
)
from transcoder.probing.signatures import demuxer_of, is_sound_alone

_ASKED = Question("film", 1, 100, most_streams=4, long_side=8192, short_side=4608)


def _video(index: int, width: int = 640, height: int = 360, **facts: object) -> Listed:
    return Listed(index, "video", "h264", width=width, height=height, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("head", "demuxer"),
    [
        (b"\0\0\0\x18ftypisom", "mov"),
        (b"\0\0\0\x08wide\0\0\0\0mdat", "mov"),
        (b"\0\0\0\x18uuid" + bytes(16), "mov"),
        (b"\x1a\x45\xdf\xa3", "matroska"),
        (b"RIFF\0\0\0\0AVI LIST", "avi"),
        (b"FLV\x01\x05", "flv"),
        (b"OggS\0", "ogg"),
        (b"\0\0\x01\xba", "mpeg"),
        (b"rest" + (b"\0\0\x01\xba\x44" + bytes(9) + b"\0\0\x01\xe0" + bytes(99)) * 4, "mpeg"),
        (b"rest" + (b"\0\0\x01\xba\x21" + bytes(7) + b"\0\0\x01\xe0" + bytes(99)) * 4, "mpeg"),
        (b"rest" + (b"\0\0\x01\xba\x44" + bytes(9) + b"\0\0\x01\xe0" + bytes(99)) * 3, ""),
        (b"rest" + (b"\0\0\x01\xba" + bytes(99)) * 40, ""),
        (bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c"), "asf"),
        (bytes.fromhex("060e2b34020501010d010201010204"), "mxf"),
        ((b"G" + b"\0" * 187) * 5, "mpegts"),
        (b"junk" + (b"G" + b"\0" * 187) * 5, "mpegts"),
        ((b"time" + b"G" + b"\0" * 187) * 5, "mpegts"),
        (b"#" * 5000 + (b"G" + b"\0" * 187) * 20, "mpegts"),
        ((b"G" + b"\0" * 203) * 5, "mpegts"),
        (b"#" * 5000 + (b"G" + b"\0" * 203) * 20, "mpegts"),
        ((b"G" + b"\0" * 203) * 3, ""),
        (b"\x1f\x07\0\xbf", "dv"),
        (b"DKIF\0\0", "ivf"),
        (b"YUV4MPEG2 W9", "yuv4mpegpipe"),
        (b"nut/multimedia container\0", "nut"),
        (b"GIF89a", "gif"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR acTL IDAT", "apng"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR IDAT acTL", ""),
        (b"\0\0\0\1\x67", "h264"),
        (b"\0\0\0\1\x09\xf0\0\0\0\1\x67", "h264"),
        (b"\0\0\0\1\x40\1", "hevc"),
        (b"\0\0\1\xb3", "mpegvideo"),
        (b"\0\0\1\xb0", "m4v"),
        (b"\x12\0\x0a\x0b", "obu"),
        (b"\0\0\0\0\x01\xbc\0\0\0\x01\x60", "gxf"),
        (b"\x84\x10\xff\xff\xff\xff\x1e\0", "roq"),
        (b"\xff\xd8\xff\xdb", "mjpeg"),
        (b"\0\0\x02\x80\x01\x01\x80", "dnxhd"),
        (b"\0\0\x03\x8c\x03\x01\x80", "dnxhd"),
        (bytes.fromhex("000080020803") + b"data" + bytes.fromhex("000080060803"), "h263"),
        (bytes.fromhex("000080020803") + b"data", ""),
        (b"\0\0\0\x18ftypheic", ""),
        (b"RIFF\0\0\0\0WEBPVP8 ", ""),
        (b"#EXTM3U\n", ""),
        (b"<MPD>", ""),
        (b"", ""),
        (b"G", ""),
    ],
)
def test_a_file_is_what_it_begins_with(head: bytes, demuxer: str) -> None:
    assert demuxer_of(head) == demuxer


@pytest.mark.parametrize("head", [b"ID3\x03", b"fLaC", b"RIFF\0\0\0\0WAVE", b"\xff\xfb\x90"])
def test_sound_is_known_as_such(head: bytes) -> None:
    assert is_sound_alone(head)


def test_the_film_is_the_default_then_the_largest_then_the_longest() -> None:
    small, large = _video(0), _video(1, 1280, 720)
    assert picture_of([small, large], _ASKED) is large
    marked = _video(2, is_default=True)
    assert picture_of([small, large, marked], _ASKED) is marked
    longer = _video(3, 1280, 720, seconds=9.0)
    assert picture_of([large, longer], _ASKED) is longer


def test_a_still_picture_beside_a_film_is_not_the_film() -> None:
    still = _video(0, 3000, 3000, is_default=True, seconds=0.12)
    film, unknown = _video(1, seconds=6.0), _video(2)
    assert picture_of([still, film], _ASKED) is film
    assert picture_of([still, _video(1, seconds=0.5)], _ASKED) is still
    assert (
        picture_of([_video(0, is_default=True, seconds=2), _video(1, seconds=90)], _ASKED).index
        == 0
    )
    assert picture_of([film, unknown], _ASKED) is film


def test_a_cover_is_no_film() -> None:
    cover = _video(0, 3000, 3000, is_still=True)
    assert picture_of([cover, _video(1)], _ASKED).index == 1


@pytest.mark.parametrize(
    ("streams", "reason"),
    [
        ([], Reason.CORRUPT),
        ([Listed(0, "data", "")], Reason.CORRUPT),
        ([Listed(0, "data", "", seconds=3)], Reason.NOT_VIDEO),
        ([Listed(0, "audio", "aac")], Reason.AUDIO_ONLY),
        ([_video(0, is_still=True), Listed(1, "audio", "aac")], Reason.AUDIO_ONLY),
        ([Listed(0, "video", "")], Reason.UNSUPPORTED_CODEC),
        ([_video(0, 4610, 4610)], Reason.TOO_MANY_PIXELS),
        ([_video(0, 100, 8194)], Reason.TOO_MANY_PIXELS),
        ([_video(number) for number in range(5)], Reason.TOO_MANY_STREAMS),
    ],
)
def test_a_file_without_a_film_we_want_is_refused(streams: list[Listed], reason: Reason) -> None:
    with pytest.raises(Refused) as refusal:
        picture_of(streams, _ASKED)
    assert refusal.value.reason is reason


def test_an_8k_film_may_stand_or_lie() -> None:
    assert picture_of([_video(0, 8192, 4608)], _ASKED).index == 0
    assert picture_of([_video(0, 4608, 8192)], _ASKED).index == 0


def test_subtitles_that_are_pictures_are_left_out_and_it_is_said() -> None:
    text, bitmap = Listed(1, "subtitle", "ass"), Listed(2, "subtitle", "hdmv_pgs_subtitle")
    assert texts_of([text, bitmap], _video(9)) == [text]
    assert left_out([_video(0), text, bitmap], _video(0)) == [
        "Stream 2 was left out: subtitles that are pictures."
    ]


@pytest.mark.parametrize("codec", ["eia_608", ""])
def test_subtitles_of_words_that_are_not_read_are_not_called_pictures(codec: str) -> None:
    words = Listed(1, "subtitle", codec)
    assert left_out([_video(0), words], _video(0)) == [
        "Stream 1 was left out: subtitles of a kind that is not read."
    ]


def test_sound_nobody_can_decode_is_left_out() -> None:
    streams = [Listed(0, "audio", "", is_audible=True), Listed(1, "audio", "aac")]
    assert sounds_of(streams, _video(9)) == []


def test_what_is_meant_for_some_is_not_played_unasked_where_there_is_another_sound() -> None:
    described = Listed(0, "audio", "aac", is_default=True, is_for_some=True)
    plain, marked = Listed(1, "audio", "aac"), Listed(2, "audio", "aac", is_default=True)
    assert default_of([described, plain]) is plain
    assert default_of([described, plain, marked]) is marked
    assert default_of([described]) is described
    assert default_of([]) is None


@pytest.mark.parametrize(
    ("written", "tag"),
    [
        ("ger", "de"),
        ("deu", "de"),
        ("GER", "de"),
        ("de", "de"),
        ("en-us", "en-US"),
        ("en_GB", "en-GB"),
        ("zh-hans", "zh-hans"),
        ("gsw", "gsw"),
        ("", "und"),
        ("und", "und"),
        ("mul", "und"),
        ('e",URI="x', "und"),
        ("e\n", "und"),
        ("a" * 100, "und"),
    ],
)
def test_languages_are_called_as_playlists_call_them(written: str, tag: str) -> None:
    assert tag_of(written) == tag


def test_languages_have_the_names_their_speakers_use() -> None:
    assert (own_name("de"), own_name("pt-BR"), own_name("gsw")) == ("Deutsch", "Português", "")


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ('He said "no"', "He said 'no'"),
        ("two\nlines\r\n#EXT", "twolines#EXT"),
        ("\u202eabc\u200b\0", "abc"),
        ("  much   room ", "much room"),
        ("x" * 500, "x" * 60),
        ("🎬 Director", "🎬 Director"),
    ],
)
def test_a_title_cannot_break_a_playlist(title: str, shown: str) -> None:
    assert readable(title) == shown


def test_tracks_have_distinct_names_and_one_default() -> None:
    sounds = [SoundFacts(number, "de", "", is_default=number > 0) for number in range(3)]
    tracks = audio_tracks(sounds)
    assert [track.name for track in tracks] == ["Deutsch", "Deutsch 2", "Deutsch 3"]
    assert [track.is_default for track in tracks] == [False, True, False]


def test_subtitles_in_separate_files_have_the_names_of_their_languages() -> None:
    """They replace those of the same language in the source."""
    texts = [TextFacts(number, tag, "", False, False) for number, tag in enumerate(("de", "en"))]
    sidecars = [Sidecar(tag, f"film.{tag}.srt") for tag in ("de", "gsw", "und")]
    tracks = with_sidecars(subtitle_tracks(texts), sidecars)
    assert [track.name for track in tracks] == ["English", "Deutsch", "gsw", "Subtitles"]
    assert [track.number for track in tracks] == [0, 1, 2, 3]
    assert [track.is_beside_the_source for track in tracks] == [False, True, True, True]


def test_without_a_default_the_first_sound_is_heard_and_no_subtitle_shown() -> None:
    assert audio_tracks([SoundFacts(1, "und", "", is_default=False)])[0].is_default
    texts = [TextFacts(number, "und", "", number == 0, number == 0) for number in range(2)]
    assert [track.is_default for track in subtitle_tracks(texts)] == [False, False]


def test_facts_survive_the_way_between_processes() -> None:
    picture = PictureFacts(
        0,
        "h264",
        640,
        360,
        "yuv420p",
        "",
        Fraction(4, 3),
        90,
        False,
        Fraction(25),
    )
    for sound in (None, SoundTimes(Fraction(-1, 3), Fraction(2), Fraction(1, 7))):
        clock = Clock(((188, Fraction(7, 3)),), ((0, 188),))
        line = Timeline(
            Fraction(1, 90_000), array("q", [-5, 7, 2**40]), 3, (sound,), clock, ((9, 7),)
        )
        facts = Facts("mov", picture, line, (SoundFacts(1, "de", "🎬", False),), (), ("note",))
        plain = json.loads(facts.to_json())
        assert Facts.from_plain(plain, line.ticks.tobytes()) == facts


def test_sound_and_subtitles_are_those_of_the_program_of_the_picture() -> None:
    picture = _video(2, programs=frozenset({2}))
    other, shared, own, unknown = (
        Listed(number, "audio", "aac", is_audible=True, programs=frozenset(programs))
        for number, programs in ((1, {1}), (3, {1, 2}), (4, {2}), (5, ()))
    )
    text = Listed(6, "subtitle", "subrip", programs=frozenset({1}))
    streams = [other, picture, shared, own, unknown, text]
    assert sounds_of(streams, picture) == [shared, own, unknown]
    assert texts_of(streams, picture) == []
    assert left_out(streams, picture) == [
        "Stream 1 was left out: it belongs to another program.",
        "Stream 6 was left out: it belongs to another program.",
    ]
    assert sounds_of(streams, _video(7)) == [other, shared, own, unknown]


def _shown(*ticks: int) -> Timeline:
    return Timeline(Fraction(1, 25), array("q", ticks), last_ticks=1)


def test_a_picture_is_shown_when_a_later_one_is_decoded() -> None:
    assert list(_shown(0, 3, 4, 6).beginning(3).ticks) == [3, 4, 6, 8]
    assert list(_shown(0, 3, 4, 6).beginning(4).ticks) == [4, 6, 8, 10]


def test_without_such_a_picture_all_are_shown_later() -> None:
    assert list(_shown(0, 3, 4, 6).beginning(2).ticks) == [2, 5, 6, 8]
    assert list(_shown(5).beginning(6).ticks) == [6]
    assert list(_shown(0, 1, 2).beginning(0).ticks) == [0, 1, 2]
