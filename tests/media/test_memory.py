"""The memory a task needs depends on the size of pictures, not on how long they last."""

import os
import resource
import struct
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import pytest

from chalicelib.encoding.failures import Reason
from chalicelib.encoding.plan import Plan
from tests.builders import clips
from tests.builders.plans import a_sandbox, planned, planned_as_by_a_worker
from tests.builders.published_encodes import finished
from tests.media import forgeries
from transcoder.errors import LimitReached, Refused
from transcoder.outputs.chunk import make_chunk
from transcoder.sandbox import memory
from transcoder.settings import TranscoderSettings

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux keeps a limit on memory"
)
_FAST = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")
_TIMES = ("-fps_mode", "passthrough", "-enc_time_base", "1/1000")


def clip(path: Path, picture: str, *, times: str = "PTS") -> Path:
    clips.ffmpeg("-f", "lavfi", "-i", picture, "-vf", f"setpts='{times}'", *_TIMES, *_FAST, path)
    return path


def expect_made(plan: Plan, chunk: int, source: Path, folder: Path) -> None:
    """Within the limit that follows from the plan, which holds no room for a long index here."""
    made = make_chunk(plan, chunk, str(source), sandbox=a_sandbox(folder))
    frames = plan.chunk(chunk).frames
    assert sum(file.frames for file in made.files) == frames * len(plan.asset.rungs)


@pytest.fixture(autouse=True)
def _short_index(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_INDEX_BYTES", 0)


@pytest.mark.parametrize("chunk", [0, 1])
def test_a_picture_that_is_held_for_long_costs_no_more_than_one(chunk: int, tmp_path: Path) -> None:
    source = clip(
        tmp_path / "slides.mkv", "testsrc2=s=1920x1080:r=30:d=2", times="(N/30+20*gte(N,30))/TB"
    )
    plan = planned(source)
    assert plan.asset.grid.rate == 30
    expect_made(plan, chunk, source, tmp_path / "made")


def test_a_picture_of_4k_that_is_held_for_long_costs_no_more_than_one(tmp_path: Path) -> None:
    source = clip(
        tmp_path / "slides.mkv", "testsrc2=s=3840x2160:r=5:d=1", times="(N/5+30*gte(N,3))/TB"
    )
    plan = planned(source)
    assert plan.asset.grid.rate == 5
    expect_made(plan, 1, source, tmp_path / "made")


def test_a_cover_that_is_held_while_sound_goes_on_costs_no_more_than_one(tmp_path: Path) -> None:
    cover = clip(tmp_path / "cover.mp4", "testsrc2=s=1280x720:r=25:d=0.04")
    source = tmp_path / "talk.mp4"
    clips.ffmpeg("-i", cover, "-f", "lavfi", "-i", "sine=d=200", "-c:v", "copy", "-c:a", "aac",
                 source)  # fmt: skip
    expect_made(planned(source), 1, source, tmp_path / "made")


def test_a_source_that_ends_within_a_chunk_costs_no_more_than_one_that_goes_on(
    tmp_path: Path,
) -> None:
    source = clip(tmp_path / "short.mp4", "testsrc2=s=1280x720:r=60:d=1")
    expect_made(planned(source), 0, source, tmp_path / "made")


def test_of_more_pictures_than_the_grid_takes_none_that_is_held_costs_more(tmp_path: Path) -> None:
    source = clip(
        tmp_path / "game.mkv", "testsrc2=s=1280x720:r=120:d=6", times="(N/120+4*gte(N,480))/TB"
    )
    plan = planned(source)
    assert plan.asset.grid.rate == 60
    expect_made(plan, 0, source, tmp_path / "made")


def test_every_task_keeps_to_its_limit(tmp_path: Path) -> None:
    source = tmp_path / "film.mkv"
    clips.ffmpeg("-f", "lavfi", "-i", "testsrc2=s=1920x1080:r=25:d=2,noise=alls=60:allf=t",
                 "-i", clips.get("languages").path, "-i", clips.get("subtitles").path,
                 "-map", "0:v", "-map", "1:a", "-map", "2:s", "-t", "2", "-c:a", "copy",
                 "-c:s", "copy", *_FAST, "-refs", "16", source)  # fmt: skip
    made = finished(source)
    assert made.report["ok"], made.report
    assert len(made.asset.rungs) == 5


@pytest.mark.parametrize("size", ["640x360", "1920x1080"])
def test_what_is_resident_is_within_what_the_machine_is_asked_for(
    size: str, tmp_path: Path
) -> None:
    source = tmp_path / "film.mp4"
    noise = f"testsrc2=s={size}:r=25:d=2,noise=alls=60:allf=t"
    clips.ffmpeg("-f", "lavfi", "-i", noise, *_FAST, "-refs", "16", source)
    plan = planned(source)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        taken = pool.submit(_resident_bytes, plan, source, tmp_path / "made").result()
    assert 0.3 < taken / memory.resident_of_chunk(plan) < 1


def _resident_bytes(plan: Plan, source: Path, folder: Path) -> int:
    make_chunk(plan, 0, str(source), sandbox=a_sandbox(folder))
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024


@pytest.mark.parametrize(("width", "height", "pixels"), [
    (3840, 2160, "yuv420p10le"), (7680, 4320, "yuv420p"), (7680, 4320, "yuv420p10le"),
])  # fmt: skip
def test_a_rented_machine_has_enough_for_the_largest_sources(
    width: int, height: int, pixels: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    picture = planned(clips.get("tiny").path)
    large = replace(picture.picture, width=width, height=height, pixel_format=pixels,
                    transfer="smpte2084")  # fmt: skip
    rungs = tuple(
        replace(picture.asset.rungs[0], width=16 * lines // 9, height=lines)
        for lines in (2160, 1440, 1080, 720, 480, 360, 240)
    )
    plan = replace(picture, picture=large, asset=replace(picture.asset, rungs=rungs))
    rented = TranscoderSettings().memory_bytes
    memory.require_enough(plan, rented)
    assert memory.resident_of_chunk(plan) > rented / 3


@pytest.mark.parametrize("enough", [400, 500, 600])
def test_a_program_with_too_little_memory_says_so_and_the_source_is_refused_once(
    enough: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = clip(tmp_path / "film.mp4", "testsrc2=s=1280x720:r=25:d=1")
    plan = planned(source)
    monkeypatch.setattr(memory, "of_chunk", lambda _: enough * memory.MEBIBYTE)
    with pytest.raises(LimitReached) as reached:
        make_chunk(plan, 0, str(source), sandbox=a_sandbox(tmp_path / "made"))
    assert reached.value.reason is Reason.TOO_MUCH_MEMORY


@pytest.mark.parametrize("claimed", [memory.MOST_PICTURES + 1, 30 * 24 * 3600 * 30])
def test_an_index_of_more_pictures_than_are_counted_is_refused(
    claimed: int, tmp_path: Path
) -> None:
    source = tmp_path / "claims.mp4"
    mp4 = forgeries.without_edit_lists(clips.get("tiny").path.read_bytes())
    # Far more samples than there are bytes would be corrupt.
    rest = claimed // 10
    free = struct.pack(">I4s", rest + 8, b"free") + bytes(rest)
    source.write_bytes(forgeries.with_samples(mp4, claimed) + free)
    with pytest.raises(Refused) as refusal:
        planned_as_by_a_worker(source, tmp_path)
    assert refusal.value.reason is Reason.TOO_MUCH_MEMORY
