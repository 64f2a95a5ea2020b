"""Playing one video in one browser from its start, in its middle, to its end, in every size."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from tests.players.engine import Engine
from tests.players.loudspeaker import Microphone
from tests.players.measured import FRAMES_PER_SECOND, Stretch

SYNCHRONOUS_SECONDS = 0.02
_STARTS = 3
_HEARD_SECONDS = 0.5
_SIZES_FROM = 2
# How far from where it was sent a player may begin.
_NEAR_FRAMES = 12
_LAST_FRAMES = 3


@dataclass(frozen=True, slots=True)
class Part:
    """From where on it is played (None is wherever it stands), and for how long."""

    name: str
    begins: float | None
    seconds: float


@dataclass
class Played:
    duration: float
    stretches: dict[str, Stretch] = field(default_factory=dict)
    # How much later than the picture the sound is, in seconds, beyond what the browser adds.
    late: dict[str, float] = field(default_factory=dict)
    heights: list[int] = field(default_factory=list)
    state: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Player:
    engine: Engine
    microphone: Microphone
    page: str
    library: str
    # Measured again where a busy machine disturbed it: what a file has wrong is wrong every time.
    attempts: int = 1

    def reference(self, url: str, seconds: float) -> float:
        """How late sound is heard of a file that is not ours: some is added anew at each start."""
        heard = []
        for _ in range(_STARTS):
            self._load("native", url)
            heard.append(self._late(self._stretch(Part("start", None, seconds))))
        assert any(heard), "nothing was heard of the reference"
        return median(median(late) for late in heard if late)

    def play(
        self, url: str, parts: Sequence[Part], reference: float, expected: Mapping[str, float]
    ) -> Played:
        """Play each part, and before the last one change the size."""
        loaded = self._load(self.library, url)
        played = Played(loaded["duration"])
        for part in parts:
            if part is parts[-1]:
                played.heights = self._change_sizes(loaded["heights"])
            self._measure(played, part, reference, expected.get(part.name, 0))
        played.state = self.engine.call("state")
        played.duration = played.state["duration"]
        return played

    def _measure(self, played: Played, part: Part, reference: float, expected: float) -> None:
        """The median of all that was heard counts: noise neither hides nor makes a fault."""
        heard: list[float] = []
        for _ in range(self.attempts):
            stretch = self._stretch(part)
            played.stretches[part.name] = stretch
            heard += self._late(stretch)
            if heard:
                played.late[part.name] = median(heard) - reference
                if stretch.is_whole and is_synchronous(played.late[part.name] - expected):
                    return

    def _load(self, library: str, url: str) -> dict[str, Any]:
        self.engine.open(self.page)
        loaded: dict[str, Any] = self.engine.call("load", library, url)
        return loaded

    def _change_sizes(self, heights: Sequence[int]) -> list[int]:
        """Down and up again while it plays; return what was on the screen then."""
        if not heights:
            return []
        self.engine.call("play", _SIZES_FROM, 0.3)
        chosen = (min(heights), max(heights), min(heights))
        return [self.engine.call("choose", height)["videoHeight"] for height in chosen]

    def _stretch(self, part: Part) -> Stretch:
        seen = Stretch.of(self.engine.call("play", part.begins, part.seconds))
        # The last tone is still on its way to the microphone.
        time.sleep(_HEARD_SECONDS)
        return seen

    def _late(self, stretch: Stretch) -> Sequence[float]:
        return stretch.late(self.microphone.beeps())


def is_synchronous(late: float) -> bool:
    return abs(late) < SYNCHRONOUS_SECONDS


def faults(played: Played, parts: Sequence[Part], *, frames: int, delay: float = 0) -> list[str]:
    """What is wrong with what was seen, in words; of sound it says nothing."""
    planned = frames / FRAMES_PER_SECOND
    ended = played.stretches[parts[-1].name]
    last = max([each.number for each in ended.pictures] + [ended.state["standing"]])
    wrong = {
        f"it lasts {played.duration} s, not {planned}": not _lasts(played, planned, delay),
        f"it complains: {played.state['complaints']}": bool(played.state["complaints"]),
        f"it stood still {played.state['hangs']} times": bool(played.state["hangs"]),
        "it did not reach its end": not ended.state["ended"],
        f"its last picture is {last} of {frames}": last < frames - _LAST_FRAMES,
    }
    for part in parts:
        pictures = played.stretches[part.name].pictures
        first = pictures[0].number if pictures else -frames
        expected = (part.begins or 0) * FRAMES_PER_SECOND
        wrong[f"{part.name}: picture {first} came first"] = abs(first - expected) > _NEAR_FRAMES
    return [words for words, is_wrong in wrong.items() if is_wrong]


def _lasts(played: Played, planned: float, delay: float) -> bool:
    """Some players count from the first picture, others from the beginning of the clock."""
    frame = 1 / FRAMES_PER_SECOND
    return planned - frame <= played.duration <= planned + delay + frame
