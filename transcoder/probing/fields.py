"""Interlaced H.264 with the two fields of a picture in two packets, which count as one picture."""

from dataclasses import dataclass
from typing import Self

from transcoder.probing.h264 import Headers


@dataclass(slots=True)
class Fields:
    """Recognises second fields, packet by packet in decoding order."""

    headers: Headers
    # `frame_num` and parity of the first field that waits for its second one.
    first: tuple[int, int] | None = None

    @classmethod
    def of(cls, codec: str, description: bytes) -> Self | None:
        """Return None if the stream cannot have pictures in two fields."""
        headers = Headers.of(description) if codec == "h264" else None
        return cls(headers) if headers and headers.sequence.has_fields else None

    def is_second(self, packet: bytes) -> bool:
        first = self.headers.first_slice(packet)
        field = (first.number, first.field) if first and first.field is not None else None
        before, self.first = self.first, field
        if field is None or before is None or before != (field[0], 1 - field[1]):
            return False
        self.first = None
        return True
