"""Recovery points of H.264 that take several pictures, among other SEI."""

import pytest

from transcoder.probing.formats.h264 import Headers, Refreshes, Sequence

_HEADERS = Headers(0, Sequence(4, has_planes=False, has_fields=False, may_skip=False))
_START = b"\0\0\1\6"
_USER_DATA = b"\5\x12" + bytes(range(1, 17)) + b"ab"
# `recovery_frame_cnt` of 0 and of 8, before other flags.
_AT_ONCE, _LATER = b"\6\1\xc4\x80", b"\6\2\x12\x40\x80"


@pytest.mark.parametrize(
    ("unit", "pictures"),
    [
        (_LATER, 50 + 2 * 8),
        (_USER_DATA + _LATER, 50 + 2 * 8),
        (_AT_ONCE, 0),
        (_USER_DATA + b"\x80", 0),
        (b"\5\xff\xff\x02ab", 0),
        (b"", 0),
    ],
)
def test_decoding_begins_a_key_picture_and_a_refresh_earlier(unit: bytes, pictures: int) -> None:
    refreshes = Refreshes(_HEADERS)
    for number in range(101):
        refreshes.see(is_key=number % 50 == 0, head=lambda: _START + unit)
    assert refreshes.pictures == pictures


def test_other_codecs_have_no_recovery_points() -> None:
    refreshes = Refreshes(None)
    refreshes.see(is_key=True, head=lambda: _START + _LATER)
    assert refreshes.pictures == 0
