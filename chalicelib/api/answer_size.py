"""Limits of Lambda on the size of an answer, and the size of a text inside one."""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

T = TypeVar("T")

# Lambda refuses answers above 6 MB; the rest is reserve for proxies that enlarge answers.
LARGEST_ANSWER_BYTES = 4_500_000
# Status, headers and cookies; API Gateway allows about 10 kB.
ENVELOPE_BYTES = 16_000
LARGEST_BODY_BYTES = LARGEST_ANSWER_BYTES - ENVELOPE_BYTES


def bytes_in_answer(text: str) -> int:
    """Return the length of a text inside the JSON string of an answer's body.

    Some Lambda runtimes escape non-ASCII characters and some do not; the longer form counts.
    """
    return len(json.dumps(text)) - len('""')


def fitting(items: Iterable[T], bytes_of: Callable[[T], int]) -> tuple[Sequence[T], bool]:
    """Return the first items that fit into an array in one answer, and whether others do not."""
    fit: list[T] = []
    left = LARGEST_BODY_BYTES
    for item in items:
        left -= bytes_of(item) + len(",")
        if left < 0:
            return fit, True
        fit.append(item)
    return fit, False
