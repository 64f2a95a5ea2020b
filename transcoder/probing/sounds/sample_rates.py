"""Changes of the sample rate in an audio track, by the headers of its frames."""

from dataclasses import dataclass

HEADER_BYTES = 6
# Damage may change a header or two; a real change persists.
_SETTLED = 10
_AC3 = b"\x0b\x77"
# E-AC-3 with half the usual rates; the next bits select one.
_HALVED = 3


@dataclass(slots=True)
class SampleRates:
    """Tracks the frame headers of one audio track."""

    codec: str
    changes: bool = False
    _rate: int | None = None
    # A new rate, and the number of consecutive frames with it.
    _doubted: int | None = None
    _count: int = 0

    def see(self, head: bytes) -> None:
        rate = _stored_rate(self.codec, head)
        if rate is None or rate == self._rate:
            self._count = 0
            return
        self._count = self._count + 1 if rate == self._doubted else 1
        self._doubted = rate
        if self._count == _SETTLED:
            self.changes = self.changes or self._rate is not None
            self._rate, self._count = rate, 0


def _stored_rate(codec: str, head: bytes) -> int | None:
    """Return the code of the sample rate; None if the codec or header is not supported."""
    if len(head) < HEADER_BYTES:
        return None
    match codec:
        case "aac" if head[0] == 0xFF and head[1] & 0xF6 == 0xF0:  # noqa: PLR2004
            return head[2] >> 2 & 0xF
        case "mp1" | "mp2" | "mp3" if head[0] == 0xFF and head[1] & 0xE0 == 0xE0:  # noqa: PLR2004
            return (head[1] >> 3 & 3) << 2 | head[2] >> 2 & 3
        case "ac3" if head.startswith(_AC3):
            return head[4] >> 6
        case "eac3" if head.startswith(_AC3):
            rate = head[4] >> 6
            return head[4] >> 4 if rate == _HALVED else rate
    return None
