"""A strict reader of HLS playlists (RFC 8216, and rules of Apple for video on demand)."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

_ATTRIBUTE = re.compile(r'([A-Z0-9-]+)=("[^"\r\n]*"|[^",\s][^,\s]*)(?:,|$)')
_DECIMAL = re.compile(r"\d+(?:\.\d+)?")
_BYTE_RANGE = re.compile(r"\d+@\d+")
_TOLERATED_SECONDS = Fraction(1, 2)
MOST_FRAMES_PER_SECOND = 60
_QUOTED = frozenset(
    {
        "CHANNELS",
        "CHARACTERISTICS",
        "URI",
        "CODECS",
        "AUDIO",
        "SUBTITLES",
        "GROUP-ID",
        "LANGUAGE",
        "NAME",
    }
)
_OF_VARIANTS = ("BANDWIDTH", "AVERAGE-BANDWIDTH", "CODECS", "RESOLUTION", "FRAME-RATE")
_OF_IFRAMES = ("BANDWIDTH", "CODECS", "RESOLUTION", "URI")
_OF_RENDITIONS = ("TYPE", "GROUP-ID", "NAME")
_KNOWN = frozenset(
    [
        "EXTM3U",
        "EXT-X-VERSION",
        "EXT-X-INDEPENDENT-SEGMENTS",
        "EXT-X-START",
        "EXT-X-MEDIA",
        "EXT-X-STREAM-INF",
        "EXT-X-I-FRAME-STREAM-INF",
        "EXT-X-TARGETDURATION",
        "EXT-X-MEDIA-SEQUENCE",
        "EXT-X-PLAYLIST-TYPE",
        "EXT-X-I-FRAMES-ONLY",
        "EXT-X-MAP",
        "EXTINF",
        "EXT-X-BYTERANGE",
        "EXT-X-ENDLIST",
    ]
)

Attributes = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PlaylistLine:
    tag: str  # "" for a URI
    value: str


@dataclass(slots=True)
class MediaList:
    """A media playlist and its faults."""

    tags: dict[str, str] = field(default_factory=dict)
    seconds: list[Fraction] = field(default_factory=list)
    uris: list[str] = field(default_factory=list)
    ranges: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def faults_of_multivariant(text: str) -> list[str]:
    lines = list(_lines(text))
    faults = _faults_of_text(text, lines)
    media = [_attributes(line.value, faults) for line in lines if line.tag == "EXT-X-MEDIA"]
    variants = [
        (_attributes(line.value, faults), following)
        for line, following in zip(lines, [*lines[1:], PlaylistLine("", "")], strict=True)
        if line.tag == "EXT-X-STREAM-INF"
    ]
    trick = [
        _attributes(line.value, faults) for line in lines if line.tag == "EXT-X-I-FRAME-STREAM-INF"
    ]
    tags = {line.tag for line in lines}
    faults += [] if "EXT-X-INDEPENDENT-SEGMENTS" in tags else ["no EXT-X-INDEPENDENT-SEGMENTS"]
    faults += [] if variants else ["no variant"]
    for attributes, following in variants:
        faults += _faults_of_variant(attributes, media)
        faults += [] if not following.tag and following.value else ["a variant has no URI"]
    for attributes in trick:
        faults += _missing(attributes, _OF_IFRAMES, "an I-frame list")
    return faults + _faults_of_renditions(media)


def faults_of_media(
    text: str, *, duration: Fraction | None = None, frame: Fraction = Fraction(0)
) -> list[str]:
    """A VOD playlist must be as long as the video, within one frame."""
    playlist = _read_media(text)
    faults, tags = playlist.faults, playlist.tags
    required = ("EXT-X-VERSION", "EXT-X-TARGETDURATION", "EXT-X-PLAYLIST-TYPE")
    faults += [f"no {tag}" for tag in required if tag not in tags]
    faults += [] if playlist.uris else ["no segment"]
    declared = tags.get("EXT-X-TARGETDURATION", "")
    target = int(declared) if declared.isdecimal() else 0
    longest = max(playlist.seconds, default=Fraction(0))
    if longest > target + _TOLERATED_SECONDS or round(longest) > target:
        faults.append(f"a segment of {float(longest):.3f} s, longer than {target} s")
    if len(set(playlist.uris)) != len(playlist.uris):
        faults.append("a URI comes twice")
    if len(playlist.ranges) not in (0, len(playlist.uris)):
        faults.append("not every URI has its range")
    if ("EXT-X-I-FRAMES-ONLY" in tags) != bool(playlist.ranges):
        faults.append("ranges are for lists of I-frames, and those have them")
    return faults + _faults_of_end(playlist, duration, frame)


def _read_media(text: str) -> MediaList:
    lines = list(_lines(text))
    playlist = MediaList(faults=_faults_of_text(text, lines))
    length: Fraction | None = None
    for line in lines:
        if line.tag == "EXTINF":
            number = line.value.partition(",")[0]
            good = "," in line.value and _DECIMAL.fullmatch(number)
            length = Fraction(number) if good else None
        elif line.tag == "EXT-X-BYTERANGE":
            playlist.ranges.append(line.value)
            playlist.faults += [] if _BYTE_RANGE.fullmatch(line.value) else ["a range without @"]
        elif line.tag:
            playlist.faults += [f"{line.tag} comes twice"] if line.tag in playlist.tags else []
            playlist.tags[line.tag] = line.value
            if line.tag == "EXT-X-MAP":
                playlist.faults += _missing(
                    _attributes(line.value, playlist.faults), ("URI",), "a map"
                )
                playlist.faults += ["the map comes late"] if playlist.uris else []
        else:
            playlist.faults += ["a segment without a length"] if not length else []
            playlist.seconds.append(length or Fraction(0))
            playlist.uris.append(line.value)
            length = None
    return playlist


def _faults_of_end(playlist: MediaList, duration: Fraction | None, frame: Fraction) -> list[str]:
    kind, is_over = playlist.tags.get("EXT-X-PLAYLIST-TYPE"), "EXT-X-ENDLIST" in playlist.tags
    faults = [] if kind in ("VOD", "EVENT") else ["neither VOD nor EVENT"]
    faults += ["VOD without an end"] if kind == "VOD" and not is_over else []
    total = sum(playlist.seconds, Fraction(0))
    if duration is not None and abs(total - duration) > frame:
        faults.append(f"lasts {float(total):.3f} s instead of {float(duration):.3f} s")
    return faults


def _faults_of_variant(attributes: Attributes, media: list[Attributes]) -> list[str]:
    faults = _missing(attributes, _OF_VARIANTS, "a variant")
    peak, average = (attributes.get(name, "0") for name in ("BANDWIDTH", "AVERAGE-BANDWIDTH"))
    if not (peak.isdecimal() and average.isdecimal() and 0 < int(average) <= int(peak)):
        faults.append("the average is above the peak, or neither is a number")
    rate = attributes.get("FRAME-RATE", "0")
    if not _DECIMAL.fullmatch(rate) or not 0 < float(rate) <= MOST_FRAMES_PER_SECOND:
        faults.append(f"not a frame rate: {rate}")
    for kind in ("AUDIO", "SUBTITLES"):
        groups = {each.get("GROUP-ID") for each in media if each.get("TYPE") == kind}
        if kind in attributes and attributes[kind] not in groups:
            faults.append(f"no group of {kind} called {attributes[kind]}")
        if groups and kind not in attributes:
            faults.append(f"a variant without {kind}")
    return faults


def _faults_of_renditions(media: list[Attributes]) -> list[str]:
    faults: list[str] = []
    groups: dict[tuple[str | None, str | None], list[Attributes]] = {}
    for each in media:
        faults += _missing(each, (*_OF_RENDITIONS, "URI"), "a rendition")
        if each.get("DEFAULT") == "YES" and each.get("AUTOSELECT") != "YES":
            faults.append("a default that is not chosen by itself")
        groups.setdefault((each.get("TYPE"), each.get("GROUP-ID")), []).append(each)
    for (kind, group), members in groups.items():
        if len({each.get("NAME") for each in members}) != len(members):
            faults.append(f"two of {kind} {group} have one name")
        if sum(each.get("DEFAULT") == "YES" for each in members) > 1:
            faults.append(f"two of {kind} {group} are the default")
    return faults


def _lines(text: str) -> Iterator[PlaylistLine]:
    for line in filter(None, text.split("\n")):
        if not line.startswith("#"):
            yield PlaylistLine("", line)
        elif line.startswith("#EXT"):
            tag, _, value = line[1:].partition(":")
            yield PlaylistLine(tag, value)


def _faults_of_text(text: str, lines: list[PlaylistLine]) -> list[str]:
    rules: Mapping[str, Callable[[], bool]] = {
        "does not begin with #EXTM3U": lambda: text.startswith("#EXTM3U\n"),
        "does not end with a line break": lambda: text.endswith("\n"),
        "control characters": lambda: all(char >= " " or char == "\n" for char in text),
        "no version": lambda: any(line.tag == "EXT-X-VERSION" for line in lines),
        "blanks in a URI": lambda: not any(" " in x.value for x in lines if not x.tag),
    }
    unknown = {line.tag for line in lines if line.tag} - _KNOWN
    return [fault for fault, holds in rules.items() if not holds()] + [
        f"unknown tag {tag}" for tag in sorted(unknown)
    ]


def _attributes(value: str, faults: list[str]) -> Attributes:
    attributes: dict[str, str] = {}
    end = 0
    while match := _ATTRIBUTE.match(value, end):
        name, text = match.groups()
        if name in attributes or (name in _QUOTED) != text.startswith('"'):
            faults.append(f"attribute {name} is badly written")
        attributes[name] = text.strip('"')
        end = match.end()
    if end != len(value) or value.endswith(","):
        faults.append("attributes are badly written")
    return attributes


def _missing(attributes: Attributes, required: tuple[str, ...], label: str) -> list[str]:
    return [f"{label} without {name}" for name in required if not attributes.get(name)]
