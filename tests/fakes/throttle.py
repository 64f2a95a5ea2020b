"""Attempts counted in a dictionary."""

from collections import Counter, defaultdict

from chalicelib.accounts.throttling import Limit, Window
from chalicelib.clock import Clock


class InMemoryThrottle:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._attempts: dict[tuple[str, str, int], Counter[str]] = defaultdict(Counter)

    def hit(self, limit: Limit, who: str, *, subject: str = "") -> None:
        window = Window.at(self._clock.now(), limit)
        attempts = self._attempts[limit.name, who, window.begins]
        if attempts.total() >= limit.attempts:
            raise window.too_many()
        attempts[subject] += 1
        if attempts[subject] > limit.attempts_on_one_subject:
            raise window.too_many()

    def most_subjects(self) -> int:
        """How much there is to remember about the busiest party."""
        return max(len(attempts) for attempts in self._attempts.values())
