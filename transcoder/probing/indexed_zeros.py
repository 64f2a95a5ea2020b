"""Pictures of zeros in a source whose index lists all pictures, by samples."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import pairwise

from av.index import IndexEntry

_SAMPLES, _SAMPLE_BYTES = 32, 64


def zeroed(
    read: Callable[[int, int], bytes], entries: Sequence[IndexEntry]
) -> Iterator[tuple[int, int]]:
    """Yield first number and end of each run; shorter ones than the samples may be missed."""
    is_zero = partial(_is_zero, read, entries)
    # Small pictures cannot be told from the zeros in others.
    samples = sorted({_largest_near(entries, number) for number in _spread(len(entries))})
    begin = 0 if is_zero(samples[0]) else None
    for before, number in pairwise(samples):
        if is_zero(number) and begin is None:
            begin = _edge(is_zero, before, number)
        elif begin is not None and not is_zero(number):
            yield begin, _edge(is_zero, before, number)
            begin = None
    if begin is not None:
        yield begin, len(entries)


def _is_zero(read: Callable[[int, int], bytes], entries: Sequence[IndexEntry], number: int) -> bool:
    entry = entries[number]
    if entry.size < _SAMPLE_BYTES:
        return False
    return not any(read(entry.pos + (entry.size - _SAMPLE_BYTES) // 2, _SAMPLE_BYTES))


def _edge(is_zero: Callable[[int], bool], before: int, after: int) -> int:
    """Return the first number whose picture is like that of `after`."""
    expected = is_zero(after)
    while after - before > 1:
        middle = (before + after) // 2
        before, after = (before, middle) if is_zero(middle) == expected else (middle, after)
    return after


def _spread(count: int) -> Iterator[int]:
    last, samples = count - 1, min(count, _SAMPLES)
    yield from (number * last // max(1, samples - 1) for number in range(samples))


def _largest_near(entries: Sequence[IndexEntry], number: int) -> int:
    near = range(max(0, number - 3), min(len(entries), number + 4))
    return max(near, key=lambda each: entries[each].size)
