"""The pictures of the source over all chunks: expected and delivered ones."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil
from typing import Self

from chalicelib.encoding.picture_evidence import DeliveredPictures, ExpectedPictures, StandIn
from chalicelib.encoding.plan import Plan
from transcoder.outputs import objects
from transcoder.proof.evidence import Evidence

# Measured: their decoders deliver pictures with flipped bits, mostly without an error.
_SILENT = frozenset({
    "ffvhuff", "hevc", "huffyuv", "mjpeg", "msmpeg4v1", "msmpeg4v2", "msmpeg4v3", "rawvideo", "vp8",
    "wmv1", "wmv2",
})  # fmt: skip


def tells_damage(plan: Plan) -> bool:
    return plan.picture.codec not in _SILENT


@dataclass(frozen=True, slots=True)
class SourcePictures:
    plan: Plan
    expected: ExpectedPictures
    # One per chunk; None in reports of earlier versions.
    delivered: Sequence[DeliveredPictures | None]
    # Undamaged pictures of each chunk; reports of earlier versions have them too.
    whole: Sequence[int]

    @classmethod
    def of(cls, evidence: Evidence) -> Self | None:
        """Return None for a plan of an earlier version, or if a report is missing."""
        plan = evidence.plan
        names = map(objects.chunk_report, range(plan.chunk_count))
        reports = [evidence.reports[name] for name in names if name in evidence.reports]
        if plan.expected is None or len(reports) < plan.chunk_count:
            return None
        return cls(
            plan,
            plan.expected,
            [report.delivered for report in reports],
            [report.decoded_frames for report in reports],
        )

    @property
    def known(self) -> list[DeliveredPictures]:
        return [each for each in self.delivered if each]

    @property
    def unknown_chunks(self) -> int:
        return len(self.delivered) - len(self.known)

    @property
    def planned(self) -> int:
        return sum(self.expected.counts)

    @property
    def stored(self) -> int:
        """The planned pictures, and those after the last frame, of more pictures than frames."""
        return max(self.planned, self.plan.picture.frames)

    @property
    def behind(self) -> int:
        """Delivered pictures after the last frame, as many as there should be."""
        last = self.delivered[-1]
        return min(last.beyond if last else 0, self.stored - self.planned)

    @property
    def came(self) -> int:
        return self.count + self.behind

    @property
    def count(self) -> int:
        return sum(self._counts)

    @property
    def _counts(self) -> list[int]:
        return [
            each.count if each else whole
            for each, whole in zip(self.delivered, self.whole, strict=True)
        ]

    @property
    def decodable(self) -> float:
        """The undamaged share of the planned pictures."""
        return 1 - min(1.0, self.damaged / max(1, self.planned))

    @property
    def damaged(self) -> int:
        """Pictures that the decoder concealed, and missing ones that its complaints explain."""
        flagged = sum(each.damaged for each in self.known)
        return self.explained + max(flagged, self.expected.damaged)

    @property
    def affected(self) -> int:
        """Damaged pictures, and all that may refer to them."""
        affected, suspect = sum(each.affected for each in self.known), sum(self.expected.suspect)
        return max(self.explained + max(affected, self.expected.damaged), suspect)

    @property
    def out_of_order(self) -> int:
        """Delivered pictures that are not shown because a later one came before."""
        return max(0, self._came_late - self.expected.overlapping)

    @property
    def overlapping(self) -> int:
        """Pictures at the times of others, which decoders deliver in order beside the planned."""
        return max(0, self.expected.overlapping - self._came_late)

    @property
    def _came_late(self) -> int:
        return sum(each.out_of_order for each in self.known)

    @property
    def displayed(self) -> int | None:
        """Delivered pictures that viewers see; None if it is unknown."""
        displayed = [each.displayed if each else None for each in self.delivered]
        return None if None in displayed else sum(each for each in displayed if each)

    @property
    def displaced(self) -> int:
        """Delivered pictures in whose frames later ones are shown, beyond those out of order."""
        if self.displayed is None:
            return 0
        return max(0, self.count - self.displayed - self._came_late)

    @property
    def unexplained(self) -> int:
        """Missing pictures without a complaint of the decoder near them."""
        return sum(lost - excused for lost, excused in self._lost())

    @property
    def explained(self) -> int:
        """Missing pictures with a complaint of the decoder near them."""
        return sum(excused for _, excused in self._lost())

    def _lost(self) -> Iterator[tuple[int, int]]:
        """For each chunk: missing pictures, and how many of them complaints explain."""
        off = [
            expected - count
            for expected, count in zip(self.expected.counts, self._counts, strict=True)
        ]
        # A picture in the chunk before or after the expected one is not lost.
        for chunk, (here, after) in enumerate(pairwise(off)):
            if abs(here) == 1 and here == -after:
                off[chunk] = off[chunk + 1] = 0
        for chunk, less in enumerate(off):
            lost = max(0, less)
            # Decoders may drop what refers to missing pictures, without a complaint.
            most = max(self._most_complained(chunk, lost), self.expected.suspect_in(chunk))
            yield lost, min(lost, most)

    def _most_complained(self, chunk: int, lost: int) -> int:
        delivered = self.delivered[chunk]
        if delivered is None:
            return lost
        if delivered.excused is None:
            return lost if delivered.is_damaged else 0
        if not delivered.excused.frames:
            return 0
        # If the source has more pictures than frames, several begin in each frame.
        dense = max(1, self.expected.counts[chunk] / self.plan.chunk(chunk).frames)
        # Pictures may be unevenly distributed in the chunk.
        return max(0, ceil(delivered.excused.frames * dense) + 1 - delivered.excused.count)

    @property
    def first(self) -> DeliveredPictures | None:
        """The chunk in which the first picture begins."""
        counts = enumerate(self.expected.counts)
        return self.delivered[next((number for number, count in counts if count), 0)]

    @property
    def before(self) -> int:
        """Undamaged pictures before the video begins, although the plan does not cut there."""
        came = self.delivered[0].before if self.delivered[0] else 0
        return max(0, came - self.expected.before)

    @property
    def end(self) -> int | None:
        """Frame at which the last picture begins; it may be after the end of the video."""
        if not self.is_end_known:
            return None
        last, final = self._tail[0], self._tail[-1]
        return final.furthest_frame if final.beyond else last.last_frame

    @property
    def is_end_known(self) -> bool:
        return bool(self._tail)

    @property
    def is_end_excused(self) -> bool:
        """Whether a complaint explains missing pictures after the last one."""
        last, *behind = self._tail
        is_complaint = last.is_end_excused or any(each.is_begin_excused for each in behind)
        chunks = range(len(self.delivered) - len(self._tail), len(self.delivered))
        return is_complaint or any(map(self.expected.suspect_in, chunks))

    @property
    def _tail(self) -> list[DeliveredPictures]:
        """The last chunk with a picture and those after it; empty if that chunk is unknown."""
        counts = [each.count if each else 1 for each in self.delivered]
        last = max((number for number, count in enumerate(counts) if count), default=0)
        tail = self.delivered[last:]
        return [each for each in tail if each] if tail[0] else []

    @property
    def longest_hold(self) -> int | None:
        """Most frames between two pictures that no damage explains; None if it may explain all."""
        return max((hold for hold, is_excused in self._holds() if not is_excused), default=None)

    @property
    def longest_damaged_hold(self) -> int:
        return max((hold for hold, is_excused in self._holds() if is_excused), default=0)

    @property
    def black_frames(self) -> int:
        return sum(
            self.plan.chunk(number).frames
            for number, each in enumerate(self.delivered)
            if each and each.stand_in is StandIn.BLACK
        )

    def _holds(self) -> Iterator[tuple[int, bool]]:
        """The longest hold in each chunk, and the hold from each chunk to the next."""
        before: int | None = self.expected.first_frame
        is_excused = False
        for chunk, each in enumerate(self.delivered):
            if each is None:
                before = None
                continue
            is_suspect = self.expected.suspect_in(chunk) > 0
            is_excused = is_excused or is_suspect or each.is_begin_excused
            if each.first_frame is None or each.last_frame is None:
                continue
            if before is not None:
                yield each.first_frame - before, is_excused
            yield from ((hold, is_excused or is_suspect) for hold, is_excused in each.holds)
            before, is_excused = each.last_frame, is_suspect or each.is_end_excused
        if before is not None:
            yield self.expected.last_frame - before, is_excused
