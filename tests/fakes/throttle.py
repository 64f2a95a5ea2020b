"""Attempts counted in a dictionary."""

from collections import Counter, defaultdict

from chalicelib.accounts.throttling import Limit, TimeWindow, counters_of
from chalicelib.clock import Clock


class InMemoryThrottle:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._attempts: dict[tuple[str, str, int], Counter[str]] = defaultdict(Counter)

    def hit(self, limit: Limit, caller: str, *, subject: str = "") -> None:
        window = TimeWindow.at(self._clock.now(), limit)
        counters = counters_of(limit, caller, subject)
        attempts = self._attempts[limit.name, counters.name, window.begins]
        if any(each.shuts and attempts[each.name] >= each.most for each in counters.counts):
            raise window.too_many()
        attempts.update(each.name for each in counters.counts)
        if any(attempts[each.name] > each.most for each in counters.counts):
            raise window.too_many()

    def most_subjects(self) -> int:
        """Return the number of subjects in the largest item."""
        return max(
            sum(name.startswith("of_") for name in attempts) for attempts in self._attempts.values()
        )
