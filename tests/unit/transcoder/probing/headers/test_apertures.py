"""What an MP4 crops of its pictures, where two of its boxes agree on it."""

import struct
from fractions import Fraction

import pytest

from transcoder.probing.formats.boxes import Box, ReadWindow
from transcoder.probing.headers.apertures import Aperture, aperture_of
from transcoder.probing.model import PictureFacts

_SIZE = 1 << 16


def _box(kind: bytes, *content: bytes) -> bytes:
    inside = b"".join(content)
    return struct.pack(">I4s", 8 + len(inside), kind) + inside


def _clean(*ratios: int) -> bytes:
    return _box(b"clap", struct.pack(">8i", *ratios))


def _aperture(
    stored: tuple[int, int], track: tuple[int, int], *inner: bytes, entries: int = 1
) -> Aperture:
    size = (each * _SIZE for each in track)
    head = _box(b"tkhd", bytes(76), struct.pack(">II", *size))
    entry = _box(b"avc1", bytes(24), struct.pack(">HH", *stored), bytes(50), *inner)
    table = _box(b"stsd", struct.pack(">II", 0, entries), entry * entries)
    data = head + _box(b"mdia", _box(b"minf", _box(b"stbl", table)))
    window = ReadWindow(lambda begin, count: data[begin : begin + count])
    return aperture_of(window, Box(b"trak", 0, len(data)))


_PAL = _box(b"pasp", struct.pack(">II", 59, 54))


@pytest.mark.parametrize(
    ("stored", "track", "inner", "crop", "pixel"),
    [
        ((336, 192), (320, 180), (_clean(320, 1, 180, 1, 0, 1, 0, 1),), (16, 12), 1),
        ((1920, 1088), (1920, 1080), (_clean(1920, 1, 1080, 1, 0, 1, -4, 1),), (0, 8), 1),
        ((720, 576), (768, 576), (_clean(703, 1, 576, 1, 0, 1, 0, 1), _PAL), (17, 0),
         Fraction(59, 54)),
    ],
)  # fmt: skip
def test_it_is_the_rest_if_the_track_is_as_large(
    stored: tuple[int, int],
    track: tuple[int, int],
    inner: tuple[bytes, ...],
    crop: tuple[int, int],
    pixel: Fraction,
) -> None:
    assert _aperture(stored, track, *inner) == (stored, crop, pixel)


@pytest.mark.parametrize(
    ("track", "ratios"),
    [
        ((336, 192), (320, 1, 180, 1, 0, 1, 0, 1)),
        ((320, 180), (320, 0, 180, 1, 0, 1, 0, 1)),
        ((320, 180), (320, 1, -180, 1, 0, 1, 0, 1)),
        ((320, 180), (320, 1, 180, 1, 0, 1, 0, 0)),
        ((320, 180), (320, 1, 180, 1, 9, 1, 0, 1)),
        ((0, 0), (336, 1, 192, 1, 1, 1, 1, 1)),
    ],
)
def test_what_does_not_agree_or_lies_outside_crops_nothing(
    track: tuple[int, int], ratios: tuple[int, ...]
) -> None:
    assert not any(_aperture((336, 192), track, _clean(*ratios)).crop)


def test_a_track_of_two_kinds_of_pictures_is_not_cropped() -> None:
    clean = _clean(320, 1, 180, 1, 0, 1, 0, 1)
    assert not any(_aperture((336, 192), (320, 180), clean, entries=2).crop)


def test_a_box_that_breaks_off_crops_nothing() -> None:
    broken = _clean(320, 1, 180, 1, 0, 1, 0, 1)[:20]
    assert not any(_aperture((336, 192), (320, 180), broken).crop)


@pytest.mark.parametrize(
    ("crop", "blanking"), [((0, 8), 0), ((16, 0), 32)], ids=["rows", "columns"]
)
def test_rows_that_it_crops_have_the_lines_of_blanking_among_them(
    crop: tuple[int, int], blanking: int
) -> None:
    picture = PictureFacts(
        0, "mpeg2video", 720, 608, "yuv422p", "", Fraction(1), 0,
        is_interlaced=False, declared_rate=Fraction(25), blanking=32,
    )  # fmt: skip
    assert Aperture((720, 608), crop).of(picture).blanking == blanking
