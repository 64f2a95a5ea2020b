"""The text of a subtitle cue: what SubRip, ASS, WebVTT and HTML mark up, as WebVTT."""

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

# Of WebVTT, SubRip and HTML, with what looks like attributes: other words in angle brackets are
# words, and only voices, languages and fonts are followed by words.
_ATTRIBUTES = r"(?:\s{1,9}[\w:-]{1,40}\s{0,9}=[^<>]{0,200})?"
_CLASSES = r"(?:\.[^\s<>]{0,99})?"
_TAG = re.compile(
    rf"<(/?)(?:(b|i|u|s|c|ruby|rt){_CLASSES}{_ATTRIBUTES}"
    r"|(a|big|br|center|code|del|div|em|h[1-6]|ins|p|small|span|strike|strong|sub|sup|tt)"
    rf"{_ATTRIBUTES}|(?:v|lang|font){_CLASSES}(?:\s{{1,9}}\w[^<>]{{0,200}})?)\s{{0,9}}/?>"
    r"|<(?:\d+:)?\d\d:\d\d\.\d{3}>",
    re.IGNORECASE,
)
_KEPT_TAGS = frozenset("ibu")
_LINES = frozenset({"br", "div", "p"})
# Of ASS, which SubRip has as well; in the path of a file of Windows it is a part of a name.
_ESCAPE = re.compile(r"((?:(?:\b|(?<=\\N))[A-Za-z]:|\\)\\\S*)|\\([Nnh])")
# Beyond all code points; Python refuses to parse numbers of thousands of digits.
_ENDLESS_REFERENCE = re.compile(r"&#\d{8,}")
# Of ASS and of MicroDVD, which files of SubRip have as well.
_STYLE_OVERRIDE = re.compile(r"\{(?:\\|[CcFfoPSsYy]:)[^{}]{0,200}\}")
_STYLE = re.compile(r"\\([ibu])([01])(?!\d)")
# Starts a drawing instead of text, until the scale is 0 again. FFmpeg drops these overrides, so a
# line that holds only drawing commands is a drawing as well.
_SCALE_OF_DRAWING = re.compile(r"\\p(\d)")
_OF_DRAWING = re.compile(r"[mnlbspc]|-?\d{1,6}(?:\.\d{1,6})?")
_FEWEST_OF_DRAWING = 4


def lines_of(lines: Sequence[str], *, is_webvtt: bool = False) -> tuple[str, ...]:
    """Keep balanced tags for bold, italics and underline; drop other tags and escape the rest."""
    # FFmpeg writes `\h` into WebVTT as well.
    spaces = {"h": "\N{NO-BREAK SPACE}"}
    escapes = spaces if is_webvtt else {**spaces, "N": "\n", "n": "\n"}
    text = _ESCAPE.sub(
        lambda match: escapes.get(match[2], match[0]), _without_overrides("\n".join(lines))
    )
    kept, depths, end = list[str](), dict[str, int](), 0
    for match in _TAG.finditer(text):
        kept += (_words(text[end : match.start()]), _tag(match, depths))
        end = match.end()
    kept += (_words(text[end:]), _closing(depths))
    return tuple(_with_words("".join(kept).split("\n")))


def _with_words(lines: Iterable[str]) -> Iterator[str]:
    """Lines with words, each with the tags of those without before it."""
    last, tags = "", ""
    for line in lines:
        if not _TAG.sub("", line).strip():
            tags += line.strip()
            continue
        if last:
            yield last
        last, tags = tags + line, ""
    if last:
        yield last + tags


def _without_overrides(text: str) -> str:
    """Drop style overrides, except for tags instead of them, and the drawings between them."""
    kept, draws, end = list[str](), False, 0
    for match in _STYLE_OVERRIDE.finditer(text):
        kept.append("" if draws else text[end : match.start()])
        for scale in _SCALE_OF_DRAWING.findall(match[0]):
            draws = scale != "0"
        tags = (f"<{'' if on == '1' else '/'}{tag}>" for tag, on in _STYLE.findall(match[0]))
        kept.append("" if draws else "".join(tags))
        end = match.end()
    kept.append("" if draws else text[end:])
    return "\n".join(line for line in "".join(kept).split("\n") if not _is_drawing(line))


def _is_drawing(line: str) -> bool:
    strokes = _TAG.sub("", line).split()
    is_begun = strokes[:1] == ["m"] and len(strokes) >= _FEWEST_OF_DRAWING
    return is_begun and all(map(_OF_DRAWING.fullmatch, strokes))


def _tag(match: re.Match[str], depths: dict[str, int]) -> str:
    """Write a tag as WebVTT; `depths` has how many of each are open, in their order."""
    name = (match[2] or match[3] or "").lower()
    if name in _LINES:
        return "\n"
    if name not in _KEPT_TAGS or match[0].endswith("/>"):
        return ""
    depth = depths.get(name, 0)
    if not match[1]:
        depths[name] = depth + 1
        return "" if depth else f"<{name}>"
    if depth > 1:
        depths[name] = depth - 1
    if depth != 1:
        return ""
    after = [*depths][[*depths].index(name) + 1 :]
    del depths[name]
    return f"{_closing(after)}</{name}>" + "".join(f"<{each}>" for each in after)


def _closing(tags: Iterable[str]) -> str:
    return "".join(f"</{tag}>" for tag in reversed([*tags]))


def _words(text: str) -> str:
    # A character reference may be a line break, which would end the cue.
    plain = "\n".join(
        "".join(" " if unicodedata.category(char) in {"Cc", "Zl", "Zp"} else char for char in line)
        for line in map(html.unescape, _ENDLESS_REFERENCE.sub("", text).split("\n"))
    )
    return html.escape(plain, quote=False)
