"""What one stretch of playing showed: pictures by the clock of this machine, and how it ended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

FRAMES_PER_SECOND = 25
# How far from a tone a picture may be to say when the picture of that tone came.
_NEAR_SECONDS = 0.7
# A tone at the very beginning is cut, for playing begins in the midst of it.
_BEGINNING_SECONDS = 0.2
_ALIKE_SECONDS = 0.5 / FRAMES_PER_SECOND


@dataclass(frozen=True, slots=True)
class Picture:
    number: int
    # Its presentation time, as the browser says.
    media_seconds: float
    # When it came to the screen, by the clock of this machine.
    at: float

    @property
    def in_video(self) -> float:
        return self.number / FRAMES_PER_SECOND


@dataclass(frozen=True, slots=True)
class Stretch:
    begins: float
    ends: float
    pictures: Sequence[Picture]
    state: Mapping[str, Any]

    @classmethod
    def of(cls, seen: Mapping[str, Any]) -> "Stretch":
        pictures = [Picture(*each) for each in seen["pictures"] if each[0] >= 0]
        return cls(seen["begins"], seen["currentTime"], _trusted(pictures), seen)

    @property
    def is_whole(self) -> bool:
        """Whether pictures went on as long as the sound."""
        return (
            bool(self.pictures) and self.pictures[-1].media_seconds > self.ends - _BEGINNING_SECONDS
        )

    @property
    def delay(self) -> float:
        """How much later than in the video its pictures are in the clock of the media."""
        return _usual(self.pictures)

    def late(self, beeps: Sequence[float]) -> Sequence[float]:
        """By how many seconds each tone that was heard meanwhile comes after its picture.

        A tone begins with each second of the video.
        """
        return [each for each in map(self._late, beeps) if each is not None]

    def _late(self, beep: float) -> float | None:
        begun = [each.at - each.in_video for each in self.pictures if abs(each.at - beep) < 1]
        if not begun:
            return None
        second = round(beep - median(begun))
        if second < self.begins - self.delay + _BEGINNING_SECONDS:
            return None
        near = [
            each.at - each.in_video
            for each in self.pictures
            if abs(each.in_video - second) <= _NEAR_SECONDS
        ]
        # On a busy machine a picture may come late, but never early.
        return beep - second - min(near) if near else None


def _trusted(pictures: Sequence[Picture]) -> Sequence[Picture]:
    """Without those where another picture was drawn than the one spoken of."""
    usual = _usual(pictures)
    return [
        each
        for each in pictures
        if abs(each.media_seconds - each.in_video - usual) < _ALIKE_SECONDS
    ]


def _usual(pictures: Sequence[Picture]) -> float:
    """Of the lower half: Firefox often draws the picture before, and no browser often a later."""
    delays = sorted(each.media_seconds - each.in_video for each in pictures)
    return delays[len(delays) // 4] if delays else 0
