"""Reads SubRip and WebVTT, and writes WebVTT that holds plain text only."""

import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

_MILLISECONDS = 1000
# Every segment that a cue spans repeats it; the limit keeps a small file from growing huge.
_LONGEST_CUE_MS = 600 * _MILLISECONDS
_CLOCK = r"(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,3}))?"
_TIMING = re.compile(rf"\s*{_CLOCK}\s*-->\s*{_CLOCK}(?:\s+(.*))?")
_SETTING = re.compile(r"(?:line|position|size|align|vertical):[a-z0-9.,%-]{1,40}")
_HEADER = re.compile(r"(?:WEBVTT|X-TIMESTAMP-MAP)\b")
_COMMENT = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s|$)")
# Tags of WebVTT and SubRip; other words in angle brackets are words.
_TAG = re.compile(
    r"<(?:(/?)(b|i|u|s|c|v|font|lang|ruby|rt)(?=[\s.>])[^<>]{0,200}|(?:\d+:)?\d\d:\d\d\.\d{3})>",
    re.IGNORECASE,
)
# Beyond all code points; Python refuses to parse numbers of thousands of digits.
_ENDLESS_REFERENCE = re.compile(r"&#\d{8,}")
_STYLE_OVERRIDE = re.compile(r"\{\\[^{}]{0,200}\}")
# Starts a drawing instead of text, until the scale is 0 again. FFmpeg drops these overrides, so a
# line that holds only drawing commands is a drawing as well.
_SCALE_OF_DRAWING = re.compile(r"\\p(\d)")
_OF_DRAWING = re.compile(r"[mnlbspc]|-?\d{1,6}(?:\.\d{1,6})?")
_FEWEST_OF_DRAWING = 4
_KEPT_TAGS = frozenset("ibu")


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
    for block in _blocks(text):
        cues = list(_cues_in(block))
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


def _cues_in(block: Sequence[str]) -> Iterator[Cue | None]:
    """Cues of one block; several where blank lines between cues are missing."""
    timings = [number for number, line in enumerate(block) if _TIMING.fullmatch(line)]
    if _COMMENT.match(block[0]) or (not timings and _HEADER.match(block[0])):
        return
    if not timings:
        yield None
        return
    for this, following in zip(timings, [*timings[1:], None], strict=True):
        lines = list(block[this + 1 : following])
        if following and lines and lines[-1].strip().isdecimal():
            lines.pop()
        yield _cue(block[this], lines)


def _cue(timing: str, lines: Sequence[str]) -> Cue | None:
    match = _TIMING.fullmatch(timing)
    if match is None:
        return None
    start, end = _milliseconds(match.groups()[:4]), _milliseconds(match.groups()[4:8])
    if start >= end:
        return None
    settings = " ".join(_SETTING.findall(match[9] or "")[:5])
    return Cue(start, min(end, start + _LONGEST_CUE_MS), _sanitised(lines), settings)


def _milliseconds(clock: Sequence[str | None]) -> int:
    hours, minutes, seconds = (int(text or 0) for text in clock[:3])
    fraction = int((clock[3] or "").ljust(3, "0"))
    return ((hours * 60 + minutes) * 60 + seconds) * _MILLISECONDS + fraction


def _sanitised(lines: Sequence[str]) -> tuple[str, ...]:
    """Keep balanced tags for bold, italics and underline; drop other tags and escape the rest."""
    text = _without_drawings("\n".join(lines)).replace(r"\h", "\N{NO-BREAK SPACE}")
    kept: list[str] = []
    open_tags: list[str] = []
    end = 0
    for match in _TAG.finditer(text):
        kept.append(_words(text[end : match.start()]))
        kept.append(_tag((match[2] or "").lower(), open_tags, closes=bool(match[1])))
        end = match.end()
    kept += (_words(text[end:]), *(f"</{tag}>" for tag in reversed(open_tags)))
    return tuple(line for line in "".join(kept).split("\n") if _TAG.sub("", line).strip())


def _without_drawings(text: str) -> str:
    """Drop style overrides and the drawings between them."""
    kept, draws, end = list[str](), False, 0
    for match in _STYLE_OVERRIDE.finditer(text):
        kept.append("" if draws else text[end : match.start()])
        for scale in _SCALE_OF_DRAWING.findall(match[0]):
            draws = scale != "0"
        end = match.end()
    kept.append("" if draws else text[end:])
    return "\n".join(line for line in "".join(kept).split("\n") if not _is_drawing(line))


def _is_drawing(line: str) -> bool:
    strokes = _TAG.sub("", line).split()
    is_begun = strokes[:1] == ["m"] and len(strokes) >= _FEWEST_OF_DRAWING
    return is_begun and all(map(_OF_DRAWING.fullmatch, strokes))


def _tag(name: str, open_tags: list[str], *, closes: bool) -> str:
    if name not in _KEPT_TAGS:
        return ""
    if not closes:
        open_tags.append(name)
        return f"<{name}>"
    if open_tags[-1:] == [name]:
        open_tags.pop()
        return f"</{name}>"
    return ""


def _words(text: str) -> str:
    # A character reference may be a line break, which would end the cue.
    plain = "\n".join(
        "".join(" " if unicodedata.category(char) in {"Cc", "Zl", "Zp"} else char for char in line)
        for line in map(html.unescape, _ENDLESS_REFERENCE.sub("", text).split("\n"))
    )
    return html.escape(plain, quote=False)


def _written(cue: Cue) -> str:
    timing = f"{_clock(cue.start_ms)} --> {_clock(cue.end_ms)} {cue.settings}".rstrip()
    return "\n".join([timing, *cue.lines])


def _clock(milliseconds: int) -> str:
    seconds, thousandths = divmod(milliseconds, _MILLISECONDS)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{thousandths:03d}"
