"""Media playlists of HTTP Live Streaming as text: the segments of one rendition, in order."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from chalicelib.playback.renditions import Segment


@dataclass(frozen=True, slots=True)
class Urls:
    """URLs that differ by a name."""

    before: str
    after: str

    def of(self, name: str) -> str:
        return f"{self.before}{name}{self.after}"


@dataclass(frozen=True, slots=True)
class PlaylistFrame:
    """The header and footer values of a media playlist."""

    target_seconds: int
    init: str
    is_complete: bool


def media(segments: Sequence[Segment], frame: PlaylistFrame, urls: Urls) -> str:
    """Write the playlist, with the URLs of segments."""
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
        lines += [f'#EXT-X-MAP:URI="{urls.of(frame.init)}"']
    lines += _listed(segments, urls)
    if frame.is_complete:
        lines += ["#EXT-X-ENDLIST"]
    return "\n".join([*lines, ""])


def iframe_bandwidth(segments: Iterable[Segment]) -> int:
    """Return the highest rate of one I-frame per segment, in bits per second."""
    return max((math.ceil(8 * segment.length / segment.seconds) for segment in segments), default=0)


def _listed(segments: Sequence[Segment], urls: Urls) -> Iterator[str]:
    # A video has about a thousand segments of two or three lengths.
    lengths = {segment.seconds for segment in segments}
    spelled = {seconds: f"#EXTINF:{seconds:.6f}," for seconds in lengths}
    for segment in segments:
        yield spelled[segment.seconds]
        if segment.length:
            yield f"#EXT-X-BYTERANGE:{segment.length}@0"
        yield urls.of(segment.name)
