"""What is lost in other streams is said and counts as damage."""

from array import array
from fractions import Fraction

import pytest

from chalicelib.encoding.plan import SoundTimes
from transcoder.probing.damage.scrambled import Scrambled
from transcoder.probing.headers.other_streams import OtherStreams
from transcoder.probing.headers.programs import Programs, Table
from transcoder.probing.model import Timeline

_MPEG2, _H264, _AAC, _AC3, _TABLE, _SIZE = 2, 0x1B, 0x0F, 0x81, 0x100, 1000
_FIRST = Table(1, ((300, _H264), (301, _AAC)), _TABLE)
_TIMELINE = Timeline(
    Fraction(1, 25), array("q", range(200)), sounds=(SoundTimes(Fraction(0), Fraction(8)),)
)


def lost_in(
    *samples: tuple[Table, ...], follows_tables: bool = False
) -> tuple[list[str], int, Fraction]:
    """Return notes, damaged pictures and the lost share of the sound."""
    tables = tuple(dict.fromkeys(table for sample in samples for table in sample))
    positions = [
        (at * _SIZE // len(samples), frozenset[int]().union(*(each.numbers for each in sample)))
        for at, sample in enumerate(samples)
    ]
    programs = Programs(tables, positions, _SIZE, Scrambled())
    others = OtherStreams(programs, 300, (301,), follows_tables)
    timeline = others.damaging(_TIMELINE)
    assert timeline.sounds[0]
    return list(others.notes()), timeline.damaged, timeline.sounds[0].cut_off


@pytest.mark.parametrize(
    "later",
    [
        Table(2, ((400, _H264), (401, _AAC)), _TABLE),
        Table(1, ((400, _H264), (401, _AAC)), 0x200),
        Table(1, ((400, _MPEG2), (401, _AAC)), _TABLE),
    ],
    ids=["another program", "a table that moves", "another codec"],
)
def test_streams_that_are_not_followed_are_damage(later: Table) -> None:
    notes, damaged, lost = lost_in((_FIRST,), (_FIRST, later), (later,), (later,))
    (note,) = notes
    assert note.startswith("About 50% of the file, at its end, are other streams")
    assert damaged == 100
    assert not lost


def test_streams_that_are_followed_are_none() -> None:
    later = Table(1, ((400, _H264), (401, _AAC)), _TABLE)
    notes, damaged, lost = lost_in((_FIRST,), (_FIRST, later), (later,), follows_tables=True)
    assert [note[:24] for note in notes] == ["Its streams change on th"]
    assert not damaged
    assert not lost


def test_what_comes_behind_those_that_are_followed_is_damage() -> None:
    later = Table(1, ((400, _H264), (401, _AAC)), _TABLE)
    last = Table(3, ((500, _H264),), _TABLE)
    notes, damaged, _ = lost_in((_FIRST,), (later,), (last,), (last,), follows_tables=True)
    assert len(notes) == 2
    assert damaged == 100


def test_sound_whose_codec_changes_is_lost_from_there_on() -> None:
    later = Table(1, ((400, _H264), (401, _AC3)), _TABLE)
    notes, damaged, lost = lost_in(
        (_FIRST,), (_FIRST, later), (later,), (later,), follows_tables=True
    )
    assert "Sound track 1 changes its codec: about 50% of it are not heard." in notes
    assert (damaged, lost) == (0, Fraction(1, 2))


def test_sound_in_another_codec_beside_the_same_picture_is_lost_alike() -> None:
    later = Table(1, ((300, _H264), (401, _AC3)), _TABLE)
    notes, damaged, lost = lost_in((_FIRST,), (_FIRST, later), (later,), (later,))
    assert notes == ["Sound track 1 changes its codec: about 50% of it are not heard."]
    assert (damaged, lost) == (0, Fraction(1, 2))


def test_sound_that_ends_beside_one_of_another_codec_that_was_there_is_not_lost() -> None:
    both = Table(1, ((300, _H264), (301, _AAC), (302, _AC3)), _TABLE)
    one = Table(1, ((300, _H264), (302, _AC3)), _TABLE)
    assert lost_in((both,), (one,)) == ([], 0, Fraction(0))


def test_another_program_that_goes_on_when_the_chosen_one_ends_is_none_of_it() -> None:
    beside = Table(2, ((400, _H264), (401, _AAC)), 0x200)
    notes, damaged, _ = lost_in((_FIRST, beside), (_FIRST, beside), (beside,))
    assert (notes, damaged) == ([], 0)
