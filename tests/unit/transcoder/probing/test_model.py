"""Facts about a source survive their way between processes."""

import json
from array import array
from dataclasses import replace
from fractions import Fraction

from chalicelib.encoding.plan import SoundTimes, SourceClock
from transcoder.probing.model import (
    Facts,
    PictureFacts,
    Question,
    Shape,
    SoundFacts,
    Timeline,
)

_ASKED = Question("film", 1, 100, most_streams=4, long_side=8192, short_side=4608)


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
        clock = SourceClock(((188, Fraction(7, 3)),), ((0, 188),))
        line = Timeline(
            Fraction(1, 90_000), array("q", [-5, 7, 2**40]), 3, (sound,), clock, ((9, 7),)
        )
        line = replace(line, shapes=(Shape(-5, 160, 90, Fraction(4, 3)),))
        facts = Facts("mov", picture, line, (SoundFacts(1, "de", "🎬", False),), (), ("note",))
        plain = json.loads(facts.to_json())
        assert Facts.from_plain(plain, line.ticks.tobytes()) == facts


def _timeline(*ticks: int) -> Timeline:
    return Timeline(Fraction(1, 25), array("q", ticks), last_ticks=1)


def test_a_picture_is_presented_when_a_later_one_is_decoded() -> None:
    assert list(_timeline(0, 3, 4, 6).beginning(3).ticks) == [3, 4, 6, 8]
    assert list(_timeline(0, 3, 4, 6).beginning(4).ticks) == [4, 6, 8, 10]


def test_without_such_a_picture_all_are_presented_later() -> None:
    assert list(_timeline(0, 3, 4, 6).beginning(2).ticks) == [2, 5, 6, 8]
    assert list(_timeline(5).beginning(6).ticks) == [6]
    assert list(_timeline(0, 1, 2).beginning(0).ticks) == [0, 1, 2]
