"""Pictures of a chunk and errors of its decoder, read from the log of FFmpeg."""

import re
from dataclasses import dataclass, field

from chalicelib.encoding.picture_evidence import DeliveredPictures
from transcoder.ffmpeg.damage import FLAGGED, DamageReader, DecodedPicture, Excuses
from transcoder.ffmpeg.phases import LineReader

# Added to each printed number, so that it is recognised anywhere in a line: the text of another
# thread may precede it. Pictures without a time have no number.
_ZERO, _NO_TIME = 500_000_000_000_000, 300_000_000_000_000
_PICTURE = re.compile(r"([345]\d{14})\.0{6}")
_DECODED = re.compile(r"(?<!\d)(\d+) frames decoded; (\d+) decode errors")
_NO_OUTPUT = "Could not open encoder before EOF"

# A filter that passes every picture and prints its number, which is its time. Each line is
# written at once, and contains no text of the source.
NUMBERS_PRINTED = f"select='gt(print(if(isnan(pts),{_NO_TIME},pts+{_ZERO})),0)'"


@dataclass(slots=True)
class Observer(LineReader):
    """Reads the log of a run line by line."""

    # Frames of the chunk; 0 in runs that encode none of them.
    frames: int = 0
    # Frames of the video before the chunk.
    before: int = 0
    # Frames of the video before its first picture.
    lead: int = 0
    codec: str = ""
    # Whether times are numbers of pictures.
    is_counted: bool = False
    # Whether decoding begins within the source, where pictures before the first key picture refer
    # to what is not decoded; they count as if they had not come.
    is_sought: bool = False
    # Number of the first decoded picture, from the start of the chunk.
    first_number: int | None = None
    last_number: int = 0
    # Pictures within the chunk, and those of them without damage.
    seen: int = 0
    whole: int = 0
    decoded: int = 0
    errors: int = 0
    _damage: DamageReader = field(init=False)
    _excuses: Excuses = field(init=False)
    # Of the pictures within the chunk: first and last number, the largest distance between two,
    # and how many may show damage.
    _first_seen: int | None = None
    _last_seen: int = 0
    _longest_hold: int = 0
    _affected: int = 0
    _early: int = 0
    _late: int = 0
    _out_of_order: int = 0
    _displayed: int = 0
    _furthest: int | None = None
    _has_no_output: bool = False
    _lacks_key: bool = False

    def __post_init__(self) -> None:
        self._damage = DamageReader(self.codec, self.is_counted)
        self._excuses = Excuses(self.frames)

    def read_line(self, line: str) -> None:
        self._damage.read_line(line)
        if printed := _PICTURE.search(line):
            picture, number = self._damage.arrived(), int(printed[1]) - _ZERO
            if int(printed[1]) != _NO_TIME:
                self._see(number, picture)
        elif match := _DECODED.search(line):
            self.decoded += int(match[1])
            self.errors += int(match[2])
        elif FLAGGED.search(line):
            self.errors += 1
        elif _NO_OUTPUT in line:
            self._has_no_output = True

    def _see(self, number: int, picture: DecodedPicture) -> None:
        if self.is_sought and picture.is_before_key:
            self._lacks_key = self._lacks_key or number > 0
            return
        if self.first_number is None:
            self.first_number = number
        self.last_number = number
        self._furthest = number if self._furthest is None else max(number, self._furthest)
        self._excuses.see(number, is_excused=picture.is_excused)
        if number < self.lead - self.before:
            self._early += not picture.is_affected
        elif number >= self.frames:
            self._late += 1
        elif number >= 0:
            self._see_own(number, picture)

    def _see_own(self, number: int, picture: DecodedPicture) -> None:
        if self._first_seen is None:
            self._first_seen = self._last_seen = number
            self._displayed = 1
        self._longest_hold = max(self._longest_hold, number - self._last_seen)
        self._out_of_order += number < self._last_seen
        self._displayed += number > self._last_seen
        self._first_seen = min(self._first_seen, number)
        self._last_seen = max(self._last_seen, number)
        self.seen += 1
        self.whole += not picture.is_damaged
        self._affected += picture.is_affected

    @property
    def own_errors(self) -> int:
        """Errors, less those of a seek to a picture before the chunk that is no key picture."""
        is_sought = self.before > 0 and self.first_number is not None and self.first_number < 0
        return max(0, self.errors - self._damage.early) if is_sought else self.errors

    @property
    def began_too_late(self) -> bool:
        return self._lacks_key or (self.first_number is not None and self.first_number > 0)

    @property
    def ends_before(self) -> bool:
        """Whether all pictures are before the chunk, so that nothing was encoded."""
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
            damaged=self.seen - self.whole,
            affected=self._affected,
            errors=max(self.errors, self._damage.errors),
            discarded=self._damage.discarded,
            before=self._early,
            beyond=self._late,
            furthest_frame=None if furthest is None else self.before + furthest,
            out_of_order=self._out_of_order,
            excused=self._excuses.until_the_end(is_excused=self._damage.is_excused),
            displayed=self._displayed,
        )
