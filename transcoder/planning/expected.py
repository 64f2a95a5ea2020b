"""Pictures that the decoder should deliver, computed from the planned times."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

from chalicelib.encoding.chunks import chunk_count, first_segment_of
from chalicelib.encoding.picture_evidence import ExpectedPictures
from chalicelib.encoding.plan import Picture
from transcoder.ffmpeg.graph import tolerance
from transcoder.planning.grids import GridLayout
from transcoder.planning.spacing import displaced
from transcoder.probing.model import Timeline


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
