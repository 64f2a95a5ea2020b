"""Which B-pictures at the beginning decoders of MPEG drop."""

import pytest

from transcoder.probing.pictures.leading import LeadingPictures
from transcoder.probing.pictures.placeholders import Placeholders

_KINDS = "IPBS"
_PLACEHOLDER = b"\0\0\1\xb6\x51\x7f"


def _mpeg4(kinds: str) -> bytes:
    return b"".join(b"\0\0\1\xb6" + bytes([_KINDS.index(each) << 6]) * 50 for each in kinds)


def _mpeg2(kind: str, group: bytes = b"") -> bytes:
    picture = b"\0\0\1\0\0" + bytes([_KINDS.index(kind) + 1 << 3]) + b"p" * 50
    return group + picture


def _dropped(*packets: bytes, is_mpeg4: bool = True) -> list[int]:
    leading = LeadingPictures(is_mpeg4)
    return [leading.dropped_in(packet) for packet in packets]


@pytest.mark.parametrize(
    ("kinds", "dropped"),
    [
        ("IBBPBBIBB", [0, 1, 1, 0, 0, 0, 0, 0, 0]),
        ("BIBPB", [1, 0, 1, 0, 0]),
        ("IIBB", [0, 0, 0, 0]),
        # Without a key picture decoders invent what the first one refers to.
        ("PBBI", [0, 0, 0, 0]),
        ("SB", [0, 0]),
    ],
)
def test_b_pictures_before_the_second_picture_to_refer_to_are_dropped(
    kinds: str, dropped: list[int]
) -> None:
    assert _dropped(*map(_mpeg4, kinds)) == dropped
    if "S" not in kinds:
        assert _dropped(*map(_mpeg2, kinds), is_mpeg4=False) == dropped


def test_b_pictures_of_a_closed_group_refer_to_nothing_before_it() -> None:
    opened, closed = b"\0\0\1\xb8\0\0\0\0", b"\0\0\1\xb8\0\0\0\x40"
    assert _dropped(_mpeg2("I", closed), _mpeg2("B"), is_mpeg4=False) == [0, 0]
    assert _dropped(_mpeg2("I", opened), _mpeg2("B"), is_mpeg4=False) == [0, 1]


def test_two_fields_are_one_picture() -> None:
    fields = _mpeg2("I") + _mpeg2("P")
    assert _dropped(fields, _mpeg2("B"), _mpeg2("P"), _mpeg2("B"), is_mpeg4=False) == [0, 1, 0, 0]


def test_a_placeholder_stands_for_no_dropped_picture() -> None:
    packets = (_mpeg4("IB"), _PLACEHOLDER, _mpeg4("PB"), _PLACEHOLDER)
    leading = LeadingPictures(is_mpeg4=True)
    placeholders = Placeholders(leading)
    assert [placeholders.is_one(each) for each in packets] == [False, True, False, False]
    assert leading.count == 1


@pytest.mark.parametrize("packet", [b"", b"\0\0\1", b"\0\0\1\xb6", b"\0\0\1\0\0", b"\xff" * 5000])
def test_nonsense_is_no_picture(packet: bytes) -> None:
    for is_mpeg4 in (True, False):
        assert _dropped(packet, is_mpeg4=is_mpeg4) == [0]
