"""Pictures that change their shape on the way are kept whole, in the shape of the first ones."""

from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import pytest

from tests.builders import clips
from tests.builders.published_encodes import Finished, finished

_NOTE = "Its pictures change their shape on the way; all are shown whole, in the first shape."
_WHITE = "color=white:s={size}:r=25:d=4,setsar={pixel}"
_H264, _MPEG2 = ("-c:v", "libx264", "-g", "25"), ("-c:v", "mpeg2video", "-g", "12")
_FIELDS = (*_MPEG2, "-vf", "setfield=tff", "-flags", "+ilme+ildct")
_VP8 = ("-c:v", "libvpx", "-deadline", "realtime", "-g", "25")
_LIGHT, _ROUNDING = 128, 3


def _joined(folder: Path, suffix: str, codec: tuple[str, ...], *shapes: tuple[str, str]) -> Path:
    """Lay four seconds of white in each shape end to end, by one clock."""
    parts = list[Path]()
    for number, (size, pixel) in enumerate(shapes):
        parts.append(folder / f"{number}.{suffix}")
        white = _WHITE.format(size=size, pixel=pixel)
        later = ("-output_ts_offset", str(4 * number)) if suffix == "ts" else ()
        clips.ffmpeg("-f", "lavfi", "-i", white, *codec, *later, parts[-1])
    path = folder / f"film.{suffix}"
    if suffix == "ts":
        path.write_bytes(b"".join(part.read_bytes() for part in parts))
        return path
    script = folder / "parts.txt"
    script.write_text("".join(f"file '{part}'\n" for part in parts))
    clips.ffmpeg("-f", "concat", "-safe", "0", "-i", script, "-c", "copy", path)
    return path


def _lit(made: Finished, rung: str, second: int) -> tuple[int, int]:
    """Return how many columns and lines of a picture are white in its middle."""
    with av.open(made.played(f"video/{rung}"), "r") as container:
        frames = list(container.decode(video=0))
    frame = frames[second * 25]
    grey, line = bytes(frame.planes[0]), frame.planes[0].line_size
    middle = grey[frame.height // 2 * line :][: frame.width]
    column = grey[frame.width // 2 :: line][: frame.height]
    return sum(each > _LIGHT for each in middle), sum(each > _LIGHT for each in column)


@pytest.mark.parametrize(
    ("suffix", "codec", "first", "later"),
    [
        ("ts", _H264, ("320x240", "1"), ("426x240", "1")),
        ("ts", _MPEG2, ("320x240", "1"), ("320x240", "4/3")),
        ("ts", _H264, ("320x240", "1"), ("320x240", "4/3")),
        ("ts", _MPEG2, ("320x240", "4/3"), ("640x480", "1")),
        ("ts", _FIELDS, ("320x240", "1"), ("480x256", "1")),
        ("mkv", _H264, ("320x240", "1"), ("240x320", "1")),
        ("flv", _H264, ("320x240", "1"), ("240x240", "1")),
        ("mp4", _H264, ("320x240", "1"), ("240x240", "1")),
        ("webm", _VP8, ("320x240", "1"), ("480x240", "1")),
    ],
)
def test_each_picture_keeps_its_shape(
    tmp_path: Path,
    suffix: str,
    codec: tuple[str, ...],
    first: tuple[str, str],
    later: tuple[str, str],
) -> None:
    made = finished(_joined(tmp_path, suffix, codec, first, later, first))
    assert made.report["ok"], made.report
    assert _NOTE in made.plan.notes
    for rung in made.asset.rungs:
        for shape, seconds in ((first, (0, 3, 9, 11)), (later, (5, 7))):
            ratio = _ratio(shape)
            across = min(Fraction(rung.width), rung.height * ratio)
            for second in seconds:
                lit = _lit(made, rung.name, second)
                assert abs(lit[0] - across) <= _ROUNDING, (second, lit)
                assert abs(lit[1] - across / ratio) <= _ROUNDING, (second, lit)


def _ratio(shape: tuple[str, str]) -> Fraction:
    width, height = map(int, shape[0].split("x"))
    return Fraction(width, height) * Fraction(shape[1])


def test_a_picture_that_only_grows_has_no_bars(tmp_path: Path) -> None:
    shapes = ("320x240", "1"), ("640x480", "1")
    made = finished(_joined(tmp_path, "ts", _H264, *shapes))
    assert not made.plan.picture.shapes
    assert _NOTE not in made.plan.notes
    assert all(_lit(made, "240p", second) == (320, 240) for second, _ in pairwise(range(8)))
