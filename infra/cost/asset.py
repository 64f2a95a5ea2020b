"""One film of a given length: what is made of it, and the requests to S3 that takes."""

from dataclasses import dataclass
from fractions import Fraction

from chalicelib.catalogue.asset import Grid, Storyboard
from infra.cost import measured
from transcoder.planning.grids import GOP_SECONDS, GOPS_PER_SEGMENT, segments_per_chunk

_FRAMES_PER_SECOND = 30
_MEGABITS_PER_GB = 8e6
# Plan, pictures, publish.
_SINGLE_TASKS = 3
_PICTURES = 3
# Of the pictures, the storyboard and the index of key frames.
_OTHER_REPORTS = 3


@dataclass(frozen=True, slots=True)
class Film:
    segments: int
    chunks: int
    rungs: int = len(measured.RUNG_KBPS)
    tracks: int = 1
    subtitles: int = 0
    sheets: int = 1
    seconds: float = 0

    @classmethod
    def of(cls, minutes: float) -> "Film":
        seconds = minutes * 60
        grid = Grid(
            rate=Fraction(_FRAMES_PER_SECOND),
            frames=round(seconds * _FRAMES_PER_SECOND),
            frames_per_gop=GOP_SECONDS * _FRAMES_PER_SECOND,
            gops_per_segment=GOPS_PER_SEGMENT,
        )
        per_chunk = segments_per_chunk(grid)
        chunks = 1 + -(-(grid.segments - 1) // per_chunk)
        sheets = Storyboard(160, 90).sheets_for(grid.segments)
        return cls(grid.segments, chunks, sheets=sheets, seconds=seconds)

    @property
    def tasks(self) -> int:
        """Pieces of work on the queue."""
        return _SINGLE_TASKS + self.chunks + self.tracks + self.subtitles + self.rungs

    @property
    def steps(self) -> int:
        """States that are entered: one a task, and ten that join them."""
        return self.tasks + 10 - 1

    @property
    def writes(self) -> int:
        """Objects that are written; most of them are a segment of a size."""
        pictured = self.rungs * (self.segments + 1) + self.segments
        heard = self.tracks * (self.segments + 1)
        reports = self.chunks + self.tracks + self.subtitles + _OTHER_REPORTS
        # The largest size is there under a second name.
        files = self.rungs + 1
        plan_index_and_proof = 3
        return (
            pictured
            + heard
            + self.subtitles
            + reports
            + self.sheets
            + _PICTURES
            + files
            + plan_index_and_proof
        )

    @property
    def reads(self) -> int:
        """Reads of what other tasks left; each file that is fetched is looked at first."""
        plans = self.tasks
        tiles = 2 * self.segments
        reports = 2 * self.chunks + self.tracks + self.subtitles + _OTHER_REPORTS
        heads = self.rungs + self.tracks + 1
        files = self.rungs * 2 * 2 * (self.segments + 1)
        return plans + tiles + reports + heads + files

    @property
    def lists(self) -> int:
        """Twice all that was written, for the proof, and once the pictures that become public."""
        return 2 * -(-self.writes // 1000) + 1

    @property
    def stored_gb(self) -> float:
        """Segments and files to download, which hold the same again, the largest size twice."""
        sizes = sum(measured.RUNG_KBPS.values())
        sound = measured.SOUND_KBPS
        kilobits = (sizes + sound) + (sizes + measured.LARGEST_KBPS + (self.rungs + 1) * sound)
        return kilobits * self.seconds / _MEGABITS_PER_GB

    @property
    def source_gb(self) -> float:
        return measured.SOURCE_KBPS * self.seconds / _MEGABITS_PER_GB
