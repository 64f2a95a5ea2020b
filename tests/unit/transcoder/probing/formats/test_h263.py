"""The kind of a picture, from the first bits of H.263."""

import pytest

from transcoder.probing.formats.h263 import refers

_SMALL, _VERSION_2 = 2, 7


def _head(form: int, *rest: tuple[int, int]) -> bytes:
    value, count = 0, 0
    # Start code, time, always one and zero, three flags.
    for bits, number in ((22, 32), (8, 0), (2, 2), (3, 0), (3, form), *rest):
        value, count = value << bits | number, count + bits
    return (value << 80 - count).to_bytes(10)


@pytest.mark.parametrize(
    ("head", "is_one"),
    [
        (_head(_SMALL, (1, 0)), False),
        (_head(_SMALL, (1, 1)), True),
        (_head(_VERSION_2, (3, 1), (18, 0), (3, 0)), False),
        (_head(_VERSION_2, (3, 1), (18, 0), (3, 1)), True),
        (_head(_VERSION_2, (3, 0), (3, 0), (15, 2**15 - 1)), False),
        (_head(_VERSION_2, (3, 0), (3, 1), (15, 0)), True),
        (bytes(10), False),
        (b"\xff" * 10, False),
        (b"", False),
    ],
)
def test_a_picture_says_whether_it_refers_to_others(head: bytes, is_one: bool) -> None:
    assert refers(head) is is_one
