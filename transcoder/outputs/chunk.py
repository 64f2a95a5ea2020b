"""Encode one chunk: run FFmpeg, cut its files into segments, check and report them."""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from chalicelib.catalogue import object_keys
from chalicelib.catalogue.asset import Rung
from chalicelib.encoding.picture_evidence import StandIn
from chalicelib.encoding.plan import Chunk, Plan
from chalicelib.encoding.task_reports import OutputFile, Report
from transcoder.boxes.box import read_init
from transcoder.boxes.fragments import fragments
from transcoder.errors import SourceLost, WrongResult
from transcoder.ffmpeg.chunk import ENCODED, black_command, chunk_command, rung_file, tile
from transcoder.ffmpeg.log import Observer
from transcoder.ffmpeg.phases import Log
from transcoder.outputs.cutting import OutputTrack, mapped, samples_of, split_init
from transcoder.outputs.files import empty_folders
from transcoder.sandbox import memory
from transcoder.sandbox.runner import Limits, Sandbox

# A program that is slower than this hangs.
_SLOWEST_PIXELS_PER_SECOND = 2_000_000
_START_SECONDS = 300
# Headers, tiles, and full buffers of all rungs.
_START_BYTES, _MOST_OVER_RATE = 256 * 1024**2, 2
# How far before the cut decoding begins; the next step is tried until the picture at the cut is
# decoded, after a key picture. Without an index, a seek lands on any picture, and key pictures may
# be far apart.
_STEPS_BACK_SECONDS = (0, 3, 12, 60, 300)
_CHUNKS_BACK = (0, 1, 3, 10)


def make_chunk(plan: Plan, number: int, url: str, *, sandbox: Sandbox) -> Report:
    """Encode all rungs of one chunk; raise `WrongResult` if it is not exactly what was planned."""
    chunk = plan.chunk(number)
    observer, stand_in = _encode(plan, chunk, url, sandbox)
    files = [
        file
        for rung in plan.asset.rungs
        for file in _cut(plan, chunk, rung, sandbox.folder)
    ]  # fmt: skip
    _expect_tiles(plan, chunk, sandbox.folder)
    shutil.rmtree(sandbox.folder / ENCODED)
    return Report(
        tuple(files),
        decoded_frames=observer.whole,
        errors=observer.own_errors,
        delivered=replace(observer.delivered, stand_in=stand_in),
    )


def _encode(
    plan: Plan, chunk: Chunk, url: str, sandbox: Sandbox
) -> tuple[Observer, StandIn | None]:
    observer = _observer(plan, chunk)
    for seek, position in _starts(plan, chunk):
        command = chunk_command(plan, chunk, url, seek=seek, position=position)
        is_first = seek is None and not position
        observer = _run(plan, command, chunk, sandbox, url, is_patient=is_first)
        if observer.first_number is None:
            continue
        if observer.seen == 0 and observer.last_number < 0:
            # The video ended before this chunk: repeat its last picture.
            ended = replace(chunk, first_frame=chunk.first_frame + observer.last_number)
            command = chunk_command(plan, ended, url, seek=seek, position=position, is_over=True)
            _run(plan, command, chunk, sandbox, url, is_patient=True)
            return observer, StandIn.HELD
        return observer, None
    _run(plan, black_command(plan, chunk), chunk, sandbox, None, is_patient=True)
    return observer, StandIn.BLACK


def _starts(plan: Plan, chunk: Chunk) -> Iterator[tuple[Fraction | None, int]]:
    """Pairs of seek time and byte position, nearest first; the last pair reads the whole source."""
    if plan.picture.is_searchable:
        yield from ((seek, 0) for seek in _seeks(plan, chunk))
        return
    if plan.positions:
        earlier = (max(0, chunk.number - back) for back in _CHUNKS_BACK)
        near = dict.fromkeys(plan.positions[number] for number in earlier)
        yield from ((None, position) for position in near if position)
    yield None, 0


def _seeks(plan: Plan, chunk: Chunk) -> Iterator[Fraction | None]:
    """Times to seek to, nearest first; None is the start of the source."""
    frame = 1 / plan.asset.grid.rate
    for back in _STEPS_BACK_SECONDS:
        seek = chunk.seek - Fraction(3, 2) * frame - back
        if seek <= plan.picture.start:
            yield None
            return
        yield seek


def _run(
    plan: Plan,
    command: Sequence[str],
    chunk: Chunk,
    sandbox: Sandbox,
    url: str | None,
    *,
    is_patient: bool,
) -> Observer:
    """Return what the log reports; an empty observer if decoding began after the cut.

    `is_patient`: accept whatever comes, because decoding cannot begin earlier.
    """
    empty_folders(sandbox.folder)
    log = Log(_observer(plan, chunk, is_sought=not is_patient))
    limits = _limits(plan, chunk)
    with sandbox.running(command, limits=limits, source=url, on_line=log.read_line) as program:
        for _ in program:
            if log.observer.began_too_late and not is_patient:
                return _observer(plan, chunk)
    if log.observer.began_too_late and not is_patient:
        return _observer(plan, chunk)
    if log.is_source_lost:
        raise SourceLost
    observer = log.observer
    if observer.first_number is not None and not (program.finished.is_good or observer.ends_before):
        raise WrongResult(f"the encoder ended with {program.finished.code}")
    return observer


def _observer(plan: Plan, chunk: Chunk, *, is_sought: bool = False) -> Observer:
    picture = plan.picture
    return Observer(
        chunk.frames,
        chunk.first_frame,
        picture.lead_frames,
        picture.codec,
        is_counted=bool(picture.counted_rate),
        is_sought=is_sought,
    )


def longest_cpu_seconds(pixels: int) -> int:
    """Return the limit for a program that decodes and encodes so many pixels in all."""
    return _START_SECONDS + pixels // _SLOWEST_PIXELS_PER_SECOND


def _limits(plan: Plan, chunk: Chunk) -> Limits:
    picture = plan.picture
    # Without seeking, all pictures before the chunk may be decoded as well.
    decoded = chunk.frames + (0 if picture.is_searchable else chunk.first_frame)
    pixels = picture.width * picture.height * decoded
    pixels += sum(rung.width * rung.height for rung in plan.asset.rungs) * chunk.frames
    kilobits = sum(rung.maxrate_kbps for rung in plan.asset.rungs)
    largest = int(kilobits * 125 * plan.asset.grid.seconds(chunk.frames) * _MOST_OVER_RATE)
    return Limits(
        cpu_seconds=longest_cpu_seconds(pixels),
        memory_bytes=memory.of_chunk(plan),
        file_bytes=_START_BYTES + largest,
    )


def _cut(plan: Plan, chunk: Chunk, rung: Rung, folder: Path) -> Iterator[OutputFile]:
    asset = plan.asset
    data = mapped(folder / rung_file(rung))
    coded = list(samples_of(fragments(data)))
    if len(coded) != chunk.frames:
        raise WrongResult(f"{rung.name}: {len(coded)} frames instead of {chunk.frames}")
    track = OutputTrack(
        folder=folder,
        container=asset.container,
        init_name=object_keys.video_init(rung.name),
        init=split_init(data),
        timescale=asset.grid.timescale,
        ticks_per_sample=asset.grid.ticks_per_frame,
        is_picture=True,
        delay_ticks=asset.delay_frames * asset.grid.ticks_per_frame,
    )
    _expect(track.init, rung)
    yield from track.write_init()
    # The first picture in decode order is the first in presentation order, at time 0.
    delay = coded[0][0].composition
    samples = [(replace(each, composition=each.composition - delay), data) for each, data in coded]
    for position in range(chunk.segments):
        number = chunk.first_segment + position
        first = position * asset.grid.frames_per_segment
        in_segment = samples[first : first + asset.grid.frames_of(number)]
        name = object_keys.video_segment(rung.name, number, asset.container)
        yield track.write(name, number, chunk.first_frame + first, in_segment)


def _expect(init: bytes, rung: Rung) -> None:
    facts = read_init(init)
    if (facts.width, facts.height, facts.codecs) != (rung.width, rung.height, rung.codecs):
        raise WrongResult(f"{rung.name}: {facts}")


def _expect_tiles(plan: Plan, chunk: Chunk, folder: Path) -> None:
    segments = range(chunk.first_segment, chunk.first_segment + chunk.segments)
    if plan.asset.storyboard and not all((folder / tile(each)).exists() for each in segments):
        raise WrongResult("a tile of the storyboard is missing")
