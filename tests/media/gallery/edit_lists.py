"""Edit lists of an MP4: which parts of a track are presented, in which order."""

import struct
from collections.abc import Callable, Sequence
from fractions import Fraction

from tests.media import forgeries
from tests.media.gallery.surgery import later

# How long a part lasts, from which second of the media on it is (nothing for an empty edit), and
# how fast it goes.
Edit = tuple[Fraction | int, Fraction | int | None, int]
_ONE, _PICTURE = 1 << 16, b"vide"


def edited_to(
    picture: Sequence[Edit],
    sound: Sequence[Edit] | None = None,
    *,
    second: Sequence[Edit] | None = None,
) -> Callable[[bytes], bytes]:
    """Write other edits into an MP4 whose index comes first.

    Sound, and a second picture, have those of the picture.
    """

    def change(data: bytes) -> bytes:
        edits = {_PICTURE: [picture, second or picture], b"soun": [sound or picture]}
        made, grown = _written(data, edits)
        return later(grown, made)

    return change


def _written(data: bytes, edits: dict[bytes, list[Sequence[Edit]]]) -> tuple[bytes, int]:
    scales, kinds = list[int](), list[bytes]()

    def look(kind: bytes, inside: bytes) -> bytes:
        if kind == b"mdhd":
            scales.append(int.from_bytes(inside[12:16]))
        if kind == b"mvhd":
            scales.insert(0, int.from_bytes(inside[12:16]))
        if kind == b"hdlr" and inside[8:12] in edits:
            kinds.append(inside[8:12])
        return inside

    forgeries.rebuilt(data, look)
    of_movie, tracks = scales[0], iter(zip(kinds, scales[1:], strict=True))

    def change(kind: bytes, inside: bytes) -> bytes:
        if kind != b"edts":
            return inside
        described, scale = next(tracks)
        begins = int.from_bytes(inside[20:24])
        of_kind = edits[described]
        of_track = of_kind.pop(0) if len(of_kind) > 1 else of_kind[0]
        entries = [
            struct.pack(
                ">IiI",
                int(lasts * of_movie),
                -1 if media is None else begins + int(media * scale),
                rate * _ONE,
            )
            for lasts, media, rate in of_track
        ]
        listed = struct.pack(">II", 0, len(entries)) + b"".join(entries)
        return struct.pack(">I4s", len(listed) + 8, b"elst") + listed

    made = forgeries.rebuilt(data, change)
    return made, len(made) - len(data)
