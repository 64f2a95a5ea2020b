"""What the decoder is to deliver if the times of the source are what the plan takes them for."""

from bisect import bisect_right
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

from chalicelib.encoding.chunks import chunk_count, first_segment_of
from chalicelib.encoding.evidence import ExpectedPictures
from chalicelib.encoding.plan import Picture
from transcoder.ffmpeg.graph import tolerance
from transcoder.planning.grids import Laid
from transcoder.probing.model import Timeline


def expected_pictures(
    timeline: Timeline, picture: Picture, plan: Laid, per_chunk: int
) -> ExpectedPictures:
    """Number the pictures as the filter graph does."""
    grid, ticks, start = plan.grid, timeline.ticks, plan.start / timeline.tick
    late = Fraction(str(tolerance(picture, grid)))
    frames_per_tick = timeline.tick * grid.rate

    def before(frame: int) -> int:
        """How many pictures begin before this frame of the grid."""
        return bisect_right(ticks, floor(start + (frame - 1 + late) / frames_per_tick))

    first_frames = [
        min(first_segment_of(chunk, per_chunk) * grid.frames_per_segment, grid.frames)
        for chunk in range(chunk_count(grid.segments, per_chunk) + 1)
    ]
    longest = max((after - tick for tick, after in pairwise(ticks)), default=0)
    return ExpectedPictures(
        counts=tuple(before(end) - before(begin) for begin, end in pairwise(first_frames)),
        first_frame=ceil((ticks[0] - start) * frames_per_tick - late),
        last_frame=ceil((ticks[-1] - start) * frames_per_tick - late),
        longest_hold=ceil((longest + timeline.jitter) * frames_per_tick),
        damaged=timeline.damaged,
        before=timeline.early,
        overlapping=timeline.overlapping,
    )
