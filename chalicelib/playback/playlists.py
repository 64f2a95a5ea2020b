"""Media playlists and storyboards as text: segments of one rendition, and tiles of sheets."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from chalicelib.catalogue import object_keys
from chalicelib.catalogue.asset import Asset, Storyboard
from chalicelib.playback.renditions import Segment

UrlOf = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Frame:
    """The header and footer values of a media playlist."""

    target_seconds: int
    init: str
    is_complete: bool


def media(segments: Sequence[Segment], frame: Frame, url_of: UrlOf) -> str:
    """Write the playlist; `url_of` returns the URI of an object by its name."""
    lines = [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        f"#EXT-X-TARGETDURATION:{frame.target_seconds}",
        "#EXT-X-MEDIA-SEQUENCE:0",
    ]
    if frame.is_complete:
        lines += ["#EXT-X-PLAYLIST-TYPE:VOD"]
    else:
        # Without a start, players would take a growing list for a live stream and begin at its end.
        lines += ["#EXT-X-PLAYLIST-TYPE:EVENT", "#EXT-X-START:TIME-OFFSET=0"]
    if any(segment.length for segment in segments):
        lines += ["#EXT-X-I-FRAMES-ONLY"]
    if frame.init:
        lines += [f'#EXT-X-MAP:URI="{url_of(frame.init)}"']
    lines += _listed(segments, url_of)
    if frame.is_complete:
        lines += ["#EXT-X-ENDLIST"]
    return "\n".join([*lines, ""])


def iframe_bandwidth(segments: Iterable[Segment]) -> int:
    """Return the highest rate of one I-frame per segment, in bits per second."""
    return max((math.ceil(8 * segment.length / segment.seconds) for segment in segments), default=0)


def _listed(segments: Sequence[Segment], url_of: UrlOf) -> Iterator[str]:
    # A video has about a thousand segments of two or three lengths.
    lengths = {segment.seconds for segment in segments}
    spelled = {seconds: f"#EXTINF:{seconds:.6f}," for seconds in lengths}
    for segment in segments:
        yield spelled[segment.seconds]
        if segment.length:
            yield f"#EXT-X-BYTERANGE:{segment.length}@0"
        yield url_of(segment.name)


def storyboard(asset: Asset, board: Storyboard, url_of: UrlOf) -> str:
    """Write one cue per segment; `url_of` returns the URI of a sheet by its name."""
    return "\n\n".join(["WEBVTT", *_cues(asset, board, url_of), ""])


def _cues(asset: Asset, board: Storyboard, url_of: UrlOf) -> Iterator[str]:
    tiles_per_sheet = board.columns * board.rows
    begins = Fraction(0)
    for segment in range(asset.grid.segments):
        ends = begins + asset.grid.segment_seconds(segment)
        sheet, tile = divmod(segment, tiles_per_sheet)
        row, column = divmod(tile, board.columns)
        tile_area = (
            f"{column * board.tile_width},{row * board.tile_height},"
            f"{board.tile_width},{board.tile_height}"
        )
        uri = url_of(object_keys.storyboard_sheet(sheet))
        yield f"{_time(begins)} --> {_time(ends)}\n{uri}#xywh={tile_area}"
        begins = ends


def _time(seconds: Fraction) -> str:
    milliseconds = round(seconds * 1000)
    minutes, rest = divmod(milliseconds, 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{rest // 1000:02d}.{rest % 1000:03d}"
