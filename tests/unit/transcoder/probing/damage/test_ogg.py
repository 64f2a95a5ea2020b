"""Pictures are missing in an Ogg if a page between two pictures is missing or damaged."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from time import process_time
from typing import Any

import pytest

from transcoder.probing.damage.ogg import LostPages

_SOUND, _PICTURES = 1, 2


@dataclass(frozen=True)
class Packet:
    pts: int
    pos: int


def _page(number: int, stream: int = _PICTURES) -> bytes:
    head = b"OggS" + bytes(10) + stream.to_bytes(4, "little") + number.to_bytes(4, "little")
    page = head + bytes(4) + b"\2\xff\x05" + bytes([number]) * 260
    backwards = bytes(int(f"{byte:08b}"[::-1], 2) for byte in page)
    checksum = zlib.crc32(backwards, 0xFFFFFFFF) ^ 0xFFFFFFFF
    return page[:22] + int(f"{checksum:032b}"[::-1], 2).to_bytes(4, "little") + page[26:]


def _damaged(page: bytes) -> bytes:
    return page[:-1] + bytes([page[-1] ^ 1])


def _lost(pages: Sequence[bytes], *pictures: tuple[int, int]) -> int:
    """`pictures` are pairs of a time and the number of a page in the file."""
    data, size = b"".join(pages), len(_page(0))
    lost = LostPages(lambda *, begin, count: data[begin : begin + count])
    for time, page in pictures:
        packet: Any = Packet(time, page * size)
        lost.see(packet)
    return lost.count


_WHOLE = [_page(number) for number in range(5)]


@pytest.mark.parametrize(
    ("pages", "count"),
    [
        ([*_WHOLE[:2], _damaged(_WHOLE[2]), *_WHOLE[3:]], 3),
        ([*_WHOLE[:2], _page(0, _SOUND), *_WHOLE[3:]], 3),
        # Repeated pictures have no packets.
        (_WHOLE, 0),
        ([_page(0), _page(1), _damaged(_page(0, _SOUND)), _page(2), _page(3)], 0),
    ],
)
def test_pictures_on_missing_or_damaged_pages_are_missing(pages: list[bytes], count: int) -> None:
    assert _lost(pages, (0, 0), (1, 1), (5, 3), (6, 4)) == count


def test_the_page_may_be_in_front_of_the_last_picture_before_the_gap() -> None:
    pages = [_page(0), _damaged(_page(1)), _page(2), _page(3)]
    assert _lost(pages, (0, 0), (1, 2), (5, 3)) == 3


def test_without_a_gap_nothing_is_read() -> None:
    assert _lost([], (0, 0), (1, 1), (2, 2), (3, 3)) == 0


@pytest.mark.parametrize("data", [b"", b"OggS", b"OggS" * 400, bytes(1000)])
def test_a_file_without_pages_ends_the_search(data: bytes) -> None:
    assert _lost([data], (0, 0), (9, 2)) == 0


def test_many_false_pages_are_not_checked_one_by_one() -> None:
    # Each claims 9 kB.
    data = _page(0) + b"OggS" * (1024**2)
    lost = LostPages(lambda *, begin, count: data[begin : begin + count])
    begin = process_time()
    for number in range(3):
        packet: Any = Packet(2 * number, number and len(data))
        lost.see(packet)
    assert process_time() - begin < 4
    assert lost.is_partial


def test_gaps_beyond_the_limits_are_not_examined() -> None:
    lost = LostPages(lambda *, begin, count: bytes(count - begin))
    for time, position in ((0, 0), (1, 1), (5, 9 * 1024**2)):
        packet: Any = Packet(time, position)
        lost.see(packet)
    assert (lost.count, lost.is_partial) == (0, True)


def test_other_containers_and_codecs_have_gaps_on_purpose() -> None:
    cases = [("ogg", "theora"), ("ogg", "vp8"), ("matroska,webm", "theora")]
    assert [LostPages.of(*case, read=bytes) is not None for case in cases] == [True, False, False]
