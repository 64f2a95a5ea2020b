"""A film is as long as what is in its file: not as its index counts, and no longer than it."""

from fractions import Fraction
from pathlib import Path

import pytest

from tests.media import clips
from tests.media.planned import planned

_FRAME = Fraction(1, 25)


def repacked(path: Path, *options: str, source: str = "tiny") -> Path:
    clips.ffmpeg("-i", clips.get(source).path, *options, path)
    return path


@pytest.mark.parametrize(
    ("codec", "channels"),
    [
        ("pcm_s16le", "1"),
        ("pcm_s16le", "2"),
        ("pcm_u8", "2"),
        ("adpcm_ms", "2"),
        ("adpcm_ima_wav", "1"),
        ("libmp3lame", "2"),
        ("mp2", "2"),
        ("ac3", "2"),
    ],
)
def test_sound_in_an_avi_is_as_long_as_it_is(tmp_path: Path, codec: str, channels: str) -> None:
    path = repacked(tmp_path / "film.avi", "-c:v", "mjpeg", "-c:a", codec, "-ac", channels)
    plan = planned(path)
    assert len(plan.asset.audio) == 1
    # Sound that begins with a delay pushes an empty picture in front.
    assert 0 <= plan.asset.grid.duration - clips.get("tiny").seconds <= _FRAME


@pytest.mark.parametrize("suffix", [".avi", ".mov", ".mkv"])
def test_uncompressed_sound_that_goes_on_after_the_picture_is_kept(
    tmp_path: Path, suffix: str
) -> None:
    path = repacked(tmp_path / f"film{suffix}", "-c:v", "mjpeg", "-c:a", "pcm_s16le",
                    source="long_sound")  # fmt: skip
    assert planned(path).asset.grid.duration == clips.get("long_sound").sound_seconds
