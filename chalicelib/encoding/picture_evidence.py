"""Pictures of a source: those that a plan expects, and those that the decoder delivered."""

from dataclasses import dataclass
from enum import StrEnum


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
    # Pictures that are not shown because others have the same times; the plan has a note.
    overlapping: int = 0
    # Of the pictures of each chunk, those that may refer to missing ones; empty if there are none.
    suspect: tuple[int, ...] = ()
    # Pictures that are not shown because their frame of the grid belongs to a later one; None in
    # plans of earlier versions.
    displaced: int | None = None
    # Of the damaged ones, those that are not in the file.
    missing: int = 0

    def suspect_in(self, chunk: int) -> int:
        return self.suspect[chunk] if self.suspect else 0


class StandIn(StrEnum):
    """The content of a chunk for which the source delivered no picture."""

    HELD = "held"
    BLACK = "black"


@dataclass(frozen=True, slots=True)
class Excused:
    """The parts of a chunk from each complaint of demuxer or decoder to the next key picture.

    Missing pictures there are damage; elsewhere they are unexplained.
    """

    # Grid frames in these parts, and pictures that were delivered there nevertheless.
    frames: int = 0
    count: int = 0
    # Whether they include the beginning and the end of the chunk.
    begin: bool = False
    end: bool = False
    # The longest distance between two pictures outside of these parts.
    longest_hold: int = 0


@dataclass(frozen=True, slots=True)
class DeliveredPictures:
    """The output of the decoder for one chunk, before pictures are repeated or dropped."""

    # Pictures that begin in the chunk.
    count: int
    # Grid frames of the first and the last one, from the beginning of the video.
    first_frame: int | None = None
    last_frame: int | None = None
    # The longest distance between two of them.
    longest_hold: int = 0
    # Pictures that the decoder concealed; and these with all up to the next key picture, which
    # may refer to them.
    damaged: int = 0
    affected: int = 0
    # Complaints of demuxer and decoder, and pictures dropped for a different format.
    errors: int = 0
    discarded: int = 0
    stand_in: StandIn | None = None
    # Of the first chunk: undamaged pictures before the video begins.
    before: int = 0
    # Of the last chunk: pictures that begin after the end of the video, and the frame of the last.
    beyond: int = 0
    furthest_frame: int | None = None
    # Pictures that are not shown because a later one came before.
    out_of_order: int = 0
    # None in reports of earlier versions: there one complaint explains all of the chunk.
    excused: Excused | None = None
    # Frames of the grid in which pictures begin: each of them shows one. None in reports of earlier
    # versions.
    displayed: int | None = None

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
