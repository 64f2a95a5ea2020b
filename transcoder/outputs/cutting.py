"""Cut what an encoder made into segments, write them, and measure them by reading them back."""

import mmap
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from chalicelib.catalogue.asset import TS_BEGINS, TS_CLOCK, Container
from chalicelib.transcoding.reports import Piece
from transcoder.boxes.fragments import Fragment, Sample, fragments
from transcoder.boxes.init import read_init
from transcoder.boxes.segment import segment
from transcoder.boxes.transport import read_transport, transport
from transcoder.errors import WrongResult
from transcoder.outputs.files import measured

# Of frames that an encode of before cuts: see `Track.delay_ticks`.
_REORDERED = 2
Coded = tuple[Sample, memoryview]


def samples_of(parts: Iterable[Fragment]) -> Iterator[Coded]:
    for fragment in parts:
        at = 0
        for sample in fragment.samples:
            yield sample, fragment.payload[at : at + sample.size]
            at += sample.size


def mapped(path: Path) -> memoryview:
    """Return the content of a file, of which only what is looked at takes memory."""
    if not path.stat().st_size:
        return memoryview(b"")
    with path.open("rb") as file:
        return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))


def split_init(data: memoryview) -> bytes:
    """Return everything before the first fragment."""
    first = next(fragments(data), None)
    if first is None:
        raise WrongResult("nothing was encoded")
    position = bytes(data[: 1 << 16]).index(b"moof") - 4
    return bytes(data[:position])


@dataclass(frozen=True, slots=True)
class Track:
    """One rung or one sound track, and where its segments go."""

    folder: Path
    container: Container
    init_name: str
    init: bytes
    segment_name: Callable[[int], str]
    timescale: int
    ticks_per_sample: int
    is_picture: bool
    # How much later than its place each sample is presented, so that decoding can begin at 0 and
    # never change its pace. 0 where an encode goes on that an earlier version has planned.
    delay_ticks: int

    def write_init(self) -> Iterator[Piece]:
        """MPEG-TS has none: it says everything again in each segment."""
        if self.container is Container.TS:
            return
        facts = read_init(self.init)
        if facts.has_edit_list or facts.timescale != self.timescale:
            raise WrongResult(f"{self.init_name}: {facts}")
        self._write(self.init_name, self.init)
        yield measured(self.folder, self.init_name)

    def write(self, number: int, first: int, coded: Sequence[Coded]) -> Piece:
        """Write the segment that begins with this sample of the title.

        Their `composition` says how much later than its place in the order each is shown.
        """
        made = segment(
            [self._timed(first + place, sample) for place, (sample, _) in enumerate(coded)],
            b"".join(payload for _, payload in coded),
            number=number,
            decode_time=self._decoded_at(first),
        )
        name = self.segment_name(number)
        if self.container is Container.TS:
            self._write(name, transport(self.init, made, delay_ticks=self.delay_ticks))
            return self._transport_as_found(name, first, len(coded))
        self._write(name, made)
        return self._fragment_as_found(name, first, len(coded))

    def _timed(self, place: int, sample: Sample) -> Sample:
        at = self._decoded_at(place)
        presented = place * self.ticks_per_sample + self.delay_ticks + sample.composition
        composition = presented - at
        if composition < 0:
            raise WrongResult(f"a frame is decoded {-composition} ticks after it is shown")
        duration = self._decoded_at(place + 1) - at
        return replace(sample, duration=duration, composition=composition)

    def _decoded_at(self, place: int) -> int:
        """When a sample is decoded: early enough, and without a time below 0.

        So nobody needs an edit list (WebKitGTK ignores them) or frames shown before they are
        decoded (FFmpeg shifts all of them).
        """
        if self.delay_ticks or not self.is_picture:
            return place * self.ticks_per_sample
        if place <= _REORDERED:
            return place * self.ticks_per_sample // (_REORDERED + 1)
        return (place - _REORDERED) * self.ticks_per_sample

    def _fragment_as_found(self, name: str, first: int, count: int) -> Piece:
        found = list(fragments(memoryview((self.folder / name).read_bytes())))
        wanted = [
            (first + each) * self.ticks_per_sample + self.delay_ticks for each in range(count)
        ]
        if (
            len(found) != 1
            or found[0].presented != wanted
            or found[0].decode_time != self._decoded_at(first)
            or not found[0].samples[0].is_sync
        ):
            raise WrongResult(f"{name}: not the {count} frames from {first} on")
        return replace(
            measured(self.folder, name),
            frames=len(found[0].samples),
            decode_time=found[0].presented[0],
            frame_ticks=found[0].sample_duration,
            iframe_bytes=found[0].first_sample_end if self.is_picture else 0,
        )

    def _transport_as_found(self, name: str, first: int, count: int) -> Piece:
        found = read_transport(self.folder / name)
        ticks = [(first + each) * self.ticks_per_sample for each in range(count)]
        wanted = tuple(TS_BEGINS + round(each * TS_CLOCK / self.timescale) for each in ticks)
        if found.times != wanted or not found.is_first_key:
            raise WrongResult(f"{name}: not the {count} frames from {first} on")
        return replace(
            measured(self.folder, name),
            frames=len(found.times),
            decode_time=found.times[0],
            iframe_bytes=found.first_frame_end if self.is_picture else 0,
        )

    def _write(self, name: str, data: bytes) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
