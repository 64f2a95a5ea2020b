"""What the measurements compare with: what a person would type, and nothing of our own."""

import itertools
import json
import shlex
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from chalicelib.catalogue.asset import Grid
from chalicelib.encoding.plan import Plan
from tests.bench import plain, rows
from tests.bench.rows import Row, count, together
from tests.builders.assets import RUNGS
from tests.builders.reports import PLAN as FINISHED
from transcoder.ffmpeg.chunk import chunk_command

GRID = Grid(Fraction(30), frames=1800, frames_per_gop=60, gops_per_segment=3)
PLAN: Plan = replace(FINISHED, asset=replace(FINISHED.asset, grid=GRID, rungs=RUNGS))
SOURCE = Path("/films/a film.mkv")
ROW = Row("transcode.wall", 12.0, 10.0, 1.0, unit="s", floor_is=["ffmpeg", "-i", "a film.mkv"])


def values(command: list[str], option: str) -> list[str]:
    return [after for word, after in itertools.pairwise(command) if word == option]


def test_the_floor_is_one_ffmpeg_that_decodes_once_and_encodes_every_rung() -> None:
    command = plain.whole_video(PLAN, SOURCE)
    assert command[0] == "ffmpeg"
    assert values(command, "-i") == [str(SOURCE)]
    [graph] = values(command, "-filter_complex")
    assert graph.startswith("[0:v]split=3[in0][in1][in2];[in0]scale=1920:1080[out0];")
    assert values(command, "-map") == ["[out0]", "[out1]", "[out2]", "0:a:0"]


def test_the_floor_encodes_to_the_same_quality_and_limits_in_the_same_groups() -> None:
    command = plain.whole_video(PLAN, SOURCE)
    assert values(command, "-preset") == ["fast"] * 3
    assert values(command, "-crf") == [str(rung.crf) for rung in RUNGS]
    assert values(command, "-maxrate") == [f"{rung.maxrate_kbps}k" for rung in RUNGS]
    assert values(command, "-bufsize") == [f"{rung.bufsize_kbps}k" for rung in RUNGS]
    assert values(command, "-g") == ["60"] * 3


def test_the_floor_has_none_of_the_flags_that_only_we_need() -> None:
    words = set(plain.whole_video(PLAN, SOURCE))
    ours = chunk_command(PLAN, PLAN.chunk(0), str(SOURCE), seek=None)
    only_ours = {"-x264-params", "-threads", "-copyts", "-debug_ts", "-fps_mode", "-fflags"}
    assert only_ours & set(ours)
    assert words.isdisjoint(only_ours | {"-sws_flags", "-flags", "-filter_threads"})
    assert not [word for word in words if "lanczos" in word or "bitexact" in word]


def test_the_floor_of_the_first_picture_is_six_seconds_of_the_two_lowest_rungs() -> None:
    command = plain.first_picture(PLAN, SOURCE)
    assert values(command, "-t") == ["6"]
    [graph] = values(command, "-filter_complex")
    assert graph == "[0:v]split=2[in0][in1];[in0]scale=1280:720[out0];[in1]scale=854:480[out1]"
    assert values(command, "-crf") == [str(rung.crf) for rung in RUNGS[-2:]]


def test_a_source_without_sound_needs_none_of_the_floor() -> None:
    silent = replace(PLAN, asset=replace(PLAN.asset, audio=()))
    assert "aac" not in plain.whole_video(silent, SOURCE)


def test_the_command_of_a_floor_can_be_pasted_into_a_shell() -> None:
    command = plain.whole_video(PLAN, SOURCE)
    text = replace(ROW, floor_is=command).floor_command
    assert shlex.split(text) == command
    assert "'/films/a film.mkv'" in text


@pytest.mark.parametrize(
    ("row", "ok"),
    [
        (ROW, False),
        (replace(ROW, goal=1.2), True),
        (replace(ROW, grace=2), True),
        (replace(ROW, grace=1.9), False),
        (count("calls.list", 0, 0), True),
        (count("calls.list", 1, 0), False),
    ],
)
def test_a_goal_is_a_multiple_of_the_floor_and_what_is_granted_beyond(row: Row, ok: bool) -> None:
    assert row.is_good is ok


def test_what_is_kept_is_value_floor_ratio_goal_and_whether_it_is_met(tmp_path: Path) -> None:
    path = tmp_path / "bench.json"
    rows.write([ROW], path)
    rows.write([replace(ROW, name="transcode.cpu", value=5.0)], path)
    kept = json.loads(path.read_text())
    assert kept["transcode.wall"] == {
        "value": 12.0, "floor": 10.0, "ratio": 1.2, "goal": 1.0, "ok": False,
    }  # fmt: skip
    assert kept["transcode.cpu"]["ok"] is True


def test_several_sources_are_compared_as_if_they_were_one() -> None:
    whole = together("transcode.wall", [ROW, replace(ROW, value=4.0, floor=10.0)], "both")
    assert (whole.value, whole.floor, whole.ratio, whole.is_good) == (16.0, 20.0, 0.8, True)
