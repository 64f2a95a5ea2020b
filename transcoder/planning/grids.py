"""From the times of pictures to the frame grid, and where each chunk begins in the source."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from chalicelib.catalogue.asset import Grid
from chalicelib.transcoding.plan import first_segment_of
from transcoder.planning.rates import Pace
from transcoder.probing.model import Timeline

# Of new encodes; what is stored says its own.
GOP_SECONDS = 2
GOPS_PER_SEGMENT = 3
# So much sound after the last picture is kept; more is a mistake of whoever made the file.
MOST_SOUND_BEYOND_SECONDS = 10
# Sound that begins less long before the picture is cut, as where a recording begins inside a group
# of pictures; for the rest, but no more than so much of it, the first picture is held.
_LEAST_LEAD_SECONDS, MOST_LEAD_SECONDS = Fraction(1, 2), 10
# Less than this is the padding of a codec, not sound.
_PADDING_SECONDS = Fraction(1, 10)
_LONGEST_LAST_SECONDS = 10
# Less is what a clock or a header that is not exact adds to the last picture.
_LEAST_HOLD_SECONDS = Fraction(1)
# How much of a frame too late a picture may come, as it is encoded: less than a half.
_ON_TIME = Fraction(4999, 10_000)
_MOST_CHUNKS, _MOST_CHUNKS_FROM_START = 1000, 8
_SHORT_VIDEO_SECONDS, _LONG_VIDEO_SECONDS = 300, 3600


@dataclass(frozen=True, slots=True)
class Laid:
    """The grid, and how much of it shows pictures of the source rather than the last one held."""

    grid: Grid
    pictured: int
    # When the film begins, in the source's clock: so many frames before its first picture.
    start: Fraction
    lead_frames: int = 0
    notes: tuple[str, ...] = ()


def laid(timeline: Timeline, pace: Pace) -> Laid:
    lead, said = _lead(timeline, pace)
    pictured = lead + _pictured(timeline, pace)
    start = timeline.start - lead / pace.grid
    held, told = _held(timeline, pace, pictured)
    frames, notes = _with_sound(timeline, pace, start, held)
    per_gop = max(1, round(GOP_SECONDS * pace.grid))
    grid = Grid(pace.grid, frames, per_gop, GOPS_PER_SEGMENT)
    return Laid(grid, pictured, start, lead, (*said, *told, *notes))


def _lead(timeline: Timeline, pace: Pace) -> tuple[int, tuple[str, ...]]:
    """For how many frames the first picture is held, so that earlier sound is heard."""
    begin = timeline.sound_begin
    before = Fraction(0) if begin is None else timeline.start - begin
    if before < _LEAST_LEAD_SECONDS:
        return 0, ()
    kept = min(before, Fraction(MOST_LEAD_SECONDS))
    frames = -floor(-kept * pace.grid)
    earlier = f"{float(before):.1f}"
    if before > kept:
        note = f"The sound begins {earlier} s before the picture; {MOST_LEAD_SECONDS} s are kept."
    else:
        note = f"The sound begins {earlier} s before the picture, which is held until then."
    return frames, (note,)


def _pictured(timeline: Timeline, pace: Pace) -> int:
    count = len(timeline.ticks)
    if pace.is_even and count > 1:
        return -floor(-count * pace.grid / pace.source)
    last = (timeline.ticks[-1] - timeline.ticks[0]) * timeline.tick
    until_end = round((last + _last_seconds(timeline, pace)) * pace.grid)
    # The last picture is seen, however short it is said to be.
    return max(until_end, _frame_at(last, pace.grid) + 1)


def _held(timeline: Timeline, pace: Pace, pictured: int) -> tuple[int, tuple[str, ...]]:
    """Return until which frame the last picture stays, and what of that is cut."""
    said, kept = timeline.last_ticks * timeline.tick, _last_seconds(timeline, pace)
    notes = tuple[str, ...]()
    if said > kept:
        most = _LONGEST_LAST_SECONDS
        notes = (f"The last picture is to stay for {float(said):.0f} s; {most} s are kept.",)
    # Of pictures that come evenly, the last one was counted as one of them.
    longer = kept - 1 / pace.source if pace.is_even and len(timeline.ticks) > 1 else Fraction(0)
    if longer <= _LEAST_HOLD_SECONDS:
        return pictured, notes
    return pictured - floor(-longer * pace.grid), notes


def _frame_at(seconds: Fraction, rate: Fraction) -> int:
    return -floor(_ON_TIME - seconds * rate)


def _last_seconds(timeline: Timeline, pace: Pace) -> Fraction:
    said = timeline.last_ticks * timeline.tick
    return min(said, Fraction(_LONGEST_LAST_SECONDS)) if said > 0 else 1 / pace.grid


def _with_sound(
    timeline: Timeline, pace: Pace, start: Fraction, pictured: int
) -> tuple[int, tuple[str, ...]]:
    if timeline.sound_end is None:
        return pictured, ()
    heard = timeline.sound_end - start
    beyond = heard - pictured / pace.grid
    if beyond <= _PADDING_SECONDS:
        return pictured, ()
    kept = min(beyond, Fraction(MOST_SOUND_BEYOND_SECONDS))
    frames = pictured - floor(-kept * pace.grid)
    if beyond > kept:
        return frames, (f"The sound goes on {float(beyond):.0f} s too long; its end was cut.",)
    return frames, ("The last picture is held while the sound goes on.",)


def segments_per_chunk(grid: Grid, *, is_read_from_start: bool = False) -> int:
    """Small chunks spread well over workers; a list of more than a thousand helps nobody.

    Where decoding always begins at the beginning, each chunk pays for all that is before it.
    """
    if is_read_from_start:
        return max(1, -(-(grid.segments - 1) // (_MOST_CHUNKS_FROM_START - 1)))
    if grid.duration <= _SHORT_VIDEO_SECONDS:
        return 1
    enough = -(-(grid.segments - 1) // (_MOST_CHUNKS - 1))
    return 2 if grid.duration <= _LONG_VIDEO_SECONDS else max(2, enough)


def seeks(timeline: Timeline, pace: Pace, plan: Laid, per_chunk: int) -> tuple[Fraction, ...]:
    """Return when the picture is shown with which each chunk begins; nothing if that is plain."""
    is_whole = plan.grid.frames == plan.pictured and not plan.lead_frames
    is_plain = pace.is_even and pace.grid <= pace.source and is_whole
    return () if is_plain else tuple(_sought(timeline, plan, per_chunk))


def _sought(timeline: Timeline, plan: Laid, per_chunk: int) -> Iterator[Fraction]:
    ticks, grid, chunk = timeline.ticks, plan.grid, 0
    start = plan.start / timeline.tick
    while (segment := first_segment_of(chunk, per_chunk)) < grid.segments:
        begins = grid.seconds(segment * grid.frames_per_segment) / timeline.tick
        newest = bisect_right(ticks, floor(start + begins)) - 1
        # While the first picture is held, decoding begins at the beginning.
        yield ticks[newest] * timeline.tick if newest >= 0 else plan.start
        chunk += 1


def positions(timeline: Timeline, plan: Laid, per_chunk: int) -> tuple[int, ...]:
    """Return from which byte on each chunk may be decoded; nothing if nobody needs to know."""
    if not timeline.keys:
        return ()
    ticks, grid, chunk, found = timeline.ticks, plan.grid, 0, list[int]()
    start = plan.start / timeline.tick
    places = [tick for _, tick in timeline.keys]
    while (segment := first_segment_of(chunk, per_chunk)) < grid.segments:
        begins = grid.seconds(segment * grid.frames_per_segment) / timeline.tick
        newest = bisect_right(ticks, floor(start + begins)) - 1
        # One key picture earlier: what describes the streams may come after the nearest.
        key = bisect_right(places, ticks[max(0, newest)]) - 2
        found.append(timeline.keys[key][0] if key > 0 else 0)
        chunk += 1
    return tuple(found)
