"""Side data of the source's pictures end before the encoder: headers and files hold none of it."""

import struct
from pathlib import Path

import pytest

from tests.builders import clips
from tests.builders.plans import a_sandbox, planned
from tests.builders.published_encodes import finished
from transcoder.outputs.chunk import make_chunk
from transcoder.outputs.pictures import make_pictures

_BRIGHTNESS = (
    "master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50)"
    ":max-cll=1000,400"
)
_X265 = f"-c:v libx265 -preset ultrafast -x265-params log-level=none:repeat-headers=1:{_BRIGHTNESS}"
_PQ = "-pix_fmt yuv420p10le -color_primaries bt2020 -color_trc smpte2084 -colorspace bt2020nc"
_X264 = "-c:v libx264 -preset veryfast -x264-params"
_KINDS = {
    "brightness": f"{_X265} -tag:v hvc1",
    "brightness of HDR": f"{_X265} {_PQ} -tag:v hvc1",
    "brightness of H.264": f"{_X264} {_BRIGHTNESS.replace('max-cll', 'cll')}".replace(
        "master-display", "mastering-display"
    ),
    "two views": f"{_X264} frame-packing=3",
}
_BOXES = (b"mdcv", b"clli", b"st3d", b"sv3d", b"dvvC", b"amve")
_APP2, _PROFILE = b"\xff\xe2", b"ICC_PROFILE\0\1\1" + bytes(128)


def _source(kind: str, folder: Path) -> Path:
    path = folder / "source.mp4"
    clips.ffmpeg("-i", clips.get("silent").path, *_KINDS[kind].split(), path)
    return path


@pytest.mark.parametrize("kind", _KINDS)
def test_chunks_of_pictures_with_side_data_share_one_header_without_it(
    tmp_path: Path, kind: str
) -> None:
    made = finished(_source(kind, tmp_path))
    assert made.report["ok"], made.report
    assert made.plan.chunk_count == 2
    files = {name: data for name, data in made.objects.items() if name.endswith(".mp4")}
    assert any(name.endswith("init.mp4") for name in files)
    assert {box for data in files.values() for box in _BOXES if box in data} == set()


def test_a_second_attempt_at_a_chunk_with_side_data_makes_the_same_bytes(tmp_path: Path) -> None:
    path = _source("brightness of HDR", tmp_path)
    plan = planned(path)
    first, second = (
        make_chunk(plan, 0, str(path), sandbox=a_sandbox(tmp_path / name)) for name in ("1", "2")
    )
    assert first == second


def test_pictures_of_a_source_with_a_colour_profile_hold_none(tmp_path: Path) -> None:
    still, path = tmp_path / "still.jpg", tmp_path / "source.mkv"
    clips.ffmpeg("-i", clips.get("tiny").path, "-frames:v", "1", "-pix_fmt", "yuvj420p", still)
    data = still.read_bytes()
    segment = _APP2 + struct.pack(">H", len(_PROFILE) + 2) + _PROFILE
    still.write_bytes(data[:2] + segment + data[2:])
    clips.ffmpeg("-loop", "1", "-i", still, "-c", "copy", "-t", "2", path)
    assert _PROFILE in path.read_bytes()
    make_pictures(planned(path), str(path), sandbox=a_sandbox(tmp_path / "made"))
    pictures = [each.read_bytes() for each in (tmp_path / "made").rglob("*.jpg")]
    assert pictures
    assert not any(_PROFILE[:11] in each for each in pictures)
