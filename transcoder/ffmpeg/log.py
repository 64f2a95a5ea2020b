"""What FFmpeg says while it works, as far as somebody asks for it."""

import re
from dataclasses import dataclass, field

_PICTURE = re.compile(r"\bn: *(\d+) pts: *(-?\d+)")
_DECODED = re.compile(r"(?<!\d)(\d+) frames decoded; (\d+) decode errors")
_DAMAGED = re.compile("corrupt (decoded frame|input packet)")
_UNFIT = "Avoiding reinit; dropping frame"
_OUT_OF_DECODER = "decoder -> pts:"
_LOST = re.compile(
    r"Error during demuxing: (?!Invalid data|End of file)|Error opening input.*: (?!Invalid data)"
    r"|Stream ends prematurely"
)


@dataclass(slots=True)
class Observer:
    """Follows a run line by line."""

    # Of the chunk; 0 in runs that make none of its pictures.
    frames: int = 0
    # Of the first picture that came out of the decoder, counted from the start of the chunk.
    first_number: int | None = None
    last_number: int = 0
    # How many pictures belong to the chunk itself.
    seen: int = 0
    decoded: int = 0
    errors: int = 0
    # Frames were dropped because they are of another make than the first.
    has_changed: bool = False
    # The source could not be read to where it says it ends.
    is_source_lost: bool = False
    # Pictures as they leave the decoder, counted from 0: how many there were, in which of them
    # damage was covered up, and which belong to the chunk itself.
    _left_decoder: int = 0
    _is_next_damaged: bool = False
    _damaged: set[int] = field(default_factory=set)
    _of_chunk: set[int] = field(default_factory=set)

    def hear(self, line: str) -> None:
        # It may stand in the middle of a line that another thread is writing.
        if _OUT_OF_DECODER in line:
            self._leave_decoder()
        if found := _PICTURE.search(line):
            self._see(place=int(found[1]), number=int(found[2]))
        elif found := _DECODED.search(line):
            self.decoded += int(found[1])
            self.errors += int(found[2])
        elif found := _DAMAGED.search(line):
            self.errors += 1
            self._is_next_damaged = self._is_next_damaged or "frame" in found[1]
        elif _UNFIT in line:
            self.has_changed = True
        elif _LOST.search(line):
            self.is_source_lost = True

    def _see(self, *, place: int, number: int) -> None:
        if self.first_number is None:
            self.first_number = number
        self.last_number = number
        if 0 <= number < self.frames:
            self.seen += 1
            self._of_chunk.add(place)

    def _leave_decoder(self) -> None:
        if self._is_next_damaged:
            self._damaged.add(self._left_decoder)
            self._is_next_damaged = False
        self._left_decoder += 1

    @property
    def whole(self) -> int:
        """How many pictures of the chunk came without damage."""
        return max(0, self.seen - len(self._of_chunk & self._damaged))

    @property
    def began_too_late(self) -> bool:
        return self.first_number is not None and self.first_number > 0
