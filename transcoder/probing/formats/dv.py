"""Where raw DV goes on in the other television system, whose frames have another size."""

from collections.abc import Callable
from dataclasses import dataclass

_BEGINS, _HEADER_BYTES = b"\x1f\x07\x00", 4
# By the bit that is set in Europe; frames of professional variants are larger.
_IS_625, _FRAME_BYTES = 0x80, {False: 120_000, True: 144_000}
# Of a long file; what is shorter may be between two samples.
_SAMPLES = 256
# Frames in a row, of which one at least has a header that can be read.
_NEIGHBOURS = 3


@dataclass(frozen=True, slots=True)
class _Frames:
    """The frames of a file as if all were of the first system."""

    system: Callable[[int], bool | None]
    first: bool
    count: int

    def go_on(self, frame: int) -> bool:
        near = range(frame, min(frame + _NEIGHBOURS, self.count))
        return any(self.system(self.begin(each)) is self.first for each in near)

    def begin(self, frame: int) -> int:
        return frame * _FRAME_BYTES[self.first]

    def other_between(self, low: int, high: int) -> int:
        """Return where the other system begins; 0 if that is not certain."""
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self.go_on(middle) else (low, middle)
        near = (self.begin(each) for each in range(high, high + _NEIGHBOURS))
        return next(filter(self._begins_other, near), 0)

    def _begins_other(self, at: int) -> bool:
        other = not self.first
        return all(self.system(each) is other for each in (at, at + _FRAME_BYTES[other]))


def end_of_system(read: Callable[[int, int], bytes], size: int) -> int:
    """Return where the other system begins; 0 if it does not, or if that is not certain."""

    def system(at: int) -> bool | None:
        head = read(at, _HEADER_BYTES)
        is_frame = len(head) == _HEADER_BYTES and head.startswith(_BEGINS)
        return bool(head[-1] & _IS_625) if is_frame else None

    first = system(0)
    if first is None:
        return 0
    frames = _Frames(system, first, size // _FRAME_BYTES[first])
    step, before, goes_on = max(1, frames.count // _SAMPLES), 0, True
    for sample in (*range(step, frames.count, step), frames.count):
        went_on, goes_on = goes_on, frames.go_on(sample)
        if went_on and not goes_on and (end := frames.other_between(before, sample)):
            return end
        before = sample
    return 0
