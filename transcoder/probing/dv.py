"""Where raw DV goes on in the other television system, whose frames have another size."""

from collections.abc import Callable

_BEGINS, _HEADER_BYTES = b"\x1f\x07\x00", 4
# By the bit that is set in Europe; frames of professional variants are larger.
_IS_625, _FRAME_BYTES = 0x80, {False: 120_000, True: 144_000}


def end_of_system(read: Callable[[int, int], bytes], size: int) -> int:
    """Return where the other system begins; 0 if it does not, or if that is not certain."""

    def system(at: int) -> bool | None:
        head = read(at, _HEADER_BYTES)
        is_frame = len(head) == _HEADER_BYTES and head.startswith(_BEGINS)
        return bool(head[-1] & _IS_625) if is_frame else None

    first = system(0)
    if first is None:
        return 0
    length, frames = _FRAME_BYTES[first], size // _FRAME_BYTES[first]
    low, high = 0, frames
    # Bisected: a file may have a hundred thousand frames.
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if system(middle * length) is first else (low, middle)
    begin, other = high * length, not first
    is_certain = system(begin) is other and system(begin + _FRAME_BYTES[other]) is other
    return begin if is_certain else 0
