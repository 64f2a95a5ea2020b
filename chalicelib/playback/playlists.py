"""Media playlists of HTTP Live Streaming as text: the pieces of one rendition, in order."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from chalicelib.playback.renditions import Piece

Address = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around the pieces."""

    target_seconds: int
    init: str
    is_complete: bool


def media(pieces: Sequence[Piece], frame: Frame, address: Address) -> str:
    """List the pieces; `address` makes the URI of an object from its name."""
    lines = [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        f"#EXT-X-TARGETDURATION:{frame.target_seconds}",
        "#EXT-X-MEDIA-SEQUENCE:0",
    ]
    if frame.is_complete:
        lines += ["#EXT-X-PLAYLIST-TYPE:VOD"]
    else:
        # Players would take a growing list for a broadcast, and begin at its end.
        lines += ["#EXT-X-PLAYLIST-TYPE:EVENT", "#EXT-X-START:TIME-OFFSET=0"]
    if any(piece.length for piece in pieces):
        lines += ["#EXT-X-I-FRAMES-ONLY"]
    if frame.init:
        lines += [f'#EXT-X-MAP:URI="{address(frame.init)}"']
    lines += _listed(pieces, address)
    if frame.is_complete:
        lines += ["#EXT-X-ENDLIST"]
    return "\n".join([*lines, ""])


def iframe_bandwidth(pieces: Iterable[Piece]) -> int:
    """The highest rate of one picture per piece, in bits per second."""
    return max((math.ceil(8 * piece.length / piece.seconds) for piece in pieces), default=0)


def _listed(pieces: Sequence[Piece], address: Address) -> Iterator[str]:
    # A film has a thousand pieces of two or three lengths.
    lengths = {piece.seconds for piece in pieces}
    spelled = {seconds: f"#EXTINF:{seconds:.6f}," for seconds in lengths}
    for piece in pieces:
        yield spelled[piece.seconds]
        if piece.length:
            yield f"#EXT-X-BYTERANGE:{piece.length}@0"
        yield address(piece.name)
