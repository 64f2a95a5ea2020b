"""The ladder never enlarges, never distorts, and always has a rung."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.catalogue.asset import Rung
from chalicelib.playback.model import RESOLUTIONS
from tests.builders.assets import an_asset
from transcoder.planning.ladder import LADDER, MP4_ONLY, Size, fitted, level_of, mp4_only, rungs_for

_NTSC_24 = Fraction(24_000, 1001)
_sizes = st.builds(Size, st.integers(16, 8192), st.integers(16, 8192)).filter(
    lambda size: size.long_side <= 8 * size.short_side
)


def _shape(rungs: tuple[Rung, ...]) -> list[tuple[str, int, int]]:
    return [(rung.name, rung.width, rung.height) for rung in rungs]


@given(_sizes)
def test_no_rung_is_larger_than_the_source(size: Size) -> None:
    for rung in rungs_for(size, _NTSC_24):
        assert rung.width <= size.width
        assert rung.height <= size.height


@given(_sizes)
def test_every_side_is_even(size: Size) -> None:
    for rung in rungs_for(size, _NTSC_24):
        assert (rung.width % 2, rung.height % 2) == (0, 0)


@given(_sizes)
def test_the_shape_is_kept_within_two_pixels(size: Size) -> None:
    for rung in rungs_for(size, _NTSC_24):
        assert abs(rung.height * size.width / size.height - rung.width) <= 2 * max(
            1, size.width / size.height
        )


@given(_sizes)
def test_the_largest_comes_first_and_there_is_always_one(size: Size) -> None:
    rungs = rungs_for(size, _NTSC_24)
    assert len(rungs) >= 1
    lines = [int(rung.name.removesuffix("p")) for rung in rungs]
    assert lines == sorted(set(lines), reverse=True)
    assert rungs[-1].name == "240p"


@given(_sizes)
def test_standing_or_lying_makes_no_difference(size: Size) -> None:
    lying = rungs_for(size, _NTSC_24)
    standing = rungs_for(Size(size.height, size.width), _NTSC_24)
    assert [(r.name, r.height, r.width) for r in standing] == _shape(lying)


def test_a_source_gets_all_rungs_up_to_its_own() -> None:
    assert _shape(rungs_for(Size(1920, 1080), _NTSC_24)) == [
        ("1080p", 1920, 1080),
        ("720p", 1280, 720),
        ("480p", 854, 480),
        ("360p", 640, 360),
        ("240p", 426, 240),
    ]


@pytest.mark.parametrize(
    ("source", "first"),
    [
        (Size(3840, 2160), ("2160p", 3840, 2160)),
        (Size(8192, 4320), ("2160p", 3840, 2024)),
        (Size(1920, 800), ("1080p", 1920, 800)),  # cinema, without its black bars
        (Size(1440, 1080), ("1080p", 1440, 1080)),  # old television, enlarged
        (Size(1080, 2400), ("1440p", 1080, 2400)),  # a telephone: too long for 1080p
        (Size(1916, 1076), ("1080p", 1916, 1076)),  # cropped a little
        (Size(1600, 900), ("720p", 1280, 720)),
        (Size(200, 100), ("240p", 200, 100)),
        (Size(1, 1), ("240p", 2, 2)),
    ],
)
def test_the_first_rung_is_the_class_people_would_name(
    source: Size, first: tuple[str, int, int]
) -> None:
    assert _shape(rungs_for(source, _NTSC_24))[0] == first


def test_the_promised_maxima_are_kept() -> None:
    promised = {"480p": (1750, 3500), "720p": (4000, 8000), "1080p": (7500, 15000)}
    rungs = {rung.name: rung for rung in rungs_for(Size(1920, 1080), _NTSC_24)}
    for name, maxima in promised.items():
        assert (rungs[name].maxrate_kbps, rungs[name].bufsize_kbps) == maxima


def test_each_step_asks_for_less_than_the_one_above() -> None:
    rates = [step.maxrate_kbps for step in LADDER]
    assert rates == sorted(set(rates), reverse=True)


@pytest.mark.parametrize(
    ("size", "rate", "level"),
    [
        ((426, 240), 24, "2.1"),
        ((854, 480), 25, "3.0"),
        ((854, 480), 30, "3.1"),
        ((1280, 720), 30, "3.1"),
        ((1280, 720), 60, "3.2"),
        ((1920, 1080), 30, "4.0"),
        ((1920, 1080), 60, "4.2"),
        ((2560, 1440), 60, "5.1"),
        ((3840, 2160), 30, "5.1"),
        ((3840, 2160), 60, "5.2"),
    ],
)
def test_a_level_is_the_lowest_that_is_enough(size: tuple[int, int], rate: int, level: str) -> None:
    assert level_of(*size, Fraction(rate), maxrate_kbps=1000) == level


def test_a_high_bit_rate_needs_a_higher_level() -> None:
    assert level_of(320, 180, Fraction(24), maxrate_kbps=900) == "1.3"
    assert level_of(320, 180, Fraction(24), maxrate_kbps=1000) == "2.1"


def test_a_picture_that_fits_is_left_alone() -> None:
    assert fitted(Size(100, 60), 160, 90) == Size(100, 60)


def test_every_size_of_the_ladder_can_be_asked_for() -> None:
    assert {step.lines for step in LADDER} <= RESOLUTIONS


def _only(width: int, height: int) -> tuple[str, int, int]:
    asset = replace(an_asset(), rungs=rungs_for(Size(width, height), _NTSC_24))
    return _shape((mp4_only(asset),))[0]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ((1920, 1080), (214, 120)),
        ((1920, 800), (214, 88)),
        ((640, 480), (160, 120)),
        ((1080, 1920), (120, 214)),
        ((160, 90), (160, 90)),
        ((64, 64), (64, 64)),
    ],
)
def test_what_is_an_mp4_file_alone_has_the_shape_of_the_largest_rung(
    source: tuple[int, int], expected: tuple[int, int]
) -> None:
    assert _only(*source) == ("120p", *expected)


def test_no_rung_is_an_mp4_file_alone() -> None:
    assert MP4_ONLY.lines < min(each.lines for each in LADDER)


@given(_sizes)
def test_each_source_has_a_rung_that_is_no_smaller_than_its_mp4_file_alone(size: Size) -> None:
    _, width, height = _only(size.width, size.height)
    largest = rungs_for(size, _NTSC_24)[0]
    assert (width <= largest.width, height <= largest.height) == (True, True)
    assert (width % 2, height % 2) == (0, 0)
