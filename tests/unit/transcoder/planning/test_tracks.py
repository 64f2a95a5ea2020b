"""Tracks have distinct names that cannot break a playlist, and one default."""

import pytest

from chalicelib.encoding.model import Sidecar
from transcoder.planning.tracks import (
    audio_tracks,
    readable,
    replaced_by,
    subtitle_tracks,
    with_sidecars,
)
from transcoder.probing.model import (
    Question,
    SoundFacts,
    TextFacts,
)

_ASKED = Question("film", 1, 100, most_streams=4, long_side=8192, short_side=4608)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ('He said "no"', "He said 'no'"),
        ("two\nlines\r\n#EXT", "twolines#EXT"),
        ("\u202eabc\u200b\0", "abc"),
        ("  much   room ", "much room"),
        ("x" * 500, "x" * 60),
        ("🎬 Director", "🎬 Director"),
    ],
)
def test_the_name_of_a_track_cannot_break_a_playlist(title: str, expected: str) -> None:
    assert readable(title) == expected


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


def test_subtitles_of_another_kind_stay_beside_those_of_separate_files() -> None:
    texts = [TextFacts(3, "en", "", False, False), TextFacts(4, "en", "For the deaf", False, False),
             TextFacts(5, "en", "Signs", False, is_forced=True)]  # fmt: skip
    tracks, sidecars = subtitle_tracks(texts), [Sidecar("en", "film.en.srt")]
    assert [each.stream for each in replaced_by(sidecars, tracks, (4,))] == [3]
    names = [each.name for each in with_sidecars(tracks, sidecars, (4,))]
    assert names == ["For the deaf", "Signs", "English"]
    assert replaced_by((), tracks, (4,)) == []


def test_a_file_replaces_the_subtitles_of_its_kind() -> None:
    texts = [TextFacts(3, "de", "", False, False),
             TextFacts(4, "de", "", False, False, is_for_some=True, is_for_deaf=True),
             TextFacts(5, "de", "", False, True), TextFacts(6, "pt", "", False, False)]  # fmt: skip
    tracks = subtitle_tracks(texts)

    def replaced(*sidecars: Sidecar) -> list[int]:
        return [each.stream for each in replaced_by(sidecars, tracks, (4,))]

    assert replaced(Sidecar("de-DE", "f")) == [3]
    assert replaced(Sidecar("de", "f", is_for_deaf=True)) == [4]
    assert replaced(Sidecar("de", "f", is_forced=True)) == [5]
    assert replaced(Sidecar("pt-BR", "f")) == []
    added = with_sidecars((), [Sidecar("de", "f", True), Sidecar("de", "g", is_for_deaf=True)])
    assert [(each.name, each.is_forced, each.is_for_deaf) for each in added] == [
        ("Deutsch", True, False),
        ("Deutsch (SDH)", False, True),
    ]


def test_commentaries_are_marked_as_sounds_for_some() -> None:
    sounds = [SoundFacts(1, "de", "", True), SoundFacts(2, "de", "", False, is_for_some=True)]
    assert [each.is_for_some for each in audio_tracks(sounds)] == [False, True]


def test_without_a_default_the_first_sound_is_the_default_and_no_subtitle_is() -> None:
    assert audio_tracks([SoundFacts(1, "und", "", is_default=False)])[0].is_default
    texts = [TextFacts(number, "und", "", number == 0, number == 0) for number in range(2)]
    assert [track.is_default for track in subtitle_tracks(texts)] == [False, False]
