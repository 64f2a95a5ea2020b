"""A note says what an edit list hides, by what is counted."""

from array import array
from dataclasses import replace
from fractions import Fraction

import pytest

from chalicelib.encoding.plan import SoundTimes
from transcoder.probing.headers.apertures import Aperture
from transcoder.probing.headers.cuts import Cuts
from transcoder.probing.headers.edits import EditedTrack
from transcoder.probing.model import Timeline

_SECOND = SoundTimes(Fraction(0), Fraction(4), packets=188)
_TIMELINE = Timeline(Fraction(1, 25), array("q", range(100)), last_ticks=1, sounds=(_SECOND,))
_TWO, _NONE = Fraction(2), Fraction(0)
_TRACK = EditedTrack(1, None, False, 1, 0, (0, 0), False, Aperture(), True, clock=(1000, 4000))
_MOVIE = 600


@pytest.mark.parametrize(
    ("presented", "cut"),
    [
        ([], 0),
        ([(0, 2400)], 0),
        # Without a duration, to the end; the beginning alone; the end alone; the middle; twice.
        ([(1000, 0)], 1),
        ([(1000, 1800)], 1),
        ([(0, 1200)], 2),
        ([(0, 600), (3000, 600)], 2),
        ([(1000, 600), (1000, 600)], 3),
        # Longer than the media; a part of what is presented once more.
        ([(0, 6000)], 0),
        ([(0, 2400), (1000, 600)], 0),
    ],
)
def test_what_no_part_presents_is_cut(presented: list[tuple[int, int]], cut: int) -> None:
    assert replace(_TRACK, presented=tuple(presented)).cut_seconds(_MOVIE) == cut


def test_of_other_speeds_and_unknown_clocks_nothing_is_cut() -> None:
    edited = replace(_TRACK, presented=((1000, 600),))
    assert not replace(edited, changes_speed=True).cut_seconds(_MOVIE)
    assert not replace(edited, clock=(0, 4000)).cut_seconds(_MOVIE)
    assert not edited.cut_seconds(0)


@pytest.mark.parametrize(
    ("cuts", "notes"),
    [
        (Cuts(150, _TWO), ["Its edit list hides 50 of 150 pictures."]),
        # The header is wrong about the duration; other pictures are missing; hardly any is hidden.
        (Cuts(100, _TWO), []),
        (Cuts(150, _NONE), []),
        (Cuts(104, _TWO), []),
        (Cuts(100, _NONE, [(282, _TWO)]), ["Sound track 1: its edit list hides 2.0 s of it."]),
        (Cuts(150, _TWO, [(282, _TWO)]), ["Its edit list hides 50 of 150 pictures."]),
        (Cuts(100, _NONE, [(282, _NONE)]), []),
        (Cuts(100, _NONE, [(0, _TWO)]), []),
    ],
)
def test_what_is_hidden_is_counted(cuts: Cuts, notes: list[str]) -> None:
    assert list(cuts.notes(_TIMELINE)) == notes


def test_what_a_file_lacks_at_its_end_is_not_hidden() -> None:
    broken = replace(
        _TIMELINE, cut_off=Fraction(2), sounds=(replace(_SECOND, cut_off=Fraction(1, 3)),)
    )
    assert list(Cuts(150, _TWO, [(282, _TWO)]).notes(broken)) == []
