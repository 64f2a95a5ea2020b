"""MPEG-4 may say that a picture is not coded: a few bytes that repeat the one before."""

from dataclasses import dataclass

CODEC = "mpeg4"
LARGEST_BYTES = 8
_PICTURE = b"\0\0\1\xb6"


@dataclass(slots=True)
class Placeholders:
    """Recognises, packet by packet in the order of decoding, those that hold no picture.

    Where two pictures came in one packet, as DivX packs them, a placeholder stands for the second.
    """

    owed: int = 0

    def is_one(self, packet: bytes) -> bool:
        if len(packet) > LARGEST_BYTES:
            self.owed += max(0, packet.count(_PICTURE) - 1)
            return False
        if self.owed:
            self.owed -= 1
            return False
        return True
