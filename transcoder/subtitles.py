"""Make the subtitle pieces of one track, out of the source or of a file beside it."""

from collections.abc import Iterator
from fractions import Fraction

from chalicelib.catalogue import media_keys
from chalicelib.catalogue.asset import TS_CLOCK, SubtitleTrack
from chalicelib.transcoding.plan import Plan
from chalicelib.transcoding.reports import Report
from transcoder import memory, webvtt
from transcoder.charsets import decoded
from transcoder.encoding import SourceLost
from transcoder.ffmpeg import subtitles as commands
from transcoder.ffmpeg.log import Observer
from transcoder.ffmpeg.phases import Log
from transcoder.pieces import written
from transcoder.sandbox import Limits, Sandbox

MOST_BYTES = 4_000_000
_RAW = "subtitles.raw"
# A demuxer reads the whole source to find the words in it.
_LIMITS = Limits(cpu_seconds=1800, file_bytes=2 * MOST_BYTES, memory_bytes=memory.of_program())


def make_subtitles(plan: Plan, track: SubtitleTrack, address: str, *, sandbox: Sandbox) -> Report:
    """Cut a track into pieces that span the whole title; one without a word has none.

    The address is that of the file beside the source for a track that came in one.
    """
    words = decoded(_raw(plan, track, address, sandbox), track.language)
    cues = webvtt.parsed(words.text)
    # Times of the source count from wherever it begins, those of a file beside it from the film.
    shift = Fraction(0) if track.is_beside_the_source else -plan.picture.start
    shown = cues.moved(by=shift, until=plan.asset.grid.duration)
    if not shown:
        empty = f"Subtitles {track.number}: nothing in them can be read; they were left out."
        return Report((), notes=(empty,))
    texts = webvtt.segments(
        shown,
        count=plan.asset.subtitle_segments,
        seconds=plan.asset.subtitle_segment_seconds,
        timestamp_of_zero=round(plan.asset.begins * TS_CLOCK),
    )
    pieces = tuple(
        written(sandbox.folder, media_keys.subtitle_segment(track.number, number), text)
        for number, text in enumerate(texts)
    )
    notes = tuple(_notes(track, words.charset, cues.broken))
    return Report(pieces, measures={"cues": len(shown)}, notes=notes)


def _notes(track: SubtitleTrack, charset: str, broken: int) -> Iterator[str]:
    if charset:
        yield f"Subtitles {track.number}: letters that are not Unicode were read as {charset}."
    if broken:
        yield f"Subtitles {track.number}: {broken} unreadable entries left out."


def _raw(plan: Plan, track: SubtitleTrack, address: str, sandbox: Sandbox) -> bytes:
    """Whatever can be had of it: subtitles are no reason for a film to fail."""
    if track.is_beside_the_source:
        command = commands.bytes_of_sidecar(address, name=_RAW, most_bytes=MOST_BYTES)
    else:
        command = commands.words_of_track(plan.picture, track, address, name=_RAW)
    log = Log(Observer)
    sandbox.run(command, limits=_LIMITS, source=address, on_line=log.hear)
    if log.is_source_lost:
        raise SourceLost
    path = sandbox.folder / _RAW
    if not path.exists():
        return b""
    with path.open("rb") as file:
        return file.read(MOST_BYTES)
