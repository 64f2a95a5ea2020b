"""The order in which videos are imported: the id that a trailer gets is known only then."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")

# A trailer may have a trailer, and so on; each link may need another reading.
MOST_READINGS = 8


def trailers_first(read: Callable[[], Iterable[T]], waits: Callable[[T], bool]) -> Iterator[T]:
    """Yield each video once, as soon as it waits for no trailer.

    Those whose trailers lead back to them, or never come, are last.
    """
    left: set[int] | None = None
    is_last = False
    for reading in range(MOST_READINGS):
        before, left = left, set()
        for number, each in enumerate(read()):
            if before is not None and number not in before:
                continue
            if waits(each) and not is_last:
                left.add(number)
            else:
                yield each
        if not left:
            return
        is_last = left == before or reading == MOST_READINGS - 2
