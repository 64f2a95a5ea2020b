"""A trailer is imported before what it belongs to, in few readings."""

import pytest

from infra.transfer.trailers import MOST_READINGS, trailers_first


def ordered(trailers: dict[int, int]) -> tuple[list[int], int]:
    """The order of these videos, by their trailers, and how often they were read."""
    done: list[int] = []
    readings = []

    def read() -> list[int]:
        readings.append(1)
        return [*trailers]

    done.extend(trailers_first(read, lambda each: trailers[each] not in (0, *done)))
    return done, len(readings)


@pytest.mark.parametrize(
    ("trailers", "order", "readings"),
    [
        ({}, [], 1),
        ({1: 0, 2: 1}, [1, 2], 1),
        ({1: 2, 2: 3, 3: 0}, [3, 2, 1], 3),
        ({1: 1, 2: 0, 3: 9}, [2, 1, 3], 3),
        ({1: 2, 2: 1, 3: 1}, [1, 2, 3], 3),
    ],
)
def test_what_waits_for_nothing_comes_first(
    trailers: dict[int, int], order: list[int], readings: int
) -> None:
    assert ordered(trailers) == (order, readings)


def test_long_chains_are_read_a_few_times() -> None:
    chain = {number: (number + 1) % 50 for number in range(1, 50)}
    order, readings = ordered(chain)
    assert (sorted(order), readings) == ([*chain], MOST_READINGS)
    assert order[:3] == [49, 48, 47]
