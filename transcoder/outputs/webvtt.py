"""Reads SubRip and WebVTT, and writes WebVTT that holds plain text only."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from transcoder.outputs.markup import lines_of

_MILLISECONDS = 1000
# Every segment that a cue spans repeats it; the limit keeps a small file from growing huge.
_LONGEST_CUE_MS = 600 * _MILLISECONDS
_CLOCK = r"(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,3}))?"
_TIMING = re.compile(rf"\s*{_CLOCK}\s*-->\s*{_CLOCK}(?:\s+(.*))?")
_SETTING = re.compile(r"(?:line|position|size|align|vertical):[a-z0-9.,%-]{1,40}")
_HEADER = re.compile(r"(?:WEBVTT|X-TIMESTAMP-MAP)\b")
_IS_WEBVTT = re.compile(r"\s*WEBVTT\b")
_COMMENT = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s|$)")
# Begins an entry, though its time may be unreadable.
_BEGIN = re.compile(r"\s*\d(?:.*-->|\d{0,3}:\d\d:\d\d\S*\s*->)")


@dataclass(frozen=True, slots=True)
class Cue:
    start_ms: int
    end_ms: int
    lines: tuple[str, ...]
    settings: str = ""


@dataclass(frozen=True, slots=True)
class Cues:
    """Cues by start time, and the number of unreadable ones."""

    cues: tuple[Cue, ...]
    broken: int = 0

    def moved(self, *, by: Fraction, until: Fraction) -> tuple[Cue, ...]:
        """Shift all times and keep what is visible between 0 and the end of the video."""
        shift, last = round(by * _MILLISECONDS), int(until * _MILLISECONDS)
        moved = (
            replace(
                cue, start_ms=max(0, cue.start_ms + shift), end_ms=min(last, cue.end_ms + shift)
            )
            for cue in self.cues
        )
        return tuple(cue for cue in moved if cue.start_ms < cue.end_ms)


def parsed(text: str) -> Cues:
    """Parse SubRip or WebVTT, and skip everything else."""
    readable: list[Cue] = []
    broken = 0
    is_webvtt = bool(_IS_WEBVTT.match(text))
    for entry in _entries(text, is_webvtt=is_webvtt):
        cues = list(_cues_in(entry, is_webvtt=is_webvtt))
        readable += (cue for cue in cues if cue and cue.lines)
        broken += cues.count(None)
    return Cues(tuple(sorted(readable, key=lambda cue: (cue.start_ms, cue.end_ms))), broken)


def segments(
    cues: Sequence[Cue], *, count: int, seconds: int, timestamp_of_zero: int
) -> Iterator[str]:
    """Yield the text of each segment; a cue that spans a boundary is in both."""
    # Maps cue times to media times; MPEGTS counts in 90 kHz.
    header = f"WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:{timestamp_of_zero}"
    length = seconds * _MILLISECONDS
    within: list[list[Cue]] = [[] for _ in range(count)]
    for cue in cues:
        for number in range(cue.start_ms // length, min(count, -(-cue.end_ms // length))):
            within[number].append(cue)
    for each in within:
        yield "\n\n".join([header, *map(_written, each)]) + "\n"


def _entries(text: str, *, is_webvtt: bool) -> Iterator[list[str]]:
    """Entries, of which each may have blank lines between its words."""
    entry: list[str] = []
    previous: list[str] = []
    for block in _blocks(text):
        if not _begins_entry(block, is_webvtt=is_webvtt):
            entry += block
        else:
            if _TIMING.fullmatch(block[0]) and len(previous) == 1 and previous[0].isdecimal():
                # The number of this entry, with a blank line behind it.
                entry.pop()
            if entry:
                yield entry
            entry = [*block]
        previous = block
    if entry:
        yield entry


def _begins_entry(block: Sequence[str], *, is_webvtt: bool) -> bool:
    is_cue = any(map(_BEGIN.match, block))
    return is_cue or _is_comment(block, is_webvtt=is_webvtt) or bool(_HEADER.match(block[0]))


def _is_comment(block: Sequence[str], *, is_webvtt: bool) -> bool:
    return is_webvtt and bool(_COMMENT.match(block[0]))


def _blocks(text: str) -> Iterator[list[str]]:
    block: list[str] = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if line.strip():
            block.append(line)
        elif block:
            yield block
            block = []
    if block:
        yield block


def _cues_in(entry: Sequence[str], *, is_webvtt: bool) -> Iterator[Cue | None]:
    """Cues of one entry; several where blank lines between cues are missing."""
    timings = [number for number, line in enumerate(entry) if _TIMING.fullmatch(line)]
    is_comment = _is_comment(entry, is_webvtt=is_webvtt)
    if is_comment or (not timings and _HEADER.match(entry[0])):
        return
    if not timings:
        yield None
        return
    for this, following in zip(timings, [*timings[1:], None], strict=True):
        lines = list(entry[this + 1 : following])
        if following and lines and lines[-1].strip().isdecimal():
            lines.pop()
        yield _cue(entry[this], lines, is_webvtt=is_webvtt)


def _cue(timing: str, lines: Sequence[str], *, is_webvtt: bool) -> Cue | None:
    match = _TIMING.fullmatch(timing)
    if match is None:
        return None
    start, end = _milliseconds(match.groups()[:4]), _milliseconds(match.groups()[4:8])
    if start >= end:
        return None
    settings = " ".join(_SETTING.findall(match[9] or "")[:5])
    words = lines_of(lines, is_webvtt=is_webvtt)
    return Cue(start, min(end, start + _LONGEST_CUE_MS), words, settings)


def _milliseconds(clock: Sequence[str | None]) -> int:
    hours, minutes, seconds = (int(text or 0) for text in clock[:3])
    fraction = int((clock[3] or "").ljust(3, "0"))
    return ((hours * 60 + minutes) * 60 + seconds) * _MILLISECONDS + fraction


def _written(cue: Cue) -> str:
    timing = f"{_clock(cue.start_ms)} --> {_clock(cue.end_ms)} {cue.settings}".rstrip()
    return "\n".join([timing, *cue.lines])


def _clock(milliseconds: int) -> str:
    seconds, thousandths = divmod(milliseconds, _MILLISECONDS)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{thousandths:03d}"
