"""Time that a file declares behind its end, if the file shows that it ends early."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import chain, repeat

from chalicelib.encoding.plan import SoundTimes
from transcoder.probing.model import Timeline
from transcoder.probing.promises import Promised, begin_of, pictured_seconds

# A declared duration may be longer than the pictures by the end of the sound.
_TOLERATED_SECONDS = Fraction(1, 10)
# Of interleaved tracks, one that ends earlier than the others is complete.
_INTERLEAVED_SECONDS = Fraction(1)


@dataclass(frozen=True, slots=True)
class MissingEnd:
    """What a file declares behind its end."""

    promised: Promised
    # Bytes that are there, and those that the container declares; 0 if it does not.
    size: int
    declared_size: int = 0

    @property
    def bytes(self) -> int:
        return max(0, self.promised.picture_byte - self.size, self.declared_size - self.size)

    def pictures(self, timeline: Timeline) -> Fraction:
        """Seconds of pictures."""
        left = self.promised.longest - pictured_seconds(timeline)
        if self.promised.picture_byte > self.size:
            return max(Fraction(0), left)
        return self._unlisted(timeline, left)

    def of_sounds(self, timeline: Timeline) -> Iterator[SoundTimes | None]:
        """Yield each sound with the share of it that is missing."""
        listed = chain(self.promised.sounds, repeat((Fraction(0), 0)))
        for times, (seconds, listed_byte) in zip(timeline.sounds, listed, strict=False):
            yield times and self._of_sound(timeline, times, seconds, listed_byte)

    def _of_sound(
        self, timeline: Timeline, times: SoundTimes, seconds: Fraction, listed_byte: int
    ) -> SoundTimes:
        heard, left = times.ends - begin_of(timeline), Fraction(0)
        if listed_byte > self.size:
            left = max(Fraction(0), seconds - heard)
        elif times.ends + _INTERLEAVED_SECONDS > timeline.end:
            left = self._unlisted(timeline, self.promised.longest - heard)
        lasting = times.ends - times.begins
        return replace(times, cut_off=left / (lasting + left)) if left else times

    def _unlisted(self, timeline: Timeline, left: Fraction) -> Fraction:
        """Return what is left of an interleaved track, unless another one reaches the end."""
        if self.declared_size <= self.size:
            return Fraction(0)
        left = min(left, self.promised.longest - (timeline.end - begin_of(timeline)))
        return left if left > _TOLERATED_SECONDS else Fraction(0)
