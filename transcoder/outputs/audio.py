"""Encode one audio track: segments are cut and passed on while the encoder runs."""

import shutil
from collections.abc import Generator, Iterator, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from chalicelib.catalogue import object_keys
from chalicelib.catalogue.asset import AUDIO_FRAME, AUDIO_RATE, Asset, AudioTrack, Container
from chalicelib.encoding.plan import Plan
from chalicelib.encoding.task_reports import OutputFile, Report
from transcoder.boxes.fragments import end_of_last, fragments
from transcoder.errors import SourceLost, WrongResult
from transcoder.ffmpeg.audio import (
    Correction,
    audio_command,
    first_channels,
    silence_command,
    track_file,
)
from transcoder.ffmpeg.chunk import ENCODED
from transcoder.ffmpeg.hearing import Hearing
from transcoder.ffmpeg.log import Observer
from transcoder.ffmpeg.phases import LineReader, Log
from transcoder.outputs import loudness
from transcoder.outputs.cutting import CodedSample, OutputTrack, samples_of, split_init
from transcoder.outputs.files import empty_folders
from transcoder.outputs.sound_notes import notes_on, unmixed
from transcoder.sandbox import memory
from transcoder.sandbox.runner import Finished, Limits, Program, Sandbox

# An encoder that needs this many times the duration of the video hangs.
_SLOWNESS = 10
_START_SECONDS = 600
# The encoder starts with one frame of silence, which is cut.
_PRIMING = 1

# Yields files as soon as they are complete, and returns a result.
T = TypeVar("T")
Files = Generator[Sequence[OutputFile], None, T]


@dataclass(slots=True)
class _Cutter:
    """Reads the growing file of the encoder and cuts it into segments."""

    asset: Asset
    track: AudioTrack
    folder: Path
    files: list[OutputFile] = field(default_factory=list)
    waiting: list[CodedSample] = field(default_factory=list)
    frames: int = -_PRIMING
    read_bytes: int = 0
    into: OutputTrack | None = None

    def while_running(self, running: AbstractContextManager[Program]) -> Files[Finished]:
        with running as program:
            for _ in program:
                yield from self._new()
        yield from self._new()
        return program.finished

    def _new(self) -> Iterator[Sequence[OutputFile]]:
        path = self.folder / track_file(self.track)
        if not path.exists() or path.stat().st_size == self.read_bytes:
            return
        with path.open("rb") as file:
            file.seek(self.read_bytes)
            data = memoryview(file.read())
        coded = list(samples_of(fragments(data)))
        if not coded:
            return
        new: list[OutputFile] = []
        if self.into is None:
            self.into = self._into(split_init(data))
            new.extend(self.into.write_init())
        self.read_bytes += end_of_last(data)
        # Frames with negative numbers are the priming.
        self.waiting.extend(coded[max(0, -self.frames) :])
        self.frames += len(coded)
        new.extend(self._complete(self.into))
        if new:
            self.files.extend(new)
            yield new

    def _into(self, init: bytes) -> OutputTrack:
        is_ts = self.asset.container is Container.TS
        return OutputTrack(
            folder=self.folder,
            container=self.asset.container,
            init_name=object_keys.audio_init(self.track.number),
            init=init,
            timescale=AUDIO_RATE,
            ticks_per_sample=AUDIO_FRAME,
            is_picture=False,
            # In MPEG-TS, `TS_BEGINS` leaves time to decode pictures before they are presented.
            delay_ticks=0 if is_ts else round(self.asset.begins * AUDIO_RATE),
        )

    def _complete(self, into: OutputTrack) -> list[OutputFile]:
        complete: list[OutputFile] = []
        done = sum(1 for file in self.files if file.frames)
        for number in range(done, self.asset.audio_segments):
            count = self.asset.audio_frames_of(number)
            if len(self.waiting) < count:
                break
            first = self.asset.audio_boundary(number)
            name = object_keys.audio_segment(self.track.number, number, self.asset.container)
            complete.append(into.write(name, number, first, self.waiting[:count]))
            del self.waiting[:count]
        return complete

    def require_complete(self) -> None:
        done = sum(file.frames for file in self.files)
        # Encoders may add a frame when they flush.
        if done != self.asset.audio_frames or len(self.waiting) > _PRIMING:
            raise WrongResult(f"{self.frames} frames of AAC instead of {self.asset.audio_frames}")


@dataclass(frozen=True, slots=True)
class _LineReaders(LineReader):
    hearing: Hearing
    decoder: Observer = field(default_factory=Observer)
    meter: loudness.Meter = field(default_factory=loudness.Meter)

    def read_line(self, line: str) -> None:
        self.decoder.read_line(line)
        self.meter.read_line(line)
        self.hearing.read_line(line)


@dataclass(slots=True)
class AudioEncoder:
    """Encodes a whole audio track; `report` is there after the last of its files."""

    plan: Plan
    track: AudioTrack
    url: str
    sandbox: Sandbox
    report: Report = field(init=False)

    def files(self) -> Files[None]:
        """Yield files as soon as they are complete; closing it ends the encoder."""
        empty_folders(self.sandbox.folder)
        correction = Correction()
        lufs = self._lufs(correction)
        finished, log, cutter = yield from self._encoded(lufs, correction)
        if log.observer.hearing.is_unusable:
            correction = Correction(keeps_format=True)
            finished, log, cutter = yield from self._encoded(lufs, correction)
        if log.observer.hearing.is_unusable:
            layouts = "".join(log.observer.hearing.formats)
            correction = replace(correction, channels=first_channels(layouts))
            lufs = self._lufs(correction)
            finished, log, cutter = yield from self._encoded(lufs, correction)
        if not cutter.files and not log.observer.decoder.decoded:
            silence = silence_command(self.plan, self.track)
            yield from cutter.while_running(self.sandbox.running(silence, limits=self._limits))
        elif not finished.is_good:
            raise WrongResult(f"the encoder ended with {finished.code}")
        cutter.require_complete()
        if log.is_source_lost:
            raise SourceLost
        shutil.rmtree(self.sandbox.folder / ENCODED)
        self.report = self._report(log, cutter, correction, lufs)

    def _report(
        self, log: Log[_LineReaders], cutter: _Cutter, correction: Correction, lufs: float | None
    ) -> Report:
        measures = {
            "found_lufs": lufs,
            "gain_db": loudness.gain_db(lufs),
            "made_lufs": log.observer.meter.integrated_lufs,
        }
        evidence = log.observer.hearing.evidence
        if correction.keeps_format:
            # What was dropped was decoded, and is damage all the same.
            evidence = replace(evidence, decoded_samples=log.observer.hearing.heard_samples)
        times = self.plan.sound_times(self.track)
        return Report(
            tuple(cutter.files),
            decoded_frames=log.observer.decoder.decoded,
            errors=log.observer.decoder.errors,
            measures={name: value for name, value in measures.items() if value is not None},
            notes=(
                *self._unmixed(correction),
                *loudness.notes_on(self.track, lufs),
                *notes_on(self.track, evidence, self.plan.asset, times),
            ),
            sound=evidence,
        )

    def _unmixed(self, correction: Correction) -> Iterator[str]:
        if correction.channels:
            # People count from 1.
            yield unmixed(self.track.number + 1, is_one=len({*correction.channels}) == 1)

    def _lufs(self, correction: Correction) -> float | None:
        return loudness.measured(
            self.plan, self.track, self.url, sandbox=self.sandbox, correction=correction
        )

    def _encoded(
        self, lufs: float | None, correction: Correction
    ) -> Files[tuple[Finished, Log[_LineReaders], _Cutter]]:
        gain = loudness.gain_db(lufs)
        command = audio_command(
            self.plan, self.track, self.url, gain_db=gain, correction=correction
        )
        log = Log(_LineReaders(Hearing(samples=self.plan.asset.samples)))
        cutter = _Cutter(self.plan.asset, self.track, self.sandbox.folder)
        running = self.sandbox.running(
            command, limits=self._limits, source=self.url, on_line=log.read_line
        )
        finished = yield from cutter.while_running(running)
        return finished, log, cutter

    @property
    def _limits(self) -> Limits:
        seconds = _START_SECONDS + int(self.plan.asset.grid.duration * _SLOWNESS)
        return Limits(cpu_seconds=seconds, memory_bytes=memory.of_program())


def make_audio(plan: Plan, track: AudioTrack, url: str, *, sandbox: Sandbox) -> Report:
    """Encode a whole audio track at once."""
    encoder = AudioEncoder(plan, track, url, sandbox)
    with closing(encoder.files()) as complete:
        for _ in complete:
            pass
    return encoder.report
