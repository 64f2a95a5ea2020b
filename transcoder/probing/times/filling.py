"""Times for pictures that are stored without one."""

from collections.abc import Iterator
from itertools import pairwise

# Decoders reorder pictures, so a time may belong to a picture this many frames away.
JITTER = 8


def filled(times: list[int], missing: int) -> Iterator[int]:
    """Place pictures without a time in the gaps."""
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
    """Place pictures after those with a time; or all evenly, if the end stays the same."""
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
