"""The declared time behind the end of a file is damage, if the file shows that it ends early."""

from array import array
from dataclasses import replace
from fractions import Fraction
from functools import partial

import pytest

from chalicelib.encoding.plan import SoundTimes
from transcoder.probing.files.promises import Promised, broken
from transcoder.probing.model import Hole, Timeline
from transcoder.probing.times.missing_time import MissingEnd, with_missing_time

_TWELVE_SECONDS = Timeline(
    Fraction(1, 25),
    array("q", range(300)),
    last_ticks=1,
    sounds=(SoundTimes(Fraction(0), Fraction(12)),),
)
_TWENTY = Promised(picture=Fraction(20))
_LISTED = replace(_TWENTY, picture_byte=1000, sounds=((Fraction(20), 990),))


def _counted(
    promised: Promised,
    *,
    size: int = 600,
    declared: int = 0,
    timeline: Timeline = _TWELVE_SECONDS,
    demuxer: str = "matroska",
) -> Timeline:
    missing_end = MissingEnd(promised, size, declared)
    return with_missing_time(timeline, missing_end, demuxer, has_fragments=False)


def _lost_sound(timeline: Timeline) -> list[Fraction | None]:
    return [times.cut_off if times else None for times in timeline.sounds]


@pytest.mark.parametrize(
    "counted", [partial(_counted, _TWENTY, declared=1000), partial(_counted, _LISTED)]
)
def test_the_missing_share_of_picture_and_sound_is_damage(
    counted: "partial[Timeline]",
) -> None:
    timeline = counted()
    assert timeline.damaged == timeline.missing == 120
    assert timeline.cut_off == 8
    assert _lost_sound(timeline) == [Fraction(2, 5)]
    assert timeline.zeros == ()
    (note,) = broken(timeline, _TWENTY, is_explained=True, is_least=False)
    assert note == "The file ends at 12.0 of 20.0 s; the rest is missing."
    (note,) = broken(timeline, _TWENTY, is_explained=True, is_least=True)
    assert note == "The file ends at 12.0 of 20.0 s at least; the rest is missing."


@pytest.mark.parametrize(
    ("promised", "declared"),
    [
        pytest.param(_TWENTY, 0, id="a duration that is merely claimed"),
        pytest.param(_TWENTY, 600, id="a file that is as large as it declares"),
        pytest.param(Promised(), 1000, id="no duration"),
        pytest.param(Promised(picture=Fraction(12)), 1000, id="an index alone that is missing"),
        pytest.param(Promised(picture=Fraction(1205, 100)), 1000, id="the end of the sound"),
        pytest.param(
            replace(_LISTED, picture_byte=600, sounds=()), 0, id="pictures that are there"
        ),
    ],
)
def test_nothing_else_is_damage(promised: Promised, declared: int) -> None:
    timeline = _counted(promised, declared=declared)
    assert timeline.damaged == timeline.cut_off == 0
    assert _lost_sound(timeline) == [0]


def test_a_declared_end_that_the_sound_reaches_is_there() -> None:
    sounds = (SoundTimes(Fraction(0), Fraction(20)),)
    timeline = _counted(_TWENTY, declared=1000, timeline=replace(_TWELVE_SECONDS, sounds=sounds))
    assert timeline.cut_off == 0
    assert _lost_sound(timeline) == [0]


def test_a_sound_that_ended_before_the_file_breaks_off_is_complete() -> None:
    sounds = (SoundTimes(Fraction(0), Fraction(5)), None)
    timeline = _counted(_TWENTY, declared=1000, timeline=replace(_TWELVE_SECONDS, sounds=sounds))
    assert timeline.cut_off == 8
    assert _lost_sound(timeline) == [0, None]


def test_a_listed_sound_may_be_missing_alone() -> None:
    promised = Promised(picture=Fraction(12), picture_byte=500, sounds=((Fraction(24), 1000),))
    timeline = _counted(promised)
    assert timeline.cut_off == timeline.damaged == 0
    assert _lost_sound(timeline) == [Fraction(1, 2)]


def test_zeros_before_the_end_share_its_time_by_their_bytes() -> None:
    hole = Hole(Fraction(12), Fraction(12), 100)
    timeline = _counted(_TWENTY, declared=900, timeline=replace(_TWELVE_SECONDS, holes=(hole,)))
    assert timeline.damaged == 120
    assert timeline.zeros == ((Fraction(12), Fraction(14)),)
    assert timeline.cut_off == 6


def test_an_mxf_that_breaks_off_is_read_from_its_beginning() -> None:
    assert _counted(_TWENTY, demuxer="mxf").is_ordered
    assert not _counted(_TWENTY, declared=1000, demuxer="mxf").is_ordered


@pytest.mark.parametrize(
    ("sound_ends", "notes"),
    [
        (12, ["The file promises 20 s; 12 s of them are there."]),
        (15, ["The file promises 20 s; 12 s of them are there."]),
        (20, []),
    ],
)
def test_pictures_that_end_before_the_sound_break_no_promise(
    sound_ends: int, notes: list[str]
) -> None:
    sounds = (SoundTimes(Fraction(0), Fraction(sound_ends)),)
    timeline = replace(_TWELVE_SECONDS, sounds=sounds)
    assert broken(timeline, _TWENTY, is_explained=False, is_least=False) == notes


def test_a_promise_of_millennia_is_said_to_the_second() -> None:
    promised = Promised(picture=Fraction(2**63 - 1))
    assert broken(_TWELVE_SECONDS, promised, is_explained=False, is_least=False) == [
        "The file promises 9223372036854775807 s; 12 s of them are there."
    ]
