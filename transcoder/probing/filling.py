"""Where pictures are shown that come without a time of their own."""

from collections.abc import Iterator
from itertools import pairwise

# As decoders reorder pictures, a time may be taken for that of one of their neighbours.
JITTER = 8


def filled(times: list[int], missing: int) -> Iterator[int]:
    """Put pictures without a time where one is missing."""
    gaps = sorted(after - before for before, after in pairwise(times))
    step = gaps[len(gaps) // 2] if gaps else 0
    for before, after in pairwise(times):
        yield before
        between = before + step
        while missing and (after - between) * 2 >= step:
            yield between
            between, missing = between + step, missing - 1
    yield times[-1]


def spread(times: list[int], missing: int, step: int) -> list[int]:
    """Put pictures behind the one they came with; all evenly, if that ends at the same time."""
    count = len(times) + missing
    placed = list(_behind_others(times, missing, step))
    even = [times[0] + step * number for number in range(count)]
    return even if abs(even[-1] - placed[-1]) <= JITTER * step else placed


def _behind_others(times: list[int], missing: int, step: int) -> Iterator[int]:
    for before, after in zip(times, [*times[1:], None], strict=True):
        yield before
        between = before + step
        while missing and (after is None or (after - between) * 2 >= step):
            yield between
            between, missing = between + step, missing - 1
