"""How fast an encode goes, and when it will be done if it goes on like that."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

# Before an attempt has done that much of the whole there is nothing to extrapolate from.
_SMALLEST_SHARE = 0.02
# It is measured about every twentieth of the way: so many of them without a word are a standstill.
_SILENT_SHARE = 4 / 20
_LEAST_SILENCE = timedelta(minutes=1)
# A forecast that is only this much later than the last one, as a part of what was left, is noise.
_NOISE = 0.1


@dataclass(frozen=True, slots=True)
class Pace:
    """What was measured when an encode moved on; shares are of everything after the plan."""

    began_at: datetime
    # What an earlier attempt had done already.
    began_share: float
    measured_at: datetime
    share: float
    due_at: datetime | None = None
    # It is due later than was forecast before.
    is_slower: bool = False

    def seconds_left(self, now: datetime) -> int | None:
        """Return the time to go; nothing if it is unknown, or if nothing goes on as forecast."""
        if self.due_at is None or self.is_overdue(now):
            return None
        return round((self.due_at - now).total_seconds())

    def is_overdue(self, now: datetime) -> bool:
        """Whether it should be done by now, or has come to a standstill."""
        if self.due_at is None:
            return False
        speed = (self.measured_at - self.began_at) / (self.share - self.began_share)
        silence = max(_LEAST_SILENCE, speed * _SILENT_SHARE)
        return self.due_at <= now or now - self.measured_at > silence


def measured(before: Pace | None, share: float, now: datetime) -> Pace:
    """Measure again: the forecast comes from what was done by now, and never from waiting."""
    if before is None:
        return Pace(began_at=now, began_share=share, measured_at=now, share=share)
    done = share - before.began_share
    elapsed = now - before.began_at
    if done < _SMALLEST_SHARE or elapsed <= timedelta(0):
        return before
    before = replace(before, measured_at=now, share=share)
    due_at = (now + elapsed * ((1 - share) / done)).replace(microsecond=0)
    told = before.due_at
    if told is None or due_at <= told:
        return replace(before, due_at=due_at, is_slower=False)
    if due_at - told <= max(told - now, timedelta(0)) * _NOISE:
        return replace(before, is_slower=False)
    return replace(before, due_at=due_at, is_slower=True)
