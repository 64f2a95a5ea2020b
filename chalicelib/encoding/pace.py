"""The pace of an encode, and the forecast of its end."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

# Before this share of the whole is done, there is no forecast.
_SMALLEST_SHARE = 0.02
# The pace is measured every twentieth of the way: four without an update are a standstill.
_SILENT_SHARE = 4 / 20
_LEAST_SILENCE = timedelta(minutes=1)
# A forecast that is later by less than this share of the time left is noise.
_NOISE = 0.1


@dataclass(frozen=True, slots=True)
class Pace:
    """Measurements of one attempt; shares are of all work after the plan."""

    began_at: datetime
    # Done by earlier attempts.
    began_share: float
    measured_at: datetime
    share: float
    due_at: datetime | None = None
    # The forecast is later than the one before.
    is_slower: bool = False

    def seconds_left(self, now: datetime) -> int | None:
        """Return the time to go; None if it is unknown or the forecast has failed."""
        if self.due_at is None or self.is_overdue(now):
            return None
        return round((self.due_at - now).total_seconds())

    def is_overdue(self, now: datetime) -> bool:
        """Whether the forecast has passed, or no progress was made for too long."""
        if self.due_at is None:
            return False
        speed = (self.measured_at - self.began_at) / (self.share - self.began_share)
        silence = max(_LEAST_SILENCE, speed * _SILENT_SHARE)
        return self.due_at <= now or now - self.measured_at > silence


def measured(before: Pace | None, share: float, now: datetime) -> Pace:
    """Return an updated pace; the forecast follows from finished work, never from waiting."""
    if before is None:
        return Pace(began_at=now, began_share=share, measured_at=now, share=share)
    done = share - before.began_share
    elapsed = now - before.began_at
    if done < _SMALLEST_SHARE or elapsed <= timedelta(0):
        return before
    before = replace(before, measured_at=now, share=share)
    due_at = (now + elapsed * ((1 - share) / done)).replace(microsecond=0)
    forecast = before.due_at
    if forecast is None or due_at <= forecast:
        return replace(before, due_at=due_at, is_slower=False)
    if due_at - forecast <= max(forecast - now, timedelta(0)) * _NOISE:
        return replace(before, is_slower=False)
    return replace(before, due_at=due_at, is_slower=True)
