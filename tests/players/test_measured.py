"""What is measured of players is right: known pictures and tones give known numbers."""

import io
import math
import time
from array import array
from itertools import count
from statistics import median

import pytest

from tests.players.loudspeaker import RATE, Microphone
from tests.players.measured import FRAMES_PER_SECOND, Stretch

BEGUN = 1_000_000.0


def stretch(*, late: float = 0, busy: float = 0, stale: int = 0) -> Stretch:
    """Four seconds from 12 s on, whose pictures come late; every other one later still."""
    numbers = range(12 * FRAMES_PER_SECOND, 16 * FRAMES_PER_SECOND)
    pictures = [
        [
            number - (number % 5 < stale),
            number / FRAMES_PER_SECOND + 0.08,
            BEGUN + number / FRAMES_PER_SECOND + late + busy * (number % 2),
        ]
        for number in numbers
    ]
    return Stretch.of({"begins": 12.08, "currentTime": 16.08, "pictures": pictures})


BEEPS = [BEGUN + second for second in range(24)]


@pytest.mark.parametrize("late", [0, 0.08, -0.08])
def test_a_picture_that_comes_late_makes_its_sound_come_early(late: float) -> None:
    assert median(stretch(late=late).late(BEEPS)) == pytest.approx(-late, abs=0.001)


def test_pictures_that_a_busy_machine_shows_late_change_nothing() -> None:
    assert median(stretch(busy=0.2).late(BEEPS)) == pytest.approx(0, abs=0.001)


@pytest.mark.parametrize("stale", [1, 2, 3])
def test_a_picture_that_is_not_the_one_spoken_of_is_not_used(stale: int) -> None:
    assert len(stretch(stale=stale).pictures) == 100 - 20 * stale
    assert median(stretch(stale=stale).late(BEEPS)) == pytest.approx(0, abs=0.001)


def test_tones_of_another_time_and_the_one_it_begins_with_are_not_its_own() -> None:
    assert len(stretch().late(BEEPS)) == len(range(13, 17))


def test_its_pictures_begin_as_late_as_its_media_say() -> None:
    assert stretch().delay == pytest.approx(0.08)


class _Arriving(io.BytesIO):
    """Sound as a server delivers it: never before it was played, sometimes later."""

    def __init__(self, sound: bytes, begun: float) -> None:
        super().__init__(sound)
        self._begun, self._numbers = begun, count()

    def read(self, size: int | None = -1, /) -> bytes:
        block = super().read(size)
        played = self._begun + self.tell() / 2 / RATE
        while time.time() < played + 0.03 * (next(self._numbers) % 3 == 0):
            pass
        return block


def test_the_microphone_says_when_a_tone_began() -> None:
    tone = [round(9000 * math.sin(2 * math.pi * 500 * at / RATE)) for at in range(RATE // 10)]
    sound = array("h", [0] * (RATE // 2) + tone + [0] * (RATE // 2) + tone)
    microphone, begun = Microphone(), time.time()
    microphone.listen(_Arriving(sound.tobytes(), begun))
    assert microphone.beeps() == pytest.approx([begun + 0.5, begun + 1.1], abs=0.005)
