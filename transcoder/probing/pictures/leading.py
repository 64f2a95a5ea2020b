"""B-pictures at the beginning that refer to one before it: decoders of MPEG drop them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from av.video.stream import VideoStream

# What begins a picture of a codec, and a group of pictures; a picture says its kind in a byte.
_PICTURE_OF_MPEG4 = re.compile(rb"\x00\x00\x01\xb6(.)", re.DOTALL)
_PICTURE_OR_GROUP = re.compile(rb"\x00\x00\x01(?:\x00.(.)|\xb8...(.))", re.DOTALL)
_MPEG4, _OTHERS = "mpeg4", frozenset({"mpeg1video", "mpeg2video"})
_INTRA, _B_PICTURE, _CLOSED = 1, 3, 0x40
_ENOUGH = 2


@dataclass(slots=True)
class LeadingPictures:
    """Recognises them in decoding order: no two pictures before them can be referred to."""

    is_mpeg4: bool
    count: int = 0
    _references: int = 0
    _is_closed: bool = False

    @classmethod
    def of(cls, stream: VideoStream) -> Self | None:
        """Return None for other codecs, which do without."""
        codec = stream.codec_context.codec.canonical_name
        return cls(codec == _MPEG4) if codec in {_MPEG4, *_OTHERS} else None

    def dropped_in(self, packet: bytes) -> int:
        """Count the pictures of the packet that decoders drop."""
        if self._references >= _ENOUGH:
            return 0
        dropped = 0
        for kind in self._of_mpeg4(packet) if self.is_mpeg4 else self._of_others(packet):
            if kind == _B_PICTURE:
                dropped += self._references < _ENOUGH and not self._is_closed
            else:
                # Decoders invent what any other than a key picture refers to.
                self._references += 1 if kind == _INTRA else _ENOUGH
        self.count += dropped
        return dropped

    def _of_mpeg4(self, packet: bytes) -> Iterator[int]:
        for picture in _PICTURE_OF_MPEG4.finditer(packet):
            yield (picture[1][0] >> 6) + 1

    def _of_others(self, packet: bytes) -> Iterator[int]:
        """Yield the kind of one picture: its second field, if there is one, is none."""
        for start in _PICTURE_OR_GROUP.finditer(packet):
            if start[2]:
                self._is_closed = bool(start[2][0] & _CLOSED)
            else:
                yield start[1][0] >> 3 & 7
                return
