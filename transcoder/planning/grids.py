"""The frame grid, computed from picture times; where each chunk starts, and its pictures."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

from chalicelib.catalogue.asset import Grid
from chalicelib.encoding.chunks import chunk_count, first_segment_of
from chalicelib.encoding.picture_evidence import ExpectedPictures
from chalicelib.encoding.plan import Picture
from transcoder.ffmpeg.graph import tolerance
from transcoder.planning.later_sound import kept_until
from transcoder.planning.rates import ON_TIME, FrameRate, displaced
from transcoder.probing.model import Timeline

# For new encodes; stored plans hold their own values.
GOP_SECONDS = 2
GOPS_PER_SEGMENT = 3
SEGMENT_SECONDS = GOP_SECONDS * GOPS_PER_SEGMENT
# Sound that starts less than the first value before the picture is cut, as in recordings that start
# inside a group of pictures. For longer ones the first picture is held, up to the second value.
_LEAST_LEAD_SECONDS, MOST_LEAD_SECONDS = Fraction(1, 2), 10
# Shorter sound is padding of a codec.
_PADDING_SECONDS = Fraction(1, 10)
_LONGEST_LAST_SECONDS = 10
# Shorter holds come from inexact clocks and headers.
_LEAST_HOLD_SECONDS = Fraction(1)
_MOST_CHUNKS, _MOST_CHUNKS_FROM_START = 1000, 8
_SHORT_VIDEO_SECONDS, _LONG_VIDEO_SECONDS = 300, 3600


@dataclass(frozen=True, slots=True)
class GridLayout:
    """The grid, and its number of frames before the last picture is held."""

    grid: Grid
    picture_frames: int
    # Start of the video in the clock of the source: `lead_frames` before its first picture, or less
    # than half a frame beside it, where uneven pictures have their frames.
    start: Fraction
    lead_frames: int = 0
    notes: tuple[str, ...] = ()


def grid_layout(timeline: Timeline, rate: FrameRate) -> GridLayout:
    lead, lead_notes = _lead(timeline, rate)
    picture_frames = lead + _picture_frames(timeline, rate)
    start = timeline.start + rate.shift * timeline.tick - lead / rate.grid
    picture_end, held_notes = _picture_end(timeline, rate, picture_frames)
    frames, notes = _with_sound(timeline, rate, start, picture_end)
    per_gop = max(1, round(GOP_SECONDS * rate.grid))
    grid = Grid(rate.grid, frames, per_gop, GOPS_PER_SEGMENT)
    return GridLayout(grid, picture_frames, start, lead, (*lead_notes, *held_notes, *notes))


def _lead(timeline: Timeline, rate: FrameRate) -> tuple[int, tuple[str, ...]]:
    """Number of frames for which the first picture is held, so that earlier sound is kept."""
    begin = timeline.sound_begin
    before = Fraction(0) if begin is None else timeline.start - begin
    if before < _LEAST_LEAD_SECONDS:
        return 0, ()
    kept = min(before, Fraction(MOST_LEAD_SECONDS))
    frames = -floor(-kept * rate.grid)
    earlier = f"{float(before):.1f}"
    if before > kept:
        note = f"The sound begins {earlier} s before the picture; {MOST_LEAD_SECONDS} s are kept."
    else:
        note = f"The sound begins {earlier} s before the picture, which is held until then."
    return frames, (note,)


def _picture_frames(timeline: Timeline, rate: FrameRate) -> int:
    count = len(timeline.ticks)
    if rate.is_even and count > 1:
        return -floor(-count * rate.grid / rate.source)
    last = (timeline.ticks[-1] - timeline.ticks[0] - rate.shift) * timeline.tick
    until_end = round((last + _last_seconds(timeline, rate)) * rate.grid)
    # The last picture gets a frame, however short its duration is.
    return max(until_end, _frame_at(last, rate.grid) + 1)


def _picture_end(
    timeline: Timeline, rate: FrameRate, picture_frames: int
) -> tuple[int, tuple[str, ...]]:
    """Return the frame at which the last picture ends, and a note if its duration is cut."""
    declared_seconds, kept = timeline.last_ticks * timeline.tick, _last_seconds(timeline, rate)
    notes = tuple[str, ...]()
    if declared_seconds > kept:
        declared, most = f"{float(declared_seconds):.0f}", f"{float(kept):.0f}"
        notes = (f"The last picture is to stay for {declared} s; {most} s are kept.",)
    # With an even rate, one frame of the last picture is counted already.
    longer = kept - 1 / rate.source if rate.is_even and len(timeline.ticks) > 1 else Fraction(0)
    if longer <= _LEAST_HOLD_SECONDS:
        return picture_frames, notes
    return picture_frames - floor(-longer * rate.grid), notes


def _frame_at(seconds: Fraction, rate: Fraction) -> int:
    return -floor(ON_TIME - seconds * rate)


def _last_seconds(timeline: Timeline, rate: FrameRate) -> Fraction:
    declared_seconds = timeline.last_ticks * timeline.tick
    if declared_seconds <= 0:
        return 1 / rate.grid
    return min(declared_seconds, _most_last_seconds(timeline))


def _most_last_seconds(timeline: Timeline) -> Fraction:
    """Slides: the last picture may stay as long as another one does."""
    longest = max((after - tick for tick, after in pairwise(timeline.ticks)), default=0)
    return max(Fraction(_LONGEST_LAST_SECONDS), longest * timeline.tick)


def _with_sound(
    timeline: Timeline, rate: FrameRate, start: Fraction, picture_end: int
) -> tuple[int, tuple[str, ...]]:
    if timeline.sound_end is None:
        return picture_end, ()
    pictures_end = start + picture_end / rate.grid
    until = kept_until(timeline.sounds, pictures_end)
    cut = timeline.sound_end - until
    notes = tuple[str, ...]()
    if cut > _PADDING_SECONDS:
        notes = (f"The sound goes on {float(cut):.0f} s too long; its end was cut.",)
    if until - pictures_end <= _PADDING_SECONDS:
        return picture_end, notes
    notes = notes or ("The last picture is held while the sound goes on.",)
    return -floor((start - until) * rate.grid), notes


def segments_per_chunk(grid: Grid, *, is_read_from_start: bool = False) -> int:
    """Small chunks spread evenly over workers; more than `_MOST_CHUNKS` bring no gain.

    Without seeking, each chunk decodes everything before it, so there are few chunks.
    """
    if is_read_from_start:
        return max(1, -(-(grid.segments - 1) // (_MOST_CHUNKS_FROM_START - 1)))
    if grid.duration <= _SHORT_VIDEO_SECONDS:
        return 1
    enough = -(-(grid.segments - 1) // (_MOST_CHUNKS - 1))
    return 2 if grid.duration <= _LONG_VIDEO_SECONDS else max(2, enough)


def seeks(
    timeline: Timeline, rate: FrameRate, layout: GridLayout, per_chunk: int
) -> tuple[Fraction, ...]:
    """Return the time to decode each chunk from; empty if it follows from the grid."""
    is_whole = layout.grid.frames == layout.picture_frames and not layout.lead_frames
    is_plain = rate.is_even and rate.grid <= rate.source and is_whole and not timeline.refresh
    return () if is_plain else tuple(_seek_times(timeline, layout, per_chunk))


def _seek_times(timeline: Timeline, layout: GridLayout, per_chunk: int) -> Iterator[Fraction]:
    ticks, grid, chunk = timeline.ticks, layout.grid, 0
    start = layout.start / timeline.tick
    while (segment := first_segment_of(chunk, per_chunk)) < grid.segments:
        begins = grid.seconds(segment * grid.frames_per_segment) / timeline.tick
        own = bisect_right(ticks, floor(start + begins - (1 - ON_TIME) / grid.rate / timeline.tick))
        # Several pictures may share the first frame.
        newest = min(own, bisect_right(ticks, floor(start + begins)) - 1)
        # While the first picture is held, decoding starts at the first byte.
        begin = max(0, newest - timeline.refresh)
        yield ticks[begin] * timeline.tick if newest >= 0 else layout.start
        chunk += 1


def positions(timeline: Timeline, layout: GridLayout, per_chunk: int) -> tuple[int, ...]:
    """Return the byte position from which each chunk is decoded; empty if it is not needed."""
    if not timeline.keys:
        return ()
    ticks, grid, chunk, offsets = timeline.ticks, layout.grid, 0, list[int]()
    start = layout.start / timeline.tick
    key_ticks = [tick for _, tick in timeline.keys]
    while (segment := first_segment_of(chunk, per_chunk)) < grid.segments:
        begins = grid.seconds(segment * grid.frames_per_segment) / timeline.tick
        newest = bisect_right(ticks, floor(start + begins)) - 1
        # One key picture earlier: stream headers may follow the nearest one.
        key = bisect_right(key_ticks, ticks[max(0, newest)]) - 2
        offsets.append(timeline.keys[key][0] if key > 0 else 0)
        chunk += 1
    return tuple(offsets)


def expected_pictures(
    timeline: Timeline, picture: Picture, layout: GridLayout, per_chunk: int
) -> ExpectedPictures:
    """Number the pictures as the filter graph does."""
    grid, ticks, start = layout.grid, timeline.ticks, layout.start / timeline.tick
    late = Fraction(str(tolerance(picture, grid)))
    frames_per_tick = timeline.tick * grid.rate

    def before(frame: int) -> int:
        """How many pictures begin before this frame of the grid."""
        return bisect_right(ticks, floor(start + (frame - 1 + late) / frames_per_tick))

    first_frames = [
        min(first_segment_of(chunk, per_chunk) * grid.frames_per_segment, grid.frames)
        for chunk in range(chunk_count(grid.segments, per_chunk) + 1)
    ]
    bounds = [before(frame) for frame in first_frames]
    longest = max((after - tick for tick, after in pairwise(ticks)), default=0)
    return ExpectedPictures(
        counts=tuple(end - begin for begin, end in pairwise(bounds)),
        first_frame=ceil((ticks[0] - start) * frames_per_tick - late),
        last_frame=ceil((ticks[-1] - start) * frames_per_tick - late),
        longest_hold=ceil((longest + timeline.jitter) * frames_per_tick),
        damaged=timeline.damaged,
        missing=timeline.missing,
        before=timeline.early,
        overlapping=timeline.overlapping,
        suspect=_suspect(timeline, bounds) if timeline.suspect else (),
        displaced=displaced(ticks, frames_per_tick, start, late),
    )


def _suspect(timeline: Timeline, bounds: Sequence[int]) -> tuple[int, ...]:
    """Count the suspect pictures of each chunk; `bounds` are the first pictures of chunks."""
    counts = [0] * (len(bounds) - 1)
    for first, last in timeline.suspect:
        at, end = bisect_left(timeline.ticks, first), bisect_right(timeline.ticks, last)
        while at < end:
            chunk = min(bisect_right(bounds, at), len(counts)) - 1
            # Pictures after the end of the grid belong to the last chunk.
            until = end if chunk == len(counts) - 1 else min(end, bounds[chunk + 1])
            counts[chunk] += until - at
            at = until
    return tuple(counts)
