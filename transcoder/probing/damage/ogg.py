"""Pictures that are missing in an Ogg because pages are missing or damaged."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from av.packet import Packet
from av.stream import Stream

_MARK, _HEADER, _MOST_PAGE = b"OggS", 27, 65_307
_CHECKSUM = slice(22, 26)
# Longer gaps, and more of them, are not examined.
_MOST_BYTES, _MOST_GAPS = 8 * 1024**2, 1000
# How many bytes of pages are checksummed in all, and the least that one counts for.
_MOST_CHECKED, _LEAST_CHECKED = 512 * 1024**2, 1024
_REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
_ALL_ONES = 0xFFFFFFFF


@dataclass(slots=True)
class LostPages:
    """Examines the pages at each gap between pictures; without damage the gap is intended."""

    read: Callable[..., bytes]
    # Missing pictures.
    count: int = 0
    _time: int | None = None
    # The pages of the last picture and of those before it.
    _page: int = 0
    _page_before: int = 0
    _gaps: int = 0
    _checked: int = 0
    # Whether gaps are left that were not examined.
    is_partial: bool = False

    @classmethod
    def of(cls, container: str, codec: str, read: Callable[..., bytes]) -> Self | None:
        """Return None for streams that do not count time in pictures."""
        return cls(read) if (container, codec) == ("ogg", "theora") else None

    def see(self, packet: "Packet[Stream]") -> None:
        if packet.pts is None or packet.pos is None:
            return
        lost = 0 if self._time is None else packet.pts - self._time - 1
        # The demuxer continues the old times up to the end of a page.
        if lost > 0 and not self._is_whole(self._page_before, packet.pos):
            self.count += lost
        self._time = packet.pts
        if packet.pos != self._page:
            self._page_before, self._page = self._page, packet.pos

    def _is_whole(self, begin: int, end: int) -> bool:
        """Whether all pages of the stream are there, up to the one at `end`."""
        self._gaps, size = self._gaps + 1, end - begin
        if size > _MOST_BYTES or self._gaps > _MOST_GAPS:
            self.is_partial = True
            return True
        return self._is_each_there(self.read(begin=begin, count=size + _MOST_PAGE), size)

    def _is_each_there(self, data: bytes, end: int) -> bool:
        stream, expected, at = data[14:18], int.from_bytes(data[18:22], "little"), 0
        while 0 <= at <= end and self._checked <= _MOST_CHECKED:
            page = self._page_at(data, at)
            if page and page[14:18] == stream:
                if int.from_bytes(page[18:22], "little") != expected:
                    return False
                expected += 1
            at = at + len(page) if page else data.find(_MARK, at + 1)
        self.is_partial |= self._checked > _MOST_CHECKED
        return True

    def _page_at(self, data: bytes, at: int) -> bytes:
        """Return the page at a position; b"" if there is none, or a damaged one."""
        head = data[at : at + _HEADER]
        if len(head) < _HEADER or not head.startswith(_MARK):
            return b""
        lengths = data[at + _HEADER : at + _HEADER + head[-1]]
        page = data[at : at + _HEADER + len(lengths) + sum(lengths)]
        self._checked += max(len(page), _LEAST_CHECKED)
        blank = page[: _CHECKSUM.start] + bytes(4) + page[_CHECKSUM.stop :]
        return page if _checksum(blank) == page[_CHECKSUM] else b""


def _checksum(page: bytes) -> bytes:
    """Ogg uses the polynomial of zlib with all bits in the opposite order."""
    reflected = zlib.crc32(page.translate(_REVERSED), _ALL_ONES) ^ _ALL_ONES
    return int(f"{reflected:032b}"[::-1], 2).to_bytes(4, "little")
