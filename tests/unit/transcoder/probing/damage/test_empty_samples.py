"""Pictures that an MP4 lists with no bytes are missing, wherever they are."""

from pathlib import Path

import pytest

from tests.builders import clips
from tests.builders.plans import planned
from transcoder.probing.damage.empty_samples import share_of

_PICTURES, _EMPTY = 300, 15
_SIZES_AT, _BYTES = 16, 4


def _emptied(path: Path, first: int, codec: str) -> None:
    source = f"testsrc2=s=64x36:r=25:d={_PICTURES / 25:g}"
    clips.ffmpeg("-f", "lavfi", "-i", source, "-c:v", codec, path)
    data = bytearray(path.read_bytes())
    begin = data.index(b"stsz") + _SIZES_AT + _BYTES * first
    data[begin : begin + _BYTES * _EMPTY] = bytes(_BYTES * _EMPTY)
    path.write_bytes(data)


@pytest.mark.parametrize("first", [100, 260], ids=["near the begin", "after it"])
def test_empty_samples_are_missing_pictures(tmp_path: Path, first: int) -> None:
    path = tmp_path / "film.mp4"
    _emptied(path, first, "libx264")
    plan = planned(path)
    assert "Missing are 15 pictures that the index lists." in plan.notes
    assert plan.expected
    assert (sum(plan.expected.counts), plan.expected.missing) == (285, 14)
    assert plan.expected.damaged == plan.expected.missing


def test_empty_samples_may_repeat_a_picture(tmp_path: Path) -> None:
    path = tmp_path / "film.mov"
    _emptied(path, 100, "qtrle")
    plan = planned(path)
    assert plan.expected
    assert plan.expected.missing == 0
    assert not any("Missing" in note for note in plan.notes)


def test_what_is_lost_counts_by_its_share_of_all() -> None:
    assert (share_of(0, 0), share_of(0, 150), share_of(50, 150)) == (0, 0, 38)
