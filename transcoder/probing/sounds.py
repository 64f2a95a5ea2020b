"""When a sound track begins and ends by its packets, and how much of it is missing in between."""

from dataclasses import dataclass, field
from fractions import Fraction

from chalicelib.encoding.plan import SoundTimes

# Less is the rounding of a clock.
_GAP_SECONDS = Fraction(1, 50)


@dataclass(slots=True)
class Packets:
    """Follows the packets of one track, in ticks of its clock."""

    tick: Fraction
    begins: int | None = None
    ends: int = 0
    missing: int = 0
    # Of the newest packet, and how far apart those before it were: not every container says how
    # long a packet lasts.
    newest: int = 0
    step: int = 0
    # A film has a hundred thousand packets, and whole numbers are compared faster than fractions.
    _most_rounding: int = field(init=False)

    def __post_init__(self) -> None:
        self._most_rounding = _GAP_SECONDS // self.tick

    def add(self, begin: int | None, ticks: int) -> None:
        """Add a packet; one without a time goes on where the last one ended."""
        if begin is None:
            self.ends += ticks
            return
        if self.begins is None:
            self.begins = self.ends = self.newest = begin
        elif self.ends == self.newest < begin:
            # Nothing said how long the one before lasts.
            self.step, self.ends = begin - self.newest, begin
        gap = begin - self.ends
        if gap > self._most_rounding:
            self.missing += gap
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
        return SoundTimes(begins, ends, missing)
