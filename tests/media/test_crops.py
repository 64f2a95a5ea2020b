"""Pictures that a Matroska crops are published as players show them."""

from pathlib import Path

import av
import pytest

from tests.builders import clips
from tests.builders.plans import a_sandbox, planned
from tests.builders.published_encodes import finished
from tests.media.gallery.surgery import clean_within, cropped_by, sized
from transcoder.errors import Refused
from transcoder.outputs.pictures import make_pictures

# Its place in the header is used for the crop.
_COLOURS = "setparams=range=tv:colorspace=smpte170m:color_primaries=smpte170m:color_trc=smpte170m"
_RIM = f"pad=iw+32:ih+22:24:12:red,{_COLOURS}"
_SIDES = (24, 12, 8, 10)
_KINDS = {
    "progressive": ("mkv", f"-vf {_RIM} -c:v libx264 -pix_fmt yuv420p"),
    "interlaced": ("mkv", f"-vf {_RIM} -c:v libx264 -flags +ilme+ildct -x264-params tff=1"),
    "webm": (
        "webm",
        f"-vf {_RIM} -c:v libvpx -deadline realtime -cpu-used -8 -b:v 1M -pix_fmt yuv420p",
    ),
}


def _cropped(folder: Path, kind: str, *sides: int) -> Path:
    suffix, options = _KINDS[kind]
    path = folder / f"source.{suffix}"
    clip = clips.get("tiny").path
    clips.ffmpeg("-i", clip, "-an", *options.split(), path)
    path.write_bytes(cropped_by(*sides)(path.read_bytes()))
    return path


@pytest.mark.parametrize("kind", _KINDS)
def test_what_a_matroska_crops_is_not_seen(tmp_path: Path, kind: str) -> None:
    path, clip = _cropped(tmp_path, kind, *_SIDES), clips.get("tiny")
    made = finished(path)
    assert made.report["ok"], made.report
    rung = made.asset.rungs[0]
    assert (rung.width, rung.height) == (clip.width, clip.height)
    assert clips.numbers(made.played(f"video/{rung.name}")) == list(range(clip.frames))


@pytest.mark.parametrize("is_agreed", [True, False])
def test_what_an_mp4_crops_is_not_seen_if_its_track_is_as_small(
    tmp_path: Path, is_agreed: bool
) -> None:
    path, clip = tmp_path / "source.mp4", clips.get("tiny")
    options = f"-an -vf {_RIM} -c:v libx264 -pix_fmt yuv420p -movflags +faststart"
    clips.ffmpeg("-i", clip.path, *options.split(), path)
    data = clean_within(clip.width, clip.height, right=8, down=1)(path.read_bytes())
    path.write_bytes(sized(clip.width, clip.height)(data) if is_agreed else data)
    made = finished(path)
    assert made.report["ok"], made.report
    rung = made.asset.rungs[0]
    left, top = (32, 22) if not is_agreed else (0, 0)
    assert (rung.width, rung.height) == (clip.width + left, clip.height + top)
    if is_agreed:
        assert clips.numbers(made.played(f"video/{rung.name}")) == list(range(clip.frames))


# IMX as broadcasters store it: lines of the blanking interval above the picture.
_IMX = "-c:v mpeg2video -pix_fmt yuv422p -g 0 -q:v 3 -flags +ildct -c:a pcm_s16le -ar 48000"
_BLANKED = "rows are taken for lines of the blanking interval and not shown."


@pytest.mark.parametrize("suffix", ["mxf", "mkv"])
@pytest.mark.parametrize(("height", "stored"), [(576, 608), (486, 512)])
def test_the_blanking_interval_of_imx_is_not_seen(
    tmp_path: Path, suffix: str, height: int, stored: int
) -> None:
    path, clip = tmp_path / f"source.{suffix}", clips.get("tiny")
    frame = f"scale=720:{height},pad=720:{stored}:0:{stored - height}:red,setdar=4/3,setfield=tff"
    clips.ffmpeg("-i", clip.path, "-vf", frame, *_IMX.split(), path)
    made = finished(path)
    assert made.report["ok"], made.report
    rung, seen = made.asset.rungs[0], planned(path)
    assert [note for note in seen.notes if _BLANKED in note]
    assert (rung.width, rung.height) == (640, 480)
    assert clips.numbers(made.played(f"video/{rung.name}")) == [*range(clip.frames)]
    make_pictures(seen, str(path), sandbox=a_sandbox(tmp_path))
    for media in (made.played(f"video/{rung.name}"), str(tmp_path / "poster.jpg")):
        with av.open(media, "r") as container:
            first = next(container.decode(video=0)).reformat(format="rgb24")
        red, green = (bytes(first.planes[0])[colour : 3 * 640 : 3] for colour in (0, 1))
        assert sum(red) - sum(green) < 640 * 20


@pytest.mark.parametrize("height", [608, 512])
def test_a_picture_of_the_size_of_imx_with_square_pixels_is_seen_whole(
    tmp_path: Path, height: int
) -> None:
    path = tmp_path / "source.mkv"
    frame = f"scale=720:{height},setsar=1"
    clips.ffmpeg("-i", clips.get("tiny").path, "-vf", frame, *_IMX.split(), path)
    seen = planned(path)
    assert seen.picture.cropped_size == (720, height)
    assert seen.picture.pixel_aspect == 1
    assert not [note for note in seen.notes if _BLANKED in note]


# The second is that of the cropped rows if all of them are 4:3.
@pytest.mark.parametrize("shape", ["4/3", "38/27"])
def test_the_blanking_interval_that_a_matroska_crops_is_cropped_once(
    tmp_path: Path, shape: str
) -> None:
    path = tmp_path / "source.mkv"
    frame = f"scale=720:576,pad=720:608:0:32:red,setdar={shape},setfield=tff,{_COLOURS}"
    clips.ffmpeg("-i", clips.get("tiny").path, "-an", "-vf", frame, *_IMX.split(), path)
    path.write_bytes(cropped_by(0, 32, 0, 0)(path.read_bytes()))
    seen = planned(path)
    assert seen.picture.cropped_size == (720, 576)
    assert not [note for note in seen.notes if _BLANKED in note]


def test_stills_show_the_same_part(tmp_path: Path) -> None:
    path = _cropped(tmp_path, "progressive", *_SIDES)
    make_pictures(planned(path), str(path), sandbox=a_sandbox(tmp_path))
    (number,) = clips.numbers(tmp_path / "poster.jpg")
    assert 0 <= number < clips.get("tiny").frames


def test_a_crop_of_everything_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="corrupt"):
        planned(_cropped(tmp_path, "progressive", 255, 0, 255, 0))
