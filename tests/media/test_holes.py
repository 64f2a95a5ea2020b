"""Zeros in an AVI: what is left is folder at its own time, and the rest is damage."""

from dataclasses import replace
from fractions import Fraction
from io import BytesIO
from pathlib import Path

import pytest

from tests.builders import clips
from tests.builders.finished_encodes import finish_encode
from tests.builders.plans import planned

_OPTIONS = {"mjpeg": ("-c:v", "mjpeg", "-q:v", "3"), "mpeg4": ("-c:v", "mpeg4", "-g", "12")}


def with_zeros(path: Path, begin: float, end: float) -> Path:
    data = path.read_bytes()
    first, last = int(len(data) * begin), int(len(data) * end)
    zeroed = path.with_name(f"zeros{path.suffix}")
    zeroed.write_bytes(data[:first] + bytes(last - first) + data[last:])
    return zeroed


@pytest.mark.parametrize("codec", _OPTIONS)
def test_pictures_of_an_avi_behind_zeros_come_at_their_times(codec: str, tmp_path: Path) -> None:
    whole = tmp_path / "whole.avi"
    clips.ffmpeg("-i", clips.get("plain").path, "-an", *_OPTIONS[codec], whole)
    path = with_zeros(whole, 0.4, 0.5)
    plan = planned(path)
    assert plan.picture.follows_index
    ((begin, end),) = plan.zeros
    assert Fraction(1) < end - begin < Fraction(2)
    made = finish_encode(replace(clips.get("plain"), path=path), plan, tmp_path / "made")
    folder = tmp_path / "made" / "video" / plan.asset.rungs[-1].name
    parts = (folder / "init.mp4", *sorted(folder.glob("*.m4s")))
    numbers = clips.numbers(BytesIO(b"".join(each.read_bytes() for each in parts)))
    rate = plan.asset.grid.rate
    assert numbers[: int(begin * rate) - 1] == list(range(int(begin * rate) - 1))
    # The next key picture is up to half a second later.
    late = int((end + Fraction(1, 2)) * rate) + 1
    assert numbers[late:] == list(range(late, 325))
    proof = made.proof()
    assert {check.name for check in proof.checks if not check.ok} == set()
    assert 0.87 < proof.decodable.pictures < 0.93


def test_a_hole_behind_a_clock_that_starts_again_is_damage(tmp_path: Path) -> None:
    path = tmp_path / "part.ts"
    clips.ffmpeg("-i", clips.get("tiny").path, "-c", "copy", path)
    part, path = path.read_bytes(), tmp_path / "joined.ts"
    begin, end = len(part) * 3 // 10 // 188 * 188, len(part) * 8 // 10 // 188 * 188
    path.write_bytes(part + part[:begin] + bytes(end - begin) + part[end:])
    plan = planned(path)
    assert plan.picture.clock
    assert len(plan.zeros) == 1
    assert plan.zeros[0][0] > clips.get("tiny").seconds


def test_an_avi_says_itself_how_many_pictures_it_lacks(tmp_path: Path) -> None:
    path = tmp_path / "cut.avi"
    clips.ffmpeg("-i", clips.get("plain").path, *_OPTIONS["mpeg4"], "-c:a", "libmp3lame", path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    (note,) = (note for note in planned(path).notes if note.startswith("The file ends at"))
    assert note.endswith(" of 13.0 s; the rest is missing.")


def test_a_source_of_one_picture_is_called_that(tmp_path: Path) -> None:
    path = tmp_path / "one.mp4"
    clips.ffmpeg("-i", clips.get("tiny").path, "-an", "-frames:v", "1", path)
    assert "It holds one picture." in planned(path).notes


def test_a_single_gap_does_not_make_pictures_uneven(tmp_path: Path) -> None:
    path = tmp_path / "gap.mkv"
    drop = ("-bsf:v", "noise=amount=0:drop='between(n,30,35)'")
    clips.ffmpeg("-i", clips.get("tiny").path, "-an", "-c:v", "libx264", "-bf", "0", *drop, path)
    assert not any("unevenly" in note for note in planned(path).notes)
