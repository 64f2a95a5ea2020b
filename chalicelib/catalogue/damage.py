"""The decodable share of a source, and its damage in percent."""

from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Damage:
    """Percents that could not be decoded, as clients show them: equal numbers are equal damage."""

    pictures: float = 0
    sound: float = 0


@dataclass(frozen=True, slots=True)
class Decodable:
    """Shares of a source, from 0 to 1; 1 where nothing was measured, or there is no sound."""

    pictures: float = 1
    # Of the track that plays unless a viewer chooses another one.
    sound: float = 1

    @property
    def damage(self) -> Damage:
        return Damage(_percent(self.pictures), _percent(self.sound))

    @classmethod
    def stored(cls, pictures: float | None, sound: float | None) -> Self | None:
        """Return the stored shares, if any; earlier versions counted pictures alone."""
        if pictures is None:
            return None
        return cls(float(pictures), 1 if sound is None else float(sound))


WHOLE = Decodable()


def _percent(share: float) -> float:
    return round(100 * (1 - share), 2)
