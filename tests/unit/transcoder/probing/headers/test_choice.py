"""The picture, sounds and subtitles that are chosen before anything is decoded."""

from typing import Any

import pytest

from chalicelib.encoding.failures import Finding, Reason
from transcoder.errors import Refused
from transcoder.probing.headers.choice import (
    Listed,
    default_of,
    is_sound_encrypted,
    left_out,
    lost_sounds,
    picture_of,
    sounds_of,
    text_facts,
    texts_of,
)
from transcoder.probing.model import (
    Question,
)

_ASKED = Question("film", 1, 100, most_streams=4, long_side=8192, short_side=4608)


def _video(index: int, width: int = 640, height: int = 360, **facts: Any) -> Listed:
    return Listed(index, "video", "h264", width=width, height=height, **facts)


def test_the_video_stream_is_the_default_then_the_largest_then_the_longest() -> None:
    small, large = _video(0), _video(1, 1280, 720)
    assert picture_of([small, large], _ASKED) is large
    marked = _video(2, is_default=True)
    assert picture_of([small, large, marked], _ASKED) is marked
    longer = _video(3, 1280, 720, seconds=9.0)
    assert picture_of([large, longer], _ASKED) is longer


def test_a_cover_and_another_video_track_are_left_out_in_words_of_their_own() -> None:
    video, second = _video(0, seconds=10), _video(1, seconds=10)
    cover = _video(2, 3000, 3000, is_still=True)
    assert left_out([video, second, cover], video) == [
        "Stream 2 was left out: another video track.",
        "Stream 3 was left out: a cover picture.",
    ]


def test_a_still_picture_beside_a_video_stream_is_not_chosen() -> None:
    still = _video(0, 3000, 3000, is_default=True, seconds=0.12)
    video, unknown = _video(1, seconds=6.0), _video(2)
    assert picture_of([still, video], _ASKED) is video
    assert picture_of([still, _video(1, seconds=0.5)], _ASKED) is still
    assert (
        picture_of([_video(0, is_default=True, seconds=2), _video(1, seconds=90)], _ASKED).index
        == 0
    )
    assert picture_of([video, unknown], _ASKED) is video


def test_a_cover_is_no_video_stream() -> None:
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
def test_a_file_without_a_usable_video_stream_is_refused(
    streams: list[Listed], reason: Reason
) -> None:
    with pytest.raises(Refused) as refusal:
        picture_of(streams, _ASKED)
    assert refusal.value.reason is reason


def test_a_refusal_beyond_a_limit_names_the_limit() -> None:
    with pytest.raises(Refused) as pixels:
        picture_of([_video(0, 100, 8194)], _ASKED)
    assert pixels.value.detail == "The limit is 8192 by 4608 pixels."
    with pytest.raises(Refused) as tracks:
        picture_of([_video(number) for number in range(5)], _ASKED)
    assert tracks.value.detail == "It has 5; the limit is 4."


def test_an_encrypted_picture_is_refused_by_the_name_of_its_encryption() -> None:
    hidden = _video(0, encryption=Finding.SCRAMBLED)
    with pytest.raises(Refused) as refused:
        picture_of([hidden], _ASKED)
    assert (refused.value.reason, refused.value.detail) == (Reason.ENCRYPTED, Finding.SCRAMBLED)
    assert picture_of([hidden, _video(1)], _ASKED).index == 1


def test_the_sound_is_encrypted_if_all_sound_of_the_picture_is() -> None:
    picture = _video(0, programs=frozenset({1}))
    clear = Listed(1, "audio", "aac")
    hidden = Listed(2, "audio", "aac", encryption=Finding.COMMON_ENCRYPTION)
    other = Listed(3, "audio", "aac", programs=frozenset({2}))
    assert is_sound_encrypted([picture, hidden], picture)
    assert is_sound_encrypted([picture, hidden, other], picture)
    assert not is_sound_encrypted([picture, hidden, clear], picture)
    assert not is_sound_encrypted([picture, clear], picture)
    assert not is_sound_encrypted([picture], picture)


def test_sound_is_lost_if_none_of_the_picture_can_be_kept() -> None:
    picture = _video(0, programs=frozenset({1}))
    clear = Listed(1, "audio", "aac", is_audible=True)
    hidden = Listed(2, "audio", "aac", is_audible=True, encryption=Finding.COMMON_ENCRYPTION)
    unread = Listed(3, "audio", "")
    other = Listed(4, "audio", "", programs=frozenset({2}))
    assert lost_sounds([picture, hidden, unread, other], picture) == [hidden, unread]
    assert lost_sounds([picture, hidden, unread, clear], picture) == ()
    assert list(lost_sounds([picture, other], picture)) == []


def test_an_8k_source_may_be_portrait_or_landscape() -> None:
    assert picture_of([_video(0, 8192, 4608)], _ASKED).index == 0
    assert picture_of([_video(0, 4608, 8192)], _ASKED).index == 0


@pytest.mark.parametrize("is_for_deaf", [False, True])
def test_subtitles_for_the_deaf_are_known_as_such(is_for_deaf: bool) -> None:
    assert text_facts(Listed(1, "subtitle", "ass", is_for_deaf=is_for_deaf)).is_for_deaf == (
        is_for_deaf
    )


def test_subtitles_that_are_pictures_are_left_out_and_it_is_said() -> None:
    text, bitmap = Listed(1, "subtitle", "ass"), Listed(2, "subtitle", "hdmv_pgs_subtitle")
    assert texts_of([text, bitmap], _video(9)) == [text]
    assert left_out([_video(0), text, bitmap], _video(0)) == [
        "Stream 3 was left out: subtitles that are pictures."
    ]


@pytest.mark.parametrize("codec", ["eia_608", ""])
def test_subtitles_of_words_that_are_not_read_are_not_called_pictures(codec: str) -> None:
    words = Listed(1, "subtitle", codec)
    assert left_out([_video(0), words], _video(0)) == [
        "Stream 2 was left out: subtitles of a kind that is not read."
    ]


def test_sound_without_a_decoder_is_left_out_and_it_is_said() -> None:
    streams = [Listed(0, "audio", "", is_audible=True), Listed(1, "audio", "aac")]
    assert sounds_of(streams, _video(9)) == []
    assert left_out(streams, _video(9)) == [
        f"Stream {number} was left out: a sound track that cannot be read." for number in (1, 2)
    ]


def test_what_is_meant_for_some_is_not_played_unasked_where_there_is_another_sound() -> None:
    described = Listed(0, "audio", "aac", is_default=True, is_for_some=True)
    plain, marked = Listed(1, "audio", "aac"), Listed(2, "audio", "aac", is_default=True)
    assert default_of([described, plain]) is plain
    assert default_of([described, plain, marked]) is marked
    assert default_of([described]) is described
    assert default_of([]) is None


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
        "Stream 2 was left out: it belongs to another program.",
        "Stream 7 was left out: it belongs to another program.",
    ]
    assert sounds_of(streams, _video(7)) == [other, shared, own, unknown]


def test_fonts_and_covers_are_no_tracks_and_have_a_limit_of_their_own() -> None:
    video, cover = _video(0), _video(1, is_still=True)
    fonts = [Listed(2 + number, "attachment", "") for number in range(511)]
    assert picture_of([video, cover, *fonts], _ASKED) is video
    with pytest.raises(Refused) as refused:
        picture_of([video, cover, *fonts, Listed(513, "data", "")], _ASKED)
    assert refused.value.reason == Reason.TOO_MANY_STREAMS
    assert refused.value.detail == "It has 513 fonts, covers and the like; the limit is 512."
    with pytest.raises(Refused) as refused:
        picture_of([*(_video(number) for number in range(5)), *fonts], _ASKED)
    assert refused.value.detail == "It has 5; the limit is 4."
