"""Cut the file of an encoder into segments, write them, and check them by reading them back."""

import mmap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from chalicelib.catalogue.asset import TS_BEGINS, TS_CLOCK, Container
from chalicelib.encoding.task_reports import OutputFile
from transcoder.boxes.box import read_init
from transcoder.boxes.fragments import Fragment, Sample, fragments, segment
from transcoder.boxes.transport import read_transport, transport
from transcoder.errors import WrongResult
from transcoder.outputs.files import output_file

# Reordered frames in encodes of earlier versions: see `Track.delay_ticks`.
_REORDERED = 2
CodedSample = tuple[Sample, memoryview]


def samples_of(several: Iterable[Fragment]) -> Iterator[CodedSample]:
    for fragment in several:
        at = 0
        for sample in fragment.samples:
            yield sample, fragment.payload[at : at + sample.size]
            at += sample.size


def mapped(path: Path) -> memoryview:
    """Map a file into memory, so that only the pages that are read are loaded."""
    if not path.stat().st_size:
        return memoryview(b"")
    with path.open("rb") as file:
        return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))


def split_init(data: memoryview) -> bytes:
    """Return the init segment: everything before the first fragment."""
    position = bytes(data[: 1 << 16]).index(b"moof") - 4
    return bytes(data[:position])


@dataclass(frozen=True, slots=True)
class OutputTrack:
    """One rung or audio track."""

    folder: Path
    container: Container
    init_name: str
    init: bytes
    timescale: int
    ticks_per_sample: int
    is_picture: bool
    # Added to all presentation times, so that decode times can start at 0 and are evenly spaced.
    # 0 in encodes that an earlier version planned.
    delay_ticks: int

    def write_init(self) -> Iterator[OutputFile]:
        """MPEG-TS has no init segment: each segment repeats its tables."""
        if self.container is Container.TS:
            return
        facts = read_init(self.init)
        if facts.has_edit_list or facts.timescale != self.timescale:
            raise WrongResult(f"{self.init_name}: {facts}")
        self._write(self.init_name, self.init)
        yield output_file(self.folder, self.init_name)

    def write(self, name: str, number: int, first: int, coded: Sequence[CodedSample]) -> OutputFile:
        """Write the segment that begins with this sample of the track.

        `composition` of a sample is its delay against its position in decode order.
        """
        data = segment(
            [self._timed(first + index, sample) for index, (sample, _) in enumerate(coded)],
            b"".join(payload for _, payload in coded),
            number=number,
            decode_time=self._decoded_at(first),
        )
        if self.container is Container.TS:
            self._write(name, transport(self.init, data, delay_ticks=self.delay_ticks))
            return self._checked_transport(name, first, len(coded))
        self._write(name, data)
        return self._checked_fragment(name, first, len(coded))

    def _timed(self, index: int, sample: Sample) -> Sample:
        at = self._decoded_at(index)
        presented = index * self.ticks_per_sample + self.delay_ticks + sample.composition
        composition = presented - at
        if composition < 0:
            raise WrongResult(f"a frame is decoded {-composition} ticks after it is shown")
        duration = self._decoded_at(index + 1) - at
        return replace(sample, duration=duration, composition=composition)

    def _decoded_at(self, index: int) -> int:
        """Decode time of a sample: before its presentation, and never below 0.

        This avoids edit lists, which WebKitGTK ignores, and negative composition offsets, for which
        FFmpeg shifts all times.
        """
        if self.delay_ticks or not self.is_picture:
            return index * self.ticks_per_sample
        if index <= _REORDERED:
            return index * self.ticks_per_sample // (_REORDERED + 1)
        return (index - _REORDERED) * self.ticks_per_sample

    def _checked_fragment(self, name: str, first: int, count: int) -> OutputFile:
        written = list(fragments(memoryview((self.folder / name).read_bytes())))
        expected = [
            (first + each) * self.ticks_per_sample + self.delay_ticks for each in range(count)
        ]
        if (
            len(written) != 1
            or written[0].presented != expected
            or written[0].decode_time != self._decoded_at(first)
            or not written[0].samples[0].is_sync
        ):
            raise WrongResult(f"{name}: not the {count} frames from {first} on")
        return replace(
            output_file(self.folder, name),
            frames=len(written[0].samples),
            decode_time=written[0].presented[0],
            frame_ticks=written[0].sample_duration,
            iframe_bytes=written[0].first_sample_end if self.is_picture else 0,
        )

    def _checked_transport(self, name: str, first: int, count: int) -> OutputFile:
        written = read_transport(self.folder / name)
        ticks = [(first + each) * self.ticks_per_sample for each in range(count)]
        expected = tuple(TS_BEGINS + round(each * TS_CLOCK / self.timescale) for each in ticks)
        if written.times != expected or not written.is_first_key:
            raise WrongResult(f"{name}: not the {count} frames from {first} on")
        return replace(
            output_file(self.folder, name),
            frames=len(written.times),
            decode_time=written.times[0],
            iframe_bytes=written.first_frame_end if self.is_picture else 0,
        )

    def _write(self, name: str, data: bytes) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
