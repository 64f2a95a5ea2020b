"""One video of a given length: its segments, tasks and files, and its requests to S3."""

from dataclasses import dataclass
from fractions import Fraction

from chalicelib.catalogue.asset import Grid, Storyboard
from infra.cost import measured
from transcoder.planning.grids import GOP_SECONDS, GOPS_PER_SEGMENT, segments_per_chunk

_FRAMES_PER_SECOND = 30
_MEGABITS_PER_GB = 8e6
# `plan`, `pictures` and `publish`.
_SINGLE_TASKS = 3
_PICTURES = 3
# Reports on pictures, on the storyboard and on the index of key frames.
_OTHER_REPORTS = 3


@dataclass(frozen=True, slots=True)
class CostedVideo:
    segments: int
    chunks: int
    rungs: int = len(measured.RUNG_KBPS)
    tracks: int = 1
    subtitles: int = 0
    sheets: int = 1
    seconds: float = 0

    @classmethod
    def of(cls, minutes: float) -> "CostedVideo":
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
        """Messages on the task queue."""
        return _SINGLE_TASKS + self.chunks + self.tracks + self.subtitles + self.rungs

    @property
    def steps(self) -> int:
        """State transitions: one per task, and eleven around them."""
        return self.tasks + 11 - 1

    @property
    def writes(self) -> int:
        """Objects that are written; most of them are segments."""
        video_objects = self.rungs * (self.segments + 1) + self.segments
        audio_objects = self.tracks * (self.segments + 1)
        reports = self.chunks + self.tracks + self.subtitles + _OTHER_REPORTS
        # The file of the largest rung exists under a second name.
        files = self.rungs + 1
        plan_index_and_proof = 3
        return (
            video_objects
            + audio_objects
            + self.subtitles
            + reports
            + self.sheets
            + _PICTURES
            + files
            + plan_index_and_proof
        )

    @property
    def reads(self) -> int:
        """Reads of other tasks' output; a file needs a HEAD request before it is fetched."""
        # An MP4 file is made of the asset in the catalogue, which publishing may have changed.
        plans = self.tasks - self.rungs
        tiles = 2 * self.segments
        reports = 2 * self.chunks + self.tracks + self.subtitles + _OTHER_REPORTS
        heads = self.rungs + self.tracks + 1
        files = self.rungs * 2 * 2 * (self.segments + 1)
        return plans + tiles + reports + heads + files

    @property
    def lists(self) -> int:
        """Lists of all objects, twice for the proof, and of the pictures that become public."""
        return 2 * -(-self.writes // 1000) + 1

    @property
    def stored_gb(self) -> float:
        """Segments, and files to download with the same media, the largest rung twice."""
        kilobits_of_rungs = sum(measured.RUNG_KBPS.values())
        sound = measured.SOUND_KBPS
        kilobits = (kilobits_of_rungs + sound) + (
            kilobits_of_rungs + measured.LARGEST_KBPS + (self.rungs + 1) * sound
        )
        return kilobits * self.seconds / _MEGABITS_PER_GB

    @property
    def source_gb(self) -> float:
        return measured.SOURCE_KBPS * self.seconds / _MEGABITS_PER_GB
