"""The packets of a transport stream."""

from collections.abc import Iterator

_SYNC, _LENGTHS, _IN_STEP = 0x47, (188, 192, 204), 4
TICKS_PER_SECOND = 90_000
# In the header of a PES packet: its flag for a time, and the bytes of that, of 15 bits each pair.
_FLAGS_AT, _HAS_TIME, _TIME_AT, _TIME_ENDS = 7, 0x80, 9, 14
_HEADER, _HAS_FIELD, _HAS_PAYLOAD, _BEGINS = 4, 0x20, 0x10, 0x40


def packets(data: bytes) -> Iterator[bytes]:
    """Yield each packet with a payload, without what may follow it."""
    return (packet for _, packet in positioned(data))


def positioned(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the position of each packet as well."""
    at = 0
    while at + _LENGTHS[0] <= len(data):
        length = next((each for each in _LENGTHS if _is_in_step(data, at, each)), 0)
        if not length:
            at = data.find(_SYNC, at + 1)
            if at < 0:
                return
            continue
        if data[at + 3] & _HAS_PAYLOAD:
            yield at, data[at : at + _LENGTHS[0]]
        at += length


def pid_of(packet: bytes) -> int:
    """Return the number of its stream."""
    return int.from_bytes(packet[1:3]) & 0x1FFF


def begins(packet: bytes) -> bool:
    """Whether a table or a PES packet begins in it."""
    return bool(packet[1] & _BEGINS)


def payload(packet: bytes) -> bytes:
    return packet[_HEADER + (1 + packet[4] if packet[3] & _HAS_FIELD else 0) :]


def time_of(pes: bytes) -> int:
    """Return the presentation time of a PES packet in ticks; 0 without one."""
    if len(pes) < _TIME_ENDS or not pes[_FLAGS_AT] & _HAS_TIME:
        return 0
    high, middle, low = (
        pes[_TIME_AT],
        pes[_TIME_AT + 1 : _TIME_AT + 3],
        pes[_TIME_AT + 3 : _TIME_ENDS],
    )
    return (high >> 1 & 7) << 30 | int.from_bytes(middle) >> 1 << 15 | int.from_bytes(low) >> 1


def _is_in_step(data: bytes, at: int, length: int) -> bool:
    """Whether packets of this length follow one another up to the end of the data."""
    return all(each == _SYNC for each in data[at : at + _IN_STEP * length : length])
