"""Make the WebVTT segments of one subtitle track, from the source or from a sidecar file."""

from collections.abc import Iterator
from fractions import Fraction

from chalicelib.catalogue import object_keys
from chalicelib.catalogue.asset import TS_CLOCK, SubtitleTrack
from chalicelib.encoding.plan import Plan
from chalicelib.encoding.task_reports import Report
from transcoder.counts import counted
from transcoder.errors import SourceLost
from transcoder.ffmpeg import subtitles as commands
from transcoder.ffmpeg.log import Observer
from transcoder.ffmpeg.phases import Log
from transcoder.outputs import webvtt
from transcoder.outputs.charsets import decoded
from transcoder.outputs.files import write_text
from transcoder.sandbox import memory
from transcoder.sandbox.runner import Limits, Sandbox

MOST_BYTES = 10 * 1024**2  # as a file beside a source may have
_RAW = "subtitles.raw"
# Extracting a track reads the whole source.
_LIMITS = Limits(cpu_seconds=1800, file_bytes=2 * MOST_BYTES, memory_bytes=memory.of_program())


def make_subtitles(plan: Plan, track: SubtitleTrack, url: str, *, sandbox: Sandbox) -> Report:
    """Cut a track into segments that span the whole video; a track without cues has none.

    For a sidecar track, the address is that of the sidecar file.
    """
    raw = _raw(plan, track, url, sandbox)
    words = decoded(raw, track.language)
    cues = webvtt.parsed(words.text)
    # Times in a source count from its own start time, those of a sidecar file from 0.
    shift = Fraction(0) if track.is_beside_the_source else -plan.picture.start
    visible = cues.moved(by=shift, until=plan.asset.grid.duration)
    number = track.number + 1  # people count from 1
    if not visible:
        return Report((), notes=(_why_none(number, is_any=bool(cues.cues)),))
    texts = webvtt.segments(
        visible,
        count=plan.asset.subtitle_segments,
        seconds=plan.asset.subtitle_segment_seconds,
        timestamp_of_zero=round(plan.asset.begins * TS_CLOCK),
    )
    files = tuple(
        write_text(sandbox.folder, object_keys.subtitle_segment(track.number, number), text)
        for number, text in enumerate(texts)
    )
    notes = _notes(number, words.charset, cues.broken, is_cut=len(raw) == MOST_BYTES)
    return Report(files, measures={"cues": len(visible)}, notes=tuple(notes))


def _why_none(number: int, *, is_any: bool) -> str:
    if is_any:
        return f"Subtitles {number}: all their times are outside of the film; they were left out."
    return f"Subtitles {number}: nothing in them can be read; they were left out."


def _notes(number: int, charset: str, broken: int, *, is_cut: bool) -> Iterator[str]:
    if is_cut:
        yield f"Subtitles {number}: only their first {MOST_BYTES // 1024**2} MiB were read."
    if charset:
        yield f"Subtitles {number}: letters that are not Unicode were read as {charset}."
    if broken:
        yield counted(
            broken,
            one=f"Subtitles {number}: one unreadable entry left out.",
            many=f"Subtitles {number}: {{}} unreadable entries left out.",
        )


def _raw(plan: Plan, track: SubtitleTrack, url: str, sandbox: Sandbox) -> bytes:
    """The track as text, as far as it can be read: subtitles never fail an encode."""
    if track.is_beside_the_source:
        command = commands.bytes_of_sidecar(url, name=_RAW, most_bytes=MOST_BYTES)
    else:
        command = commands.words_of_track(plan, track, url, name=_RAW)
    log = Log(Observer())
    sandbox.run(command, limits=_LIMITS, source=url, on_line=log.read_line)
    if log.is_source_lost:
        raise SourceLost
    path = sandbox.folder / _RAW
    if not path.exists():
        return b""
    with path.open("rb") as file:
        return file.read(MOST_BYTES)
