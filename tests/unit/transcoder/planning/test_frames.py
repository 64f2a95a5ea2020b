"""Of changing sizes and shapes, the one that viewers want is planned."""

from array import array
from dataclasses import replace
from fractions import Fraction

import pytest

from chalicelib.encoding.failures import Reason
from transcoder.errors import Refused
from transcoder.planning.frames import Frame, frame_of
from transcoder.probing.model import PictureFacts, Shape, Timeline
from transcoder.settings import SourceLimits

_LIMITS = SourceLimits()
_SECONDS = 60
_SQUARE = Fraction(1)
_FIRST = PictureFacts(0, "vp8", 160, 90, "yuv420p", "", _SQUARE, 0, False, Fraction(25))


def _frame(*shapes: tuple[int, int, int]) -> Frame:
    """Of shapes that begin at these seconds, in a video of a minute."""
    ticks = array("q", range(_SECONDS * 25))
    changes = tuple(Shape(since * 25, width, height, _SQUARE) for since, width, height in shapes)
    _, width, height = shapes[0]
    first = replace(_FIRST, width=width, height=height)
    return frame_of(first, Timeline(Fraction(1, 25), ticks, 1, shapes=changes), _LIMITS)


def _size(frame: Frame) -> tuple[int, int]:
    return frame.picture.width, frame.picture.height


def test_pictures_of_one_size_are_planned_as_they_are() -> None:
    frame = _frame((0, 160, 90))
    assert frame == Frame(replace(_FIRST), (160, 90))


@pytest.mark.parametrize("since", [1, 30, 58])
def test_the_largest_size_is_planned_if_it_lasts_for_two_seconds(since: int) -> None:
    frame = _frame((0, 160, 90), (since, 640, 360))
    assert _size(frame) == frame.largest == (640, 360)
    assert not frame.shapes
    assert not frame.notes


def test_a_size_that_lasts_a_moment_is_not_planned_but_limits_know_it() -> None:
    frame = _frame((0, 160, 90), (30, 640, 360), (31, 160, 90))
    assert _size(frame) == (160, 90)
    assert frame.largest == (640, 360)
    assert frame.notes == ("Some of its pictures are larger, for a moment; they are scaled down.",)


def test_moments_of_one_size_add_up() -> None:
    frame = _frame((0, 160, 90), (10, 640, 360), (11, 160, 90), (59, 640, 360))
    assert _size(frame) == (640, 360)


def test_the_shape_that_lasts_longest_is_planned_in_its_largest_size() -> None:
    frame = _frame((0, 640, 480), (10, 320, 180), (40, 640, 360), (50, 640, 480))
    assert _size(frame) == (640, 360)
    assert frame.largest == (640, 480)
    wide, narrow = Fraction(16, 9), Fraction(4, 3)
    assert frame.shapes == ((0, narrow), (250, wide), (1250, narrow))


def test_of_shapes_that_last_as_long_the_first_is_planned() -> None:
    frame = _frame((0, 360, 640), (30, 640, 360))
    assert _size(frame) == (360, 640)
    assert frame.shapes == ((750, Fraction(16, 9)),)


@pytest.mark.parametrize(("width", "height"), [(16_000, 9000), (9000, 16), (16, 9000)])
def test_a_late_picture_beyond_the_limits_is_refused(width: int, height: int) -> None:
    with pytest.raises(Refused) as refused:
        _frame((0, 1920, 1080), (59, width, height))
    assert refused.value.reason is Reason.TOO_MANY_PIXELS
    assert refused.value.detail == "The limit is 8192 by 4608 pixels."
