"""A sound track while it is being made: whole segments leave it as soon as they are complete."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from chalicelib.catalogue import media_keys
from chalicelib.catalogue.asset import AUDIO_FRAME, AUDIO_RATE, Asset, AudioTrack, Container
from chalicelib.transcoding.plan import Plan
from chalicelib.transcoding.reports import Piece, Report
from transcoder import loudness, memory
from transcoder.cutting import Coded, Track, samples_of, split_init
from transcoder.ffmpeg.audio import audio_command, made_track, silence_command
from transcoder.ffmpeg.hearing import Hearing
from transcoder.ffmpeg.log import Observer
from transcoder.ffmpeg.phases import Listener, Log
from transcoder.pieces import WrongResult
from transcoder.reading.fragments import end_of_last, fragments
from transcoder.sandbox import Limits, Sandbox
from transcoder.sound_notes import notes_on

# Ten times slower than the title is long does not get on at all.
_SLOWNESS = 10
_START_SECONDS = 600
# The encoder begins with a frame of silence that no player may hear.
_PRIMING = 1
Grown = Callable[[Sequence[Piece]], None]


@dataclass(slots=True)
class _Cutter:
    """Follows the encoder's file, and cuts what it has not cut yet."""

    asset: Asset
    track: AudioTrack
    sandbox: Sandbox
    grown: Grown
    pieces: list[Piece] = field(default_factory=list)
    waiting: list[Coded] = field(default_factory=list)
    frames: int = -_PRIMING
    read_bytes: int = 0
    into: Track | None = None

    def look(self) -> None:
        path = self.sandbox.folder / made_track(self.track)
        if not path.exists() or path.stat().st_size == self.read_bytes:
            return
        with path.open("rb") as file:
            file.seek(self.read_bytes)
            data = memoryview(file.read())
        coded = list(samples_of(fragments(data)))
        if not coded:
            return
        new: list[Piece] = []
        if self.into is None:
            self.into = _into(self.asset, self.track, self.sandbox, split_init(data))
            new.extend(self.into.write_init())
        self.read_bytes += end_of_last(data)
        # The first frames are those from before the beginning.
        self.waiting.extend(coded[max(0, -self.frames) :])
        self.frames += len(coded)
        new.extend(self._complete(self.into))
        if new:
            self.pieces.extend(new)
            self.grown(new)

    def _complete(self, into: Track) -> list[Piece]:
        complete: list[Piece] = []
        done = sum(1 for piece in self.pieces if piece.frames)
        for number in range(done, self.asset.audio_segments):
            count = self.asset.audio_frames_of(number)
            if len(self.waiting) < count:
                break
            first = self.asset.audio_boundary(number)
            complete.append(into.write(number, first, self.waiting[:count]))
            del self.waiting[:count]
        return complete

    def expect_the_end(self) -> None:
        done = sum(piece.frames for piece in self.pieces)
        # Encoders may add a frame when they are told that nothing comes after.
        if done != self.asset.audio_frames or len(self.waiting) > _PRIMING:
            raise WrongResult(f"{self.frames} frames of AAC instead of {self.asset.audio_frames}")


@dataclass(frozen=True, slots=True)
class _Listeners(Listener):
    hearing: Hearing
    observer: Observer = field(default_factory=Observer)
    meter: loudness.Meter = field(default_factory=loudness.Meter)

    def hear(self, line: str) -> None:
        self.observer.hear(line)
        self.meter.hear(line)
        self.hearing.hear(line)


def record(
    plan: Plan, track: AudioTrack, address: str, *, sandbox: Sandbox, grown: Grown
) -> tuple[Report, bool]:
    """Return the report, and whether the source was lost on the way."""
    found = loudness.measured(plan, track, address, sandbox=sandbox)
    gain = loudness.gain_db(found)
    log = Log(lambda: _Listeners(Hearing(samples=plan.asset.samples)))
    cutter = _Cutter(plan.asset, track, sandbox, grown)
    finished = sandbox.run(
        audio_command(plan, track, address, gain_db=gain),
        limits=_limits(plan),
        source=address,
        on_line=log.hear,
        while_waiting=cutter.look,
    )
    cutter.look()
    observer, evidence = log.heard.observer, log.heard.hearing.evidence
    if not cutter.pieces and not observer.decoded:
        sandbox.run(silence_command(plan, track), limits=_limits(plan), while_waiting=cutter.look)
        cutter.look()
    elif not finished.is_good:
        raise WrongResult(f"the encoder ended with {finished.code}")
    cutter.expect_the_end()
    measures = {"found_lufs": found, "gain_db": gain, "made_lufs": log.heard.meter.integrated_lufs}
    report = Report(
        tuple(cutter.pieces),
        decoded_frames=observer.decoded,
        errors=observer.errors,
        measures={name: value for name, value in measures.items() if value is not None},
        notes=notes_on(track, evidence, plan.asset, plan.sound_times(track)),
        sound=evidence,
    )
    return report, log.is_source_lost


def _into(asset: Asset, track: AudioTrack, sandbox: Sandbox, init: bytes) -> Track:
    return Track(
        folder=sandbox.folder,
        container=asset.container,
        init_name=media_keys.audio_init(track.number),
        init=init,
        segment_name=lambda number: media_keys.audio_segment(track.number, number, asset.container),
        timescale=AUDIO_RATE,
        ticks_per_sample=AUDIO_FRAME,
        is_picture=False,
        # MPEG-TS begins late enough for the picture to be decoded before.
        delay_ticks=0 if asset.container is Container.TS else round(asset.begins * AUDIO_RATE),
    )


def _limits(plan: Plan) -> Limits:
    seconds = _START_SECONDS + int(plan.asset.grid.duration * _SLOWNESS)
    return Limits(cpu_seconds=seconds, memory_bytes=memory.of_program())
