"""Colours that the container alone declares are followed as those of the pictures are."""

import io
from pathlib import Path

import av
import pytest

from tests.builders import clips
from tests.builders.published_encodes import finished

_UNLABELLED = "setparams=range=unknown:colorspace=unknown:color_primaries=unknown:color_trc=unknown"
# Primaries, transfer and matrix, as their numbers and by FFmpeg's names, and the range.
_PQ = (9, 16, 9, "bt2020", "smpte2084", "bt2020nc", "tv")
_FULL = (1, 1, 1, "bt709", "bt709", "bt709", "pc")
_FULL_PQ = (9, 16, 9, "bt2020", "smpte2084", "bt2020nc", "pc")

Label = tuple[int, int, int, str, str, str, str]


def _unlabelled(folder: Path) -> Path:
    path = folder / "unlabelled.mp4"
    options = f"-an -vf {_UNLABELLED} -c:v libx265 -preset ultrafast -x265-params log-level=none"
    clips.ffmpeg("-i", clips.get("tiny").path, *options.split(), "-tag:v", "hvc1", path)
    return path


def _by_container(label: Label, suffix: str, folder: Path) -> Path:
    primaries, transfer, matrix, extent = label[3:]
    path = folder / f"container.{suffix}"
    options = (
        f"-c copy -color_primaries {primaries} -color_trc {transfer} -colorspace {matrix}"
        f" -color_range {extent}"
    )
    clips.ffmpeg("-i", _unlabelled(folder), *options.split(), path)
    return path


def _by_pictures(label: Label, folder: Path) -> Path:
    primaries, transfer, matrix = label[:3]
    path = folder / "pictures.mkv"
    labels = (
        f"hevc_metadata=colour_primaries={primaries}:transfer_characteristics={transfer}"
        f":matrix_coefficients={matrix}:video_full_range_flag={int(label[-1] == 'pc')}"
    )
    clips.ffmpeg("-i", _unlabelled(folder), "-c", "copy", "-bsf:v", labels, path)
    return path


@pytest.mark.parametrize(
    ("codec", "is_black"),
    [
        ("prores_ks -profile:v 4444", True),
        ("png", True),
        ("cfhd -pix_fmt gbrap12le", True),
        # Its fourth channel may be zero in opaque pictures, too.
        ("qtrle", False),
    ],
)
def test_what_transparent_pictures_hide_is_black(
    codec: str, is_black: bool, tmp_path: Path
) -> None:
    source = tmp_path / "transparent.mov"
    hidden = "format=yuva444p10le,geq=lum=800:cb=512:cr=512:a='if(gt(X,W/2),0,1023)'"
    clips.ffmpeg("-f", "lavfi", "-i", f"color=white:s=64x64:d=2,{hidden}", *f"-c:v {codec}".split(),
                 source)  # fmt: skip
    made = finished(source)
    assert made.report["ok"], made.report
    note = "Where its pictures are transparent, they are shown on black."
    assert (note in made.plan.notes) == is_black
    pictures = [made.played(f"video/{made.asset.rungs[0].name}")]
    pictures += [
        io.BytesIO(data)
        for name, data in made.objects.items()
        if name.endswith(".jpg") and "storyboard" not in name
    ]
    assert len(pictures) > 1
    for each in pictures:
        with av.open(each, "r") as container:
            frame = next(container.decode(video=0)).reformat(format="gray")
            row = bytes(frame.planes[0])[: frame.width]
            assert row[frame.width // 8] > 150
            assert (row[-frame.width // 8] < 40) == is_black


def _first(source: Path) -> list[bytes]:
    made = finished(source)
    assert made.report["ok"], made.report
    with av.open(made.played(f"video/{made.asset.rungs[0].name}"), "r") as container:
        return [bytes(plane) for plane in next(container.decode(video=0)).planes]


@pytest.mark.parametrize("suffix", ["mp4", "mkv"])
@pytest.mark.parametrize("label", [_PQ, _FULL, _FULL_PQ], ids=["pq", "full", "full pq"])
def test_colours_of_the_container_are_those_of_unlabelled_pictures(
    tmp_path: Path, label: Label, suffix: str
) -> None:
    labelled = _first(_by_pictures(label, tmp_path))
    assert _first(_by_container(label, suffix, tmp_path)) == labelled
    assert _first(_unlabelled(tmp_path)) != labelled


@pytest.mark.parametrize("transfer", [16, 18], ids=["pq", "hlg"])
def test_pictures_of_high_dynamic_range_have_the_range_that_they_declare(
    tmp_path: Path, transfer: int
) -> None:
    names = ("bt2020", "", "bt2020nc")
    full, limited = (
        _first(_by_pictures((9, transfer, 9, *names, extent), tmp_path)) for extent in ("pc", "tv")
    )
    assert full != limited


@pytest.mark.parametrize(
    ("transfer", "matrix"), [(18, 10), (16, 14), (1, 11), (1, 14), (1, 15)],
    ids=["hlg bt2020c", "pq ictcp", "smpte2085", "ictcp", "ipt-c2"],
)  # fmt: skip
def test_a_matrix_that_no_filter_converts_is_no_damage(
    tmp_path: Path, transfer: int, matrix: int
) -> None:
    made = finished(_by_pictures((9, transfer, matrix, "bt2020", "", "unknown", "tv"), tmp_path))
    assert made.report["ok"], made.report
    is_noted = any("not followed" in note for note in made.plan.notes)
    assert is_noted == (matrix != 10)


def test_a_matrix_of_the_container_that_scale_lacks_is_not_followed(
    tmp_path: Path,
) -> None:
    label = (9, 14, 10, "bt2020", "bt2020-10", "bt2020c", "tv")
    plan = finished(_by_container(label, "mp4", tmp_path)).plan
    assert plan.picture.container_matrix == ""


@pytest.mark.parametrize("matrix", [8, 10, 12], ids=["ycgco", "bt2020c", "chroma-derived-nc"])
def test_a_matrix_that_ffmpeg_scales_by_another_filter_is_no_damage(
    tmp_path: Path, matrix: int
) -> None:
    label = (9, 14, matrix, "bt2020", "bt2020-10", "unknown", "tv")
    assert _first(_by_pictures(label, tmp_path)) != _first(_unlabelled(tmp_path))


def test_pictures_know_better_than_their_container(tmp_path: Path) -> None:
    by_pictures, both = _by_pictures(_PQ, tmp_path), tmp_path / "both.mp4"
    labels = "-c copy -color_primaries bt709 -color_trc bt709 -colorspace bt709 -color_range pc"
    clips.ffmpeg("-i", by_pictures, *labels.split(), both)
    assert _first(both) == _first(by_pictures)
