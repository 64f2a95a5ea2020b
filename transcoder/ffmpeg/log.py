"""What FFmpeg says while it works, as far as somebody asks for it."""

import re
from dataclasses import dataclass, field

from chalicelib.transcoding.evidence import DeliveredPictures
from transcoder.ffmpeg.damage import FLAGGED, Damage

_PICTURE = re.compile(r"\bn: *(\d+) pts: *(-?\d+)")
_DECODED = re.compile(r"(?<!\d)(\d+) frames decoded; (\d+) decode errors")
_UNFIT = "Avoiding reinit; dropping frame"
_NO_OUTPUT = "Could not open encoder before EOF"
# That more is not permitted is said at the end of a GXF.
_LOST = re.compile(
    r"Error during demuxing: (?!Invalid data|End of file|Operation not permitted)"
    r"|Error opening input.*: (?!Invalid data)|Stream ends prematurely"
)


@dataclass(slots=True)
class Observer:
    """Follows a run line by line."""

    # Of the chunk; 0 in runs that make none of its pictures.
    frames: int = 0
    # How many of the video lie before the chunk.
    before: int = 0
    codec: str = ""
    # Of the first picture that came out of the decoder, counted from the start of the chunk.
    first_number: int | None = None
    last_number: int = 0
    # How many pictures belong to the chunk itself.
    seen: int = 0
    decoded: int = 0
    errors: int = 0
    # The source could not be read to where it says it ends.
    is_source_lost: bool = False
    _damage: Damage = field(init=False)
    # Of the pictures that belong to the chunk: which of those they are that left the decoder, the
    # first and the last of their numbers, and how far they are apart at most.
    _of_chunk: set[int] = field(default_factory=set)
    _first_seen: int | None = None
    _last_seen: int = 0
    _longest_hold: int = 0
    _early: set[int] = field(default_factory=set)
    _late: int = 0
    _furthest: int | None = None
    _unfit: int = 0
    _has_no_output: bool = False

    def __post_init__(self) -> None:
        self._damage = Damage(self.codec)

    def hear(self, line: str) -> None:
        self._damage.hear(line)
        if found := _PICTURE.search(line):
            self._see(place=int(found[1]), number=int(found[2]))
        elif found := _DECODED.search(line):
            self.decoded += int(found[1])
            self.errors += int(found[2])
        elif FLAGGED.search(line):
            self.errors += 1
        elif _UNFIT in line:
            self._unfit += 1
        elif _NO_OUTPUT in line:
            self._has_no_output = True
        elif _LOST.search(line):
            self.is_source_lost = True

    def _see(self, *, place: int, number: int) -> None:
        if self.first_number is None:
            self.first_number = number
        self.last_number = number
        self._furthest = number if self._furthest is None else max(number, self._furthest)
        if number < -self.before:
            self._early.add(place)
        elif number >= self.frames:
            self._late += 1
        elif number >= 0:
            self._see_own(place, number)

    def _see_own(self, place: int, number: int) -> None:
        if self._first_seen is None:
            self._first_seen = self._last_seen = number
        self._longest_hold = max(self._longest_hold, number - self._last_seen)
        self._first_seen = min(self._first_seen, number)
        self._last_seen = max(self._last_seen, number)
        self.seen += 1
        self._of_chunk.add(place)

    @property
    def whole(self) -> int:
        """How many pictures of the chunk came without damage."""
        return max(0, self.seen - len(self._of_chunk & self._damage.damaged))

    @property
    def began_too_late(self) -> bool:
        return self.first_number is not None and self.first_number > 0

    @property
    def ends_before(self) -> bool:
        """Whether all pictures come before the chunk, so that nothing was encoded."""
        return self._has_no_output and self.seen == 0 and self.last_number < 0

    @property
    def delivered(self) -> DeliveredPictures:
        is_none = self._first_seen is None
        furthest = self._furthest
        return DeliveredPictures(
            count=self.seen,
            first_frame=None if self._first_seen is None else self.before + self._first_seen,
            last_frame=None if is_none else self.before + self._last_seen,
            longest_hold=self._longest_hold,
            damaged=len(self._of_chunk & self._damage.damaged),
            affected=len(self._of_chunk & self._damage.affected),
            errors=max(self.errors, self._damage.errors),
            discarded=self._unfit,
            before=len(self._early - self._damage.affected),
            beyond=self._late,
            furthest_frame=None if furthest is None else self.before + furthest,
        )
