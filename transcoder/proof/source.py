"""The pictures of the source over all chunks: those expected, and those that were delivered."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

from chalicelib.transcoding.evidence import DeliveredPictures, ExpectedPictures, StandIn
from chalicelib.transcoding.plan import Plan
from transcoder.proof import objects
from transcoder.proof.evidence import Evidence

# Measured: their decoders deliver pictures with flipped bits and mostly say nothing.
_SILENT = frozenset({
    "ffvhuff", "hevc", "huffyuv", "msmpeg4v1", "msmpeg4v2", "msmpeg4v3", "rawvideo", "vp8",
    "wmv1", "wmv2",
})  # fmt: skip


def tells_damage(plan: Plan) -> bool:
    return plan.picture.codec not in _SILENT


@dataclass(frozen=True, slots=True)
class SourcePictures:
    plan: Plan
    expected: ExpectedPictures
    # One per chunk.
    delivered: Sequence[DeliveredPictures]

    @classmethod
    def of(cls, evidence: Evidence) -> Self | None:
        """None if an earlier version planned or made a part of it, or a report is missing."""
        plan = evidence.plan
        names = map(objects.chunk_report, range(plan.chunk_count))
        reports = [evidence.reports.get(name) for name in names]
        delivered = [report.delivered for report in reports if report and report.delivered]
        if plan.expected is None or len(delivered) < plan.chunk_count:
            return None
        return cls(plan, plan.expected, delivered)

    @property
    def planned(self) -> int:
        return sum(self.expected.counts)

    @property
    def count(self) -> int:
        return sum(each.count for each in self.delivered)

    @property
    def decodable(self) -> float:
        """Of the pictures planned, the share that was not damaged."""
        return 1 - min(1.0, self.damaged / max(1, self.planned))

    @property
    def damaged(self) -> int:
        """Pictures that the decoder covered up, or that did not come where it complained."""
        flagged = sum(each.damaged for each in self.delivered)
        return self._lost(is_damaged=True) + max(flagged, self.expected.damaged)

    @property
    def affected(self) -> int:
        """The same, and all pictures that may refer to them."""
        affected = sum(each.affected for each in self.delivered)
        return self._lost(is_damaged=True) + max(affected, self.expected.damaged)

    @property
    def unexplained(self) -> int:
        """Pictures that did not come although the decoder did not complain."""
        return self._lost(is_damaged=False)

    def _lost(self, *, is_damaged: bool) -> int:
        off = [
            expected - each.count
            for expected, each in zip(self.expected.counts, self.delivered, strict=True)
        ]
        # One that came a chunk earlier or later than expected was not lost.
        for chunk, (here, after) in enumerate(pairwise(off)):
            if abs(here) == 1 and here == -after:
                off[chunk] = off[chunk + 1] = 0
        return sum(
            max(0, lost)
            for lost, each in zip(off, self.delivered, strict=True)
            if each.is_damaged is is_damaged
        )

    @property
    def first(self) -> DeliveredPictures:
        """The chunk in which the first picture begins, which may be held from before."""
        return self.delivered[self._first_chunk]

    @property
    def _first_chunk(self) -> int:
        return next((number for number, count in enumerate(self.expected.counts) if count), 0)

    @property
    def last(self) -> DeliveredPictures:
        """The last chunk for which a picture came."""
        return next((each for each in reversed(self.delivered) if each.count), self.delivered[-1])

    @property
    def end(self) -> int | None:
        """Where the last picture begins, which may be after the end of the video."""
        final = self.delivered[-1]
        return final.furthest_frame if final.beyond else self.last.last_frame

    @property
    def longest_hold(self) -> int:
        """In frames, between two pictures, where no damage explains it."""
        return max((hold for hold, is_damaged in self._holds() if not is_damaged), default=0)

    @property
    def longest_damaged_hold(self) -> int:
        return max((hold for hold, is_damaged in self._holds() if is_damaged), default=0)

    @property
    def black_frames(self) -> int:
        return sum(
            self.plan.chunk(number).frames
            for number, each in enumerate(self.delivered)
            if each.stand_in is StandIn.BLACK
        )

    def _holds(self) -> Iterator[tuple[int, bool]]:
        """The longest in each chunk, and from the last picture of one to the first of the next."""
        before, is_damaged = self.expected.first_frame, False
        for each in self.delivered:
            is_damaged = is_damaged or each.is_damaged
            if each.first_frame is None or each.last_frame is None:
                continue
            yield each.first_frame - before, is_damaged
            yield each.longest_hold, each.is_damaged
            before, is_damaged = each.last_frame, each.is_damaged
        yield self.expected.last_frame - before, is_damaged
