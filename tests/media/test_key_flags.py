"""Chunks begin at key pictures: also where others are called so, or where seeks find others."""

import subprocess
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from tests.builders import clips, encoded_clips
from tests.builders.plans import planned
from tests.media.gallery.files import make
from tests.media.gallery.model import Entry, Family, Master
from tests.media.gallery.surgery import flagged_as_keys
from tests.media.gallery.writing import clip
from transcoder.ffmpeg.pictures import candidates

# Two chunks, and a key picture in the middle of each.
_MASTER = Master(frames=300, width=176, height=144)
_KEYS = 110
_OPTIONS = f"-an -q:v 3 -g {_KEYS} -sc_threshold 1000000000"
_CODECS = ("mpeg4", "h263", "flv1", "msmpeg4v2", "msmpeg4", "wmv1", "wmv2", "libtheora")
_REFRESHED = "-an -c:v libx264 -bf 0 -pix_fmt yuv420p -x264-params intra-refresh=1:keyint=48"


def _clip(options: str, suffix: str = "avi", master: Master = _MASTER) -> Entry:
    return clip(Family.LIES, "clip", "a clip", suffix, options, master=master)


def _numbers(path: Path) -> list[int]:
    plan = planned(path)
    made = encoded_clips.encoded(plan, path, path.parent / "made")
    return clips.numbers(made.joined(f"video/{plan.asset.rungs[0].name}"))


@pytest.mark.parametrize("codec", _CODECS)
def test_an_index_that_calls_each_picture_a_key_one_is_not_believed(
    codec: str, tmp_path: Path
) -> None:
    source = _clip(f"-c:v {codec} {_OPTIONS}")
    path = make(replace(source, change=flagged_as_keys), tmp_path)
    assert _numbers(path) == list(range(300))


@pytest.mark.parametrize("codec", ["libvpx", "libvpx-vp9"])
def test_a_decoder_that_waits_for_a_true_key_picture_complains_of_no_damage(
    codec: str, tmp_path: Path
) -> None:
    source = _clip(f"-an -c:v {codec} -cpu-used 8 -deadline realtime -g {_KEYS}")
    path = make(replace(source, change=flagged_as_keys), tmp_path)
    plan = planned(path)
    made = encoded_clips.encoded(plan, path, tmp_path / "made")
    assert plan.picture.is_searchable
    assert [report.errors for report in made.reports] == [0] * len(made.reports)


@pytest.mark.parametrize("codec", _CODECS)
def test_an_honest_index_is_believed(codec: str, tmp_path: Path) -> None:
    path = make(_clip(f"-c:v {codec} {_OPTIONS}", "mkv"), tmp_path)
    assert planned(path).picture.is_searchable


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "ts"])
def test_a_refresh_is_through_when_a_chunk_begins(suffix: str, tmp_path: Path) -> None:
    path = make(_clip(_REFRESHED, suffix, replace(_MASTER, frames=350)), tmp_path)
    assert _numbers(path) == list(range(350))


@pytest.mark.parametrize("codec", ["mpeg4", "mpeg4 -bf 2", "libxvid"])
@pytest.mark.parametrize("suffix", ["ts", "mpg"])
def test_a_chunk_begins_at_a_key_picture_where_a_seek_finds_another_one(
    suffix: str, codec: str, tmp_path: Path
) -> None:
    path = make(_clip(f"-c:v {codec} {_OPTIONS}", suffix), tmp_path)
    assert planned(path).picture.is_searchable
    assert _numbers(path) == list(range(300))


@pytest.mark.parametrize("suffix", ["ts", "mpg"])
def test_a_key_picture_long_before_a_chunk_is_reached(suffix: str, tmp_path: Path) -> None:
    options = "-an -c:v mpeg4 -q:v 3 -g 600 -sc_threshold 1000000000"
    path = make(_clip(options, suffix, replace(_MASTER, frames=700)), tmp_path)
    assert _numbers(path) == list(range(700))


def test_no_poster_is_chosen_before_a_key_picture(tmp_path: Path) -> None:
    options = "-an -c:v mpeg4 -q:v 3 -g 600 -sc_threshold 1000000000"
    path = make(_clip(options, "ts", replace(_MASTER, frames=400)), tmp_path)
    picture = planned(path).picture
    for begin, is_any in ((Fraction(14), False), (Fraction(2), True)):
        folder = tmp_path / str(begin)
        folder.mkdir()
        command = candidates(
            picture, str(path), begin=picture.start + begin, seconds=1, sizes={"hero": (64, 36)}
        )
        subprocess.run(command, cwd=folder, check=False, capture_output=True)
        assert any(each.stat().st_size for each in folder.iterdir()) == is_any
