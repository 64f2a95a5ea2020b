"""What FFmpeg says while it works, as far as somebody asks for it."""

import re
from dataclasses import dataclass

_PICTURE = re.compile(r"\bn: *\d+ pts: *(-?\d+)")
_DECODED = re.compile(r"(\d+) frames decoded; (\d+) decode errors")
_DAMAGED = re.compile("corrupt (decoded frame|input packet)")
_LOST = re.compile(
    r"Error during demuxing: (?!Invalid data|End of file)|Error opening input.*: (?!Invalid data)"
    r"|Stream ends prematurely"
)


@dataclass(slots=True)
class Observer:
    """Follows a run line by line."""

    frames: int  # of the chunk
    # Of the first picture that came out of the decoder, counted from the start of the chunk.
    first_number: int | None = None
    last_number: int = 0
    # How many pictures belong to the chunk itself.
    seen: int = 0
    decoded: int = 0
    errors: int = 0
    # The source could not be read to where it says it ends.
    is_source_lost: bool = False

    def hear(self, line: str) -> None:
        if found := _PICTURE.search(line):
            number = int(found[1])
            if self.first_number is None:
                self.first_number = number
            self.last_number = number
            self.seen += 0 <= number < self.frames
        elif found := _DECODED.search(line):
            self.decoded += int(found[1])
            self.errors += int(found[2])
        elif _DAMAGED.search(line):
            self.errors += 1
        elif _LOST.search(line):
            self.is_source_lost = True

    @property
    def began_too_late(self) -> bool:
        return self.first_number is not None and self.first_number > 0
