"""When a sound track begins and ends by its packets, and how much of it is missing in between."""

from dataclasses import dataclass, field
from fractions import Fraction

from chalicelib.encoding.plan import SoundTimes

# Silence is filled in for more. Less is a gap as well if more of them follow, but for what is the
# rounding of a clock.
GAP_SECONDS, ROUNDING_SECONDS = Fraction(1, 50), Fraction(1, 200)
_MOST_GAPS = 100


@dataclass(slots=True)
class Packets:
    """Follows the packets of one track, in ticks of its clock."""

    tick: Fraction
    # The smallest gap that is no rounding.
    smallest: Fraction = GAP_SECONDS
    # By how much packets have come too late, in gaps too short to be filled one by one.
    late: int = 0
    count: int = 0
    begins: int | None = None
    ends: int = 0
    missing: int = 0
    gaps: list[tuple[int, int]] = field(default_factory=list)
    # Of the newest packet, and how far apart those before it were: not every container says how
    # long a packet lasts.
    newest: int = 0
    step: int = 0
    # A film has a hundred thousand packets, and whole numbers are compared faster than fractions.
    _smallest_ticks: int = field(init=False)
    _filled_ticks: int = field(init=False)

    def __post_init__(self) -> None:
        self._smallest_ticks = self.smallest // self.tick
        self._filled_ticks = GAP_SECONDS // self.tick

    def add(self, begin: int | None, ticks: int) -> None:
        """Add a packet; one without a time goes on where the last one ended."""
        self.count += 1
        if begin is None:
            self.ends += ticks
            return
        if self.begins is None:
            self.begins = self.ends = self.newest = begin
        elif self.ends == self.newest < begin:
            # Nothing said how long the one before lasts.
            self.step, self.ends = begin - self.newest, begin
        gap = begin - self.ends
        if abs(gap) > self._smallest_ticks:
            self.late = max(0, self.late + gap)
        if self.late > self._filled_ticks:
            self.missing += self.late
            if len(self.gaps) < _MOST_GAPS:
                self.gaps.append((begin - self.late, begin))
            self.late = 0
        elif not ticks:
            self.step = begin - self.newest or self.step
        self.newest = begin
        self.ends = max(self.ends, begin + (ticks or self.step))

    @property
    def times(self) -> SoundTimes | None:
        if self.begins is None:
            return None
        begins, ends, missing = (
            each * self.tick for each in (self.begins, self.ends, self.missing)
        )
        gaps = tuple((begin * self.tick, end * self.tick) for begin, end in self.gaps)
        return SoundTimes(begins, ends, missing, gaps, packets=self.count)
