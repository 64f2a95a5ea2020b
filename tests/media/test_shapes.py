"""Pictures that change their shape on the way are kept whole, and none loses its lines."""

from fractions import Fraction
from pathlib import Path

import av
import pytest

from tests.builders import clips
from tests.builders.published_encodes import Finished, finished

_NOTE = "Its pictures change their shape on the way; all are shown whole, in the first shape."
_LONGEST = "Its pictures change their shape; all are shown whole, in the shape that lasts longest."
_MOMENT = "Some of its pictures are larger, for a moment; they are scaled down."
_WHITE = "color=white:s={size}:r=25:d=4,setsar={pixel}"
_H264, _MPEG2 = ("-c:v", "libx264", "-g", "25"), ("-c:v", "mpeg2video", "-g", "12")
_FIELDS = (*_MPEG2, "-vf", "setfield=tff", "-flags", "+ilme+ildct")
_VP8 = ("-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "-8", "-g", "25")
_VP9 = ("-c:v", "libvpx-vp9", "-deadline", "realtime", "-g", "25")
_LIGHT, _ROUNDING = 128, 3


def _joined(
    folder: Path,
    suffix: str,
    codec: tuple[str, ...],
    *shapes: tuple[str, str],
    last_seconds: int = 4,
) -> Path:
    """Lay four seconds of white in each shape end to end, by one clock."""
    parts = list[Path]()
    for number, (size, pixel) in enumerate(shapes):
        parts.append(folder / f"{number}.{suffix}")
        white = _WHITE.format(size=size, pixel=pixel)
        later = ("-output_ts_offset", str(4 * number)) if suffix == "ts" else ()
        lasting = ("-t", str(last_seconds)) if number == len(shapes) - 1 else ()
        clips.ffmpeg("-f", "lavfi", "-i", white, *lasting, *codec, *later, parts[-1])
    path = folder / f"film.{suffix}"
    if suffix in ("ts", "h264"):
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


@pytest.mark.parametrize(
    ("suffix", "codec", "first", "later"),
    [
        ("webm", _VP8, "160x90", "640x360"),
        ("ts", _H264, "320x180", "854x480"),
        ("ts", _MPEG2, "320x240", "640x480"),
        ("mkv", _VP9, "640x360", "320x180"),
        ("h264", _H264, "320x180", "640x360"),
    ],
)
def test_a_size_that_comes_later_is_not_lost(
    tmp_path: Path, suffix: str, codec: tuple[str, ...], first: str, later: str
) -> None:
    made = finished(_joined(tmp_path, suffix, codec, (first, "1"), (later, "1")))
    assert made.report["ok"], made.report
    assert not made.plan.picture.shapes
    assert _NOTE not in made.plan.notes
    width, height = max(tuple(map(int, size.split("x"))) for size in (first, later))
    rung = made.asset.rungs[0]
    assert (rung.width, rung.height) == (width, height)
    assert (made.plan.picture.width, made.plan.picture.height) == (width, height)
    assert all(_lit(made, rung.name, second) == (width, height) for second in (0, 3, 5, 7))


def test_the_shape_that_lasts_longest_has_no_bars(tmp_path: Path) -> None:
    wide = "640x360", "1"
    made = finished(_joined(tmp_path, "webm", _VP8, ("320x240", "1"), wide, wide))
    assert made.report["ok"], made.report
    assert _LONGEST in made.plan.notes
    rung = made.asset.rungs[0]
    assert (rung.width, rung.height) == (640, 360)
    assert all(_lit(made, rung.name, second) == (640, 360) for second in (5, 11))
    across, down = _lit(made, rung.name, 1)
    assert abs(across - 480) <= _ROUNDING
    assert down == 360


def test_a_moment_of_larger_pictures_does_not_enlarge_all(tmp_path: Path) -> None:
    wide, larger = ("640x360", "1"), ("800x600", "1")
    made = finished(_joined(tmp_path, "webm", _VP8, wide, wide, wide, wide, larger, last_seconds=1))
    assert made.report["ok"], made.report
    assert made.plan.notes == (_NOTE, _MOMENT)
    rung = made.asset.rungs[0]
    assert (rung.width, rung.height) == (640, 360)
    assert _lit(made, rung.name, 15) == (640, 360)
    assert _lit(made, rung.name, 16) == (480, 360)
    # Memory and time are limited by the largest picture, in the shape of the video.
    picture = made.plan.picture
    assert (picture.width, picture.height) == (800, 600)
    assert picture.width * picture.pixel_aspect / picture.height == Fraction(16, 9)
