"""Which part of a source holds the video, by the bytes of its headers alone."""

import struct

import pytest

from chalicelib.encoding.failures import Finding, Reason
from transcoder.errors import Refused
from transcoder.probing.files.excerpts import WHOLE, Excerpt, Read, excerpt_of, readable_excerpt

_IVF = struct.pack("<4sHH24x", b"DKIF", 0, 32)


def _reading(data: bytes) -> Read:
    return lambda begin, count: data[begin : begin + count]


def _frames(*sizes: int) -> bytes:
    return b"".join(struct.pack("<Iq", size, 0) + bytes(size) for size in sizes)


def _box(kind: bytes, size: int = 8) -> bytes:
    return struct.pack(">I4s", size, kind) + bytes(size - 8)


@pytest.mark.parametrize(
    ("data", "end"),
    [
        (_IVF + _frames(100, 9) + _IVF + _frames(50), 32 + 112 + 21),
        (_IVF + _frames(100, 9), 0),
        (_IVF + _frames(100, 9)[:-3], 0),
        # Those bytes may be content, too.
        (_IVF + struct.pack("<Iq", 4, 0) + b"DKIF", 0),
        (struct.pack("<4sHH24x", b"DKIF", 0, 0), 0),
        (_IVF, 0),
    ],
)
def test_an_ivf_ends_where_another_begins(data: bytes, end: int) -> None:
    for reason in (Reason.TOO_LONG, Reason.TOO_MUCH_MEMORY):
        assert readable_excerpt("ivf", Refused(reason), _reading(data), len(data)).end == end
    for other in ("mov", "matroska"):
        assert readable_excerpt(other, Refused(Reason.TOO_LONG), _reading(data), len(data)) == WHOLE


def test_of_an_ivf_that_is_not_refused_the_first_bytes_are_searched() -> None:
    frame = 1024**2
    reads = list[int]()

    def read(begin: int, count: int) -> bytes:
        reads.append(begin)
        return (b"DKIF\0\0\x20\0" if not begin else frame.to_bytes(4, "little")).ljust(count, b"\0")

    assert excerpt_of("ivf", read, 1 << 31) == WHOLE
    assert 0 < max(reads) <= 256 * 1024**2


_JUNK = struct.pack("<4sI12x", b"JUNK", 12)


def _riff(kind: bytes, size: int = 50) -> bytes:
    return struct.pack("<4sI4s", b"RIFF", size + 4, kind) + bytes(size)


@pytest.mark.parametrize(
    ("data", "end"),
    [
        (_riff(b"AVI ") + _riff(b"AVIX", 20) + _riff(b"AVI "), 94),
        (_riff(b"AVI ") + _riff(b"AVIX"), 0),
        (_riff(b"AVI ") + _riff(b"WAVE") + _riff(b"AVI "), 0),
        (_riff(b"AVI ")[:-3], 0),
        (_riff(b"AVI ") + _JUNK + _JUNK + _riff(b"AVI "), 62 + 40),
        (_riff(b"AVI ") + bytes(3000) + _riff(b"AVIX", 21) + b"\0" + _riff(b"AVI "), 3062 + 34),
        (_riff(b"AVI ") + bytes(5) + _JUNK + bytes(9), 0),
        (_riff(b"AVI ") + bytes(65_537) + _riff(b"AVI "), 0),
        (struct.pack("<4sI4s", b"RIFF", 0, b"AVI ") + _riff(b"AVI "), 0),
    ],
)
def test_an_avi_ends_where_another_begins(data: bytes, end: int) -> None:
    assert excerpt_of("avi", _reading(data), len(data)).end == end


def test_of_an_avi_a_thousand_lists_are_followed() -> None:
    data = _riff(b"AVI ") + 10_000 * _riff(b"AVIX", 0) + _riff(b"AVI ")
    positions = list[int]()

    def read(begin: int, count: int) -> bytes:
        positions.append(begin)
        return data[begin : begin + min(count, 12)]

    assert excerpt_of("avi", read, len(data)) == WHOLE
    assert len(positions) <= 1000


_HEAD = _box(b"ftyp", 24) + _box(b"moov", 300)


@pytest.mark.parametrize(
    ("data", "end"),
    [
        (_HEAD + _box(b"moof", 80) + _box(b"mdat", 99) + _box(b"moof", 80)[:-1], 503),
        (_HEAD + _box(b"moof", 80) + _box(b"mdat", 99) + _box(b"moof", 80), 0),
        (_HEAD + _box(b"moof", 80) + _box(b"mdat", 99)[:-1], 0),
        (_box(b"moof", 80)[:-1], 0),
        (_HEAD[:-1], 0),
        (b"junk" * 9, 0),
    ],
)
def test_a_fragmented_mp4_can_be_read_up_to_a_header_that_is_cut(data: bytes, end: int) -> None:
    assert readable_excerpt("mov", Refused(Reason.CORRUPT), _reading(data), len(data)).end == end
    for demuxer, reason in (("ivf", Reason.CORRUPT), ("mov", Reason.NOT_VIDEO)):
        assert readable_excerpt(demuxer, Refused(reason), _reading(data), len(data)) == WHOLE


def test_an_index_behind_an_empty_one_is_the_reason_for_no_pictures() -> None:
    two = _reading(_HEAD + _box(b"mdat", 99) + _box(b"moov", 300))
    with pytest.raises(Refused) as refusal:
        readable_excerpt("mov", Refused(Reason.NO_FRAMES), two, 723)
    assert refusal.value.detail == Finding.EMPTY_INDEX
    assert readable_excerpt("mov", Refused(Reason.NO_FRAMES), _reading(_HEAD), 324) == WHOLE
    elsewhere = Refused(Reason.NO_FRAMES, Finding.ELSEWHERE)
    assert readable_excerpt("mov", elsewhere, two, 723) == WHOLE


_PHOTOGRAPH = b"\xff\xd8\xff" + bytes(1_000_000) + b"\xff\xd9"


@pytest.mark.parametrize("more", [0, 48_560, 48_568, 48_571, 48_575])
def test_a_video_behind_a_photograph_begins_at_its_first_box(more: int) -> None:
    before = _PHOTOGRAPH + bytes(more)
    data = before + struct.pack(">I4s4s8x", 20, b"ftyp", b"mp42") + _box(b"moov", 300)
    part = readable_excerpt("mjpeg", Refused(Reason.NOT_VIDEO), _reading(data), len(data))
    assert (part.begin, part.end, part.demuxer) == (len(before), 0, "mov")


def _behind_comment(data: bytes) -> bytes:
    return b"\xff\xd8\xff\xfe\0\x20\0\0\0\x18ftypisom is a brand" + _PHOTOGRAPH + data


@pytest.mark.parametrize("length", [20, 176, 1000])
def test_a_comment_of_the_photograph_is_no_video(length: int) -> None:
    video = struct.pack(">I4s4s", length, b"ftyp", b"mp42") + bytes(length - 12) + _box(b"moov", 99)
    data = _behind_comment(video)
    part = readable_excerpt("mjpeg", Refused(Reason.NOT_VIDEO), _reading(data), len(data))
    assert part.begin == len(data) - len(video)
    alone = _behind_comment(b"")
    assert (
        readable_excerpt("mjpeg", Refused(Reason.NOT_VIDEO), _reading(alone), len(alone)) == WHOLE
    )


@pytest.mark.parametrize("brand", [b"heic", b"avif", b"\0\1\2\3"])
def test_another_picture_behind_a_photograph_is_no_video(brand: bytes) -> None:
    data = _PHOTOGRAPH + struct.pack(">I4s4s8x", 20, b"ftyp", brand)
    assert readable_excerpt("mjpeg", Refused(Reason.NOT_VIDEO), _reading(data), len(data)) == WHOLE


def test_other_sources_are_read_as_a_whole() -> None:
    assert excerpt_of("matroska", _reading(_IVF), 32) == Excerpt()
