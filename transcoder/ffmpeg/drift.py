"""The steady difference between the times of sound and its samples, by the breaks in it."""

from dataclasses import dataclass
from fractions import Fraction

from chalicelib.catalogue.asset import AUDIO_RATE

# A break repairs what adds up to 20 ms; a longer one is something else.
_MOST_SAMPLES, _FEWEST_BREAKS = AUDIO_RATE // 20, 5
# Distances between breaks differ by less than this factor.
_EVEN = 2
# A larger difference is no inexact clock, but another sample rate.
_MOST_OF_A_CLOCK, _MOST_OF_A_RATE = Fraction(1, 20), Fraction(1, 8)


@dataclass(frozen=True, slots=True)
class SoundPace:
    """A correction of a track: duration of its samples in its times, divided by that by its rate.

    Either its samples are played at another speed, or its times are wrong.
    """

    factor: Fraction
    is_of_times: bool = False

    @property
    def filters(self) -> str:
        if self.is_of_times:
            return f"asetpts=STARTPTS+(PTS-STARTPTS)/({self.factor})"
        # `asetrate` changes times as well, and takes no expression.
        rate = round(AUDIO_RATE / self.factor)
        return f"aresample={AUDIO_RATE},asetpts=PTS*{rate}/SR,asetrate={rate}"

    def note(self, track: int) -> str:
        if self.is_of_times:
            return f"Sound track {track}: its times do not fit its sample rate; they were not used."
        percent = f"{abs(float(self.factor - 1)) * 100:.2g}"
        return f"Sound track {track}: its clock is off by {percent}%; its speed was corrected."


@dataclass(slots=True)
class Drift:
    """Watches breaks: positive lengths are silences, negative ones cuts."""

    count: int = 0
    # Lengths of the breaks after the first one.
    _samples: int = 0
    _is_steady: bool = True
    _first: int = 0
    _newest: int = 0
    _nearest: int = 0
    _furthest: int = 0

    def see(self, position: int, length: int) -> None:
        is_same = length * self._samples >= 0 and abs(length) <= _MOST_SAMPLES
        self._is_steady = self._is_steady and is_same
        if self.count:
            distance = position - self._newest
            self._nearest = min(self._nearest or distance, distance)
            self._furthest = max(self._furthest, distance)
            self._samples += length
        else:
            self._first = position
        self.count, self._newest = self.count + 1, position

    def pace(self, lasting: int, video: int) -> SoundPace | None:
        """Return the correction of sound that lasts so many samples, in a video of so many."""
        is_even = self._is_steady and self._furthest <= _EVEN * self._nearest
        natural = self._newest - self._first - self._samples
        if self.count < _FEWEST_BREAKS or not is_even or natural <= 0:
            return None
        factor = (self._newest - self._first) / Fraction(natural)
        off, fits = abs(factor - 1), abs(lasting / factor - video) < abs(lasting - video)
        return (
            SoundPace(factor, off > _MOST_OF_A_CLOCK and fits) if off <= _MOST_OF_A_RATE else None
        )
