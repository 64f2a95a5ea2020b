"""A sound begins behind what the codec delay of a Matroska trims, unless that is a usual one."""

from fractions import Fraction
from pathlib import Path

import pytest

from tests.builders import clips
from tests.builders.published_encodes import finished

_DELAY, _BYTES = bytes.fromhex("56aa84"), 4
# What FFmpeg writes for AAC: 1024 samples.
_USUAL = 21_333_333


@pytest.mark.parametrize(
    ("nanoseconds", "begins"),
    [(_USUAL, Fraction(-21, 1000)), (500_000_000, Fraction(0))],
    ids=["usual", "half a second"],
)
def test_sound_that_is_trimmed_is_neither_awaited_nor_damage(
    tmp_path: Path, nanoseconds: int, begins: Fraction
) -> None:
    path = tmp_path / "film.mkv"
    source = ("-f", "lavfi", "-i", "color=s=64x36:r=25:d=2", "-f", "lavfi", "-i", "sine=r=48000")
    clips.ffmpeg(*source, "-t", "2", "-c:v", "libx264", "-c:a", "aac", path)
    data = path.read_bytes()
    usual = _DELAY + _USUAL.to_bytes(_BYTES)
    assert data.count(usual) == 1
    path.write_bytes(data.replace(usual, _DELAY + nanoseconds.to_bytes(_BYTES)))
    encode = finished(path)
    (times,) = encode.plan.sounds
    assert times
    assert (times.begins, encode.plan.picture.lead_frames) == (begins, 0)
    assert "ound" not in str(encode.report["notes"])
