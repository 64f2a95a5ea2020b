"""Facts about a finished encode: its plan, its reports, and the objects in the bucket."""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import accumulate

import av

from chalicelib.catalogue.asset import (
    AUDIO_FRAME,
    AUDIO_RATE,
    TS_CLOCK,
    Asset,
    AudioTrack,
    Container,
    Rung,
)
from chalicelib.encoding.plan import Plan
from chalicelib.encoding.task_reports import OutputFile, Report
from transcoder.boxes.box import Init, read_init
from transcoder.outputs import objects

_MISSING = OutputFile("", size=0, md5="")
_SPS = b"\x00\x00\x01\x67"
_AAC_LC = "mp4a.40.2"
SOUND_FRAME_SECONDS = Fraction(AUDIO_FRAME, AUDIO_RATE)
# Of the target length of segments: what a peak is measured over, as Apple defines it.
_SHORTEST, _LONGEST = Fraction(1, 2), Fraction(3, 2)


@dataclass(frozen=True, slots=True)
class Rates:
    """In bits per second; the peak is that of consecutive segments of about the target length."""

    average: int
    peak: int
    # Duration of the segments with the peak.
    peak_seconds: Fraction
    # Duration of all segments.
    seconds: Fraction


@dataclass(frozen=True, slots=True)
class TrackEvidence:
    """What was planned of a rung or an audio track, and what was made."""

    track: Rung | AudioTrack
    label: str
    # One per segment; an empty one for a segment that no report names.
    files: Sequence[OutputFile]
    # None if it cannot be read.
    head: Init | None
    # Of each segment.
    planned_frames: Sequence[int]
    frame_seconds: Fraction

    @property
    def planned_seconds(self) -> list[Fraction]:
        return [frames * self.frame_seconds for frames in self.planned_frames]

    @property
    def planned_begins(self) -> list[Fraction]:
        return list(accumulate(self.planned_seconds[:-1], initial=Fraction(0)))

    def rates(self, *, target: int) -> Rates:
        return measure([file.size for file in self.files], self.planned_seconds, target=target)

    @property
    def seconds(self) -> list[Fraction]:
        return [file.frames * self.frame_seconds for file in self.files]

    @property
    def duration(self) -> Fraction:
        return sum(self.seconds, Fraction(0))


@dataclass(frozen=True)
class Evidence:
    plan: Plan
    # By the names that `objects.expected_reports` lists.
    reports: Mapping[str, Report]
    # Size and MD5 of the objects in the bucket, by key.
    listed: Mapping[str, tuple[int, str]]
    # Content of the objects that `objects.head_names` lists.
    heads: Mapping[str, bytes]

    @cached_property
    def asset(self) -> Asset:
        """The planned asset without tracks that came out empty."""
        return objects.finished(self.plan, self.reports)

    @cached_property
    def files(self) -> Mapping[str, OutputFile]:
        """By name; of an init segment, which every chunk writes, the first."""
        by_name: dict[str, OutputFile] = {}
        for name in sorted(self.reports):
            for file in self.reports[name].files:
                by_name.setdefault(file.name, file)
        return by_name

    @cached_property
    def pictures(self) -> Sequence[TrackEvidence]:
        """One per rung, the largest first."""
        grid = self.asset.grid
        planned = [grid.frames_of(number) for number in range(grid.segments)]
        return [
            self._track(rung, rung.name, objects.pictures_of(self.asset, rung), planned)
            for rung in self.asset.rungs
        ]

    @cached_property
    def sounds(self) -> Sequence[TrackEvidence]:
        asset = self.asset
        planned = [asset.audio_frames_of(number) for number in range(asset.audio_segments)]
        return [
            self._track(track, f"audio {track.number}", objects.sounds_of(asset, track), planned)
            for track in asset.audio
        ]

    @property
    def tracks(self) -> Sequence[TrackEvidence]:
        return [*self.pictures, *self.sounds]

    def _track(
        self, track: Rung | AudioTrack, label: str, names: Iterable[str], planned: Sequence[int]
    ) -> TrackEvidence:
        first, *others = names
        # MPEG-TS has no init segment.
        segments = others if self.asset.container is Container.FMP4 else (first, *others)
        head, is_rung = self.heads.get(first), isinstance(track, Rung)
        return TrackEvidence(
            track,
            label,
            files=[self.files.get(name, _MISSING) for name in segments],
            head=head_of(self.asset.container, head) if head else None,
            planned_frames=planned,
            frame_seconds=1 / self.asset.grid.rate if is_rung else SOUND_FRAME_SECONDS,
        )


def head_of(container: Container, data: bytes) -> Init | None:
    """Read an init segment, or the first segment of MPEG-TS; None if it cannot be read."""
    try:
        return read_init(data) if container is Container.FMP4 else _read_ts(data)
    except (ValueError, LookupError, StopIteration, av.FFmpegError):
        return None


def _read_ts(data: bytes) -> Init | None:
    with av.open(io.BytesIO(data), format="mpegts") as opened:
        stream = opened.streams[0]
        if isinstance(stream, av.AudioStream):
            return Init(TS_CLOCK, _AAC_LC if stream.profile == "LC" else "", False)
        if not isinstance(stream, av.VideoStream):
            return None
        _, separator, sps = (stream.codec_context.extradata or b"").partition(_SPS)
        codecs = f"avc1.{sps[:3].hex()}" if separator else ""
        return Init(TS_CLOCK, codecs, has_edit_list=False, width=stream.width, height=stream.height)


def measure(sizes: Sequence[int], seconds: Sequence[Fraction], *, target: int) -> Rates:
    if not sizes or not sum(seconds):
        return Rates(0, 0, Fraction(target), Fraction(target))
    whole = sum(seconds, Fraction(0))
    average = _rate(sum(sizes), whole)
    peak, peak_seconds = average, whole
    is_first = True
    for begin in range(len(sizes)):
        size, length = 0, Fraction(0)
        for end in range(begin, len(sizes)):
            size, length = size + sizes[end], length + seconds[end]
            if length > _LONGEST * target:
                break
            if length >= _SHORTEST * target and (is_first or _rate(size, length) > peak):
                peak, peak_seconds, is_first = _rate(size, length), length, False
    return Rates(average, max(peak, average), peak_seconds, whole)


def _rate(size: int, seconds: Fraction) -> int:
    return -(-size * 8 * seconds.denominator // seconds.numerator)
