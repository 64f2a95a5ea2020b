"""Pictures of a source: those that a plan expects, and those that the decoder delivered."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Self

from chalicelib.stored import known_fields


@dataclass(frozen=True, slots=True)
class ExpectedPictures:
    """Frames are those of the grid, counted from the beginning of the video."""

    # How many pictures of the source begin in each chunk.
    counts: tuple[int, ...]
    # Where the first and the last picture of the source begin.
    first_frame: int
    last_frame: int
    # The longest distance between two pictures, rounded up.
    longest_hold: int
    # Pictures that the source itself marks as damaged.
    damaged: int = 0
    # Pictures before the video, which an edit list hides.
    before: int = 0
    # Those that are not shown because others have their times, of which the plan has a note.
    overlapping: int = 0

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        return replace(known_fields(cls, plain), counts=tuple(plain["counts"]))


class StandIn(StrEnum):
    """The content of a chunk for which the source delivered no picture."""

    HELD = "held"
    BLACK = "black"


@dataclass(frozen=True, slots=True)
class Excused:
    """Of a chunk, the stretches from each complaint of demuxer or decoder to the next key picture.

    What does not come there is damage; what does not come elsewhere has no excuse.
    """

    # Frames of the grid in them, and pictures that came in them all the same.
    frames: int = 0
    count: int = 0
    # Whether they reach the first picture of the chunk, and go on after the last one.
    begin: bool = False
    end: bool = False
    # The longest distance between two pictures of the chunk outside of them.
    longest_hold: int = 0


@dataclass(frozen=True, slots=True)
class DeliveredPictures:
    """What came out of the decoder for one chunk, before pictures were repeated or left out."""

    # Those that begin in the chunk.
    count: int
    # The first and the last of them, as frames of the grid, counted from the video's beginning.
    first_frame: int | None = None
    last_frame: int | None = None
    # The longest distance between two of them.
    longest_hold: int = 0
    # Those that the decoder covered up, and all up to the next key picture, which may refer to
    # them.
    damaged: int = 0
    affected: int = 0
    # Complaints of demuxer and decoder, and pictures left out because they are of another make.
    errors: int = 0
    discarded: int = 0
    stand_in: StandIn | None = None
    # Of the first chunk: whole pictures that begin before the video does.
    before: int = 0
    # Of the last chunk: pictures that begin after the video's end, and where the last one does.
    beyond: int = 0
    furthest_frame: int | None = None
    # Those whose times lie before that of one that came earlier, so that they are not shown.
    out_of_order: int = 0
    # None where an earlier version reported: there one complaint excuses all of the chunk.
    excused: Excused | None = None

    @property
    def is_damaged(self) -> bool:
        return bool(self.damaged or self.errors)

    @property
    def is_begin_excused(self) -> bool:
        return self.is_damaged if self.excused is None else self.excused.begin

    @property
    def is_end_excused(self) -> bool:
        return self.is_damaged if self.excused is None else self.excused.end

    @property
    def holds(self) -> tuple[tuple[int, bool], ...]:
        """The longest distances between two pictures, and whether each of them is excused."""
        if self.excused is None:
            return ((self.longest_hold, self.is_damaged),)
        longest = self.excused.longest_hold
        excused = ((self.longest_hold, True),) if self.longest_hold > longest else ()
        return ((longest, False), *excused)

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        delivered = known_fields(cls, plain)
        stand_in, excused = delivered.stand_in, plain.get("excused")
        return replace(
            delivered,
            stand_in=StandIn(stand_in) if stand_in else None,
            excused=known_fields(Excused, excused) if excused else None,
        )
