"""What an encode costs from the upload on, beside the plain FFmpeg that a person would type."""

import contextlib
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import imageio_ffmpeg

from chalicelib.catalogue.model import Revision, VideoId
from chalicelib.encoding.model import Source
from chalicelib.encoding.plan import Plan
from tests.bench import plain
from tests.bench.plain import Cost
from tests.bench.rows import Row, together
from tests.bench.sources import Clip, clips, still
from tests.integration.supervised import LocalRun
from tests.integration.videos import Site
from transcoder.planning import make_plan
from transcoder.sandbox.runner import Sandbox
from transcoder.settings import TranscoderSettings

SECONDS = 60
_SHORT, _LONG = 2 * 60, 60 * 60
_CROWD, _CROWD_SECONDS = 50, 2
_OURS = ("infra.local.api", "infra.local.pump", "infra.local.worker", "infra.local.edge")
_TICKS = os.sysconf("SC_CLK_TCK")
_ANEW = {"wall": 1.00, "cpu": 0.97}
_KEPT = {"wall": 0.50, "cpu": 0.50}


def rows(seconds: int = SECONDS) -> Iterator[Row]:
    measured: list[Row] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        local_run = LocalRun.at(folder / "data", WORKERS=str(os.cpu_count() or 1))
        with local_run.running() as run:
            site = Site(run, patience_seconds=3600)
            for clip in clips(folder, seconds):
                for row in _whole_clip(site, clip):
                    measured.append(row)
                    yield row
            yield _length(site, folder)
            yield from _crowd(site, folder)
    yield from _all(measured)


def _whole_clip(site: Site, clip: Clip) -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plan, program = _plan(clip.path, folder), imageio_ffmpeg.get_ffmpeg_exe()
        begin, everything = plain.first_picture(plan, clip.path), plain.whole_video(plan, clip.path)
        first_floor = plain.timed(begin, folder, program)
        floor = plain.timed(everything, folder, program)
        read = _reading(clip.path)
    first, whole = _made(site, clip)
    kind, goals = ("transcode.kept", _KEPT) if clip.can_be_kept else ("transcode", _ANEW)
    costs = {"wall": (whole.wall, floor.wall), "cpu": (whole.cpu, floor.cpu)}
    for what, (value, least) in costs.items():
        name = f"{kind}.{what}.{clip.label}"
        yield Row(name, value, least, goals[what], unit="s", floor_is=everything)
    if clip.can_be_kept:
        name, copy = f"first_picture.kept.{clip.label}", f"cat {clip.path.name} > /dev/null"
        yield Row(name, first.wall, read, 1, grace=3, unit="s", floor_is=copy)
    else:
        name = f"first_picture.wall.{clip.label}"
        yield Row(name, first.wall, first_floor.wall, 1.25, grace=2, unit="s", floor_is=begin)


def _all(measured: list[Row]) -> Iterator[Row]:
    for name in ("transcode.wall", "transcode.cpu", "transcode.kept.wall", "transcode.kept.cpu"):
        yield _sum(name, measured)
    for name in ("first_picture.wall", "first_picture.kept"):
        yield _sum(name, measured)


def _sum(name: str, measured: list[Row]) -> Row:
    return together(
        name,
        [row for row in measured if row.name.startswith(f"{name}.")],
        "the commands above, one after the other",
    )


def _length(site: Site, folder: Path) -> Row:
    """The first picture of a long video against that of a short one."""
    times = {}
    for seconds in (_SHORT, _LONG):
        source = still(folder / f"{seconds}.mp4", seconds)
        times[seconds] = _first_picture(site, source, f"still {seconds}")
    floor = f"the same for {_SHORT // 60} minutes instead of {_LONG // 60}"
    return Row("first_picture.length", times[_LONG], times[_SHORT], 1.1, unit="s", floor_is=floor)


def _crowd(site: Site, folder: Path) -> Iterator[Row]:
    """Many short videos at once, and one more behind them, beside one that is alone."""
    source = still(folder / "crowd.mp4", _CROWD_SECONDS)
    alone, _ = _dropped(site, source, ["alone"], "alone")
    names = [f"crowd {number}" for number in range(_CROWD)]
    first, behind = _dropped(site, source, [*names, "latecomer"], "latecomer")
    floor = f"one film of {_CROWD_SECONDS} s by itself, until it is complete"
    yield Row("bulk.first_done", first, alone, 1.5, unit="s", floor_is=floor)
    floor = f"{_CROWD + 1} such films, one after another"
    yield Row("bulk.first_picture", behind, alone * (_CROWD + 1), 1, unit="s", floor_is=floor)


def _dropped(site: Site, source: Path, names: Sequence[str], last: str) -> tuple[float, float]:
    """Return when the first of these videos was complete, and when the last could be watched."""
    site.rest()
    first = behind = 0.0
    started = time.monotonic()

    def drop() -> None:
        for name in names:
            site.drop(source, f"Bench/{name}.mp4")

    # The first may be complete while others are still being uploaded.
    dropping = threading.Thread(target=drop)
    dropping.start()
    while not (first and behind):
        listed = site.admin.get("/video/?include=drafts&text=plain").json
        ours = {each["title"]: each for each in listed if each["title"] in names}
        passed = time.monotonic() - started
        if any(each["conversion_status"] == "completed" for each in ours.values()):
            first = first or passed
        if last in ours and site.admin.get(_detail(ours[last]["id"])).json["playable"]:
            behind = behind or passed
        assert passed < site.patience_seconds, ours
        time.sleep(0.2)
    dropping.join()
    for each in ours.values():
        site.admin.delete(f"/video/{each['id']}/")
    return first, behind


def _made(site: Site, clip: Clip) -> tuple[Cost, Cost]:
    """Give the clip to the site; return when it could be watched, and when it was complete."""
    before = _cpu_seconds(site)
    site.drop(clip.path, f"Bench/{clip.label} film{clip.path.suffix}")
    started = time.monotonic()
    video = site.title(f"{clip.label} film")["id"]
    site.until(lambda: site.admin.get(_detail(video)).json["playable"], "not playable")
    first = Cost(time.monotonic() - started)
    done = site.finished(video)
    wall = time.monotonic() - started
    assert done["conversion_status"] == "completed", done
    return first, Cost(wall, _cpu_seconds(site) - before)


def _first_picture(site: Site, source: Path, name: str) -> float:
    site.rest()
    site.drop(source, f"Bench/{name}.mp4")
    started = time.monotonic()
    video = site.title(name)["id"]
    site.until(lambda: site.admin.get(_detail(video)).json["playable"], "not playable")
    took = time.monotonic() - started
    site.admin.delete(f"/video/{video}/")
    return took


def _detail(video: int) -> str:
    return f"/video/{video}/?include=drafts"


def _plan(source: Path, folder: Path) -> Plan:
    """Which rungs there will be, and how they are encoded."""
    return make_plan(
        VideoId(1),
        Revision(1),
        Source("film", "etag", source.stat().st_size),
        str(source),
        sandbox=Sandbox(folder, threading.Event()),
        settings=TranscoderSettings(),
    )


def _reading(source: Path) -> float:
    started = time.monotonic()
    with source.open("rb") as file, open(os.devnull, "wb") as nowhere:  # noqa: PTH123
        shutil.copyfileobj(file, nowhere)
    return time.monotonic() - started


def _cpu_seconds(site: Site) -> float:
    """What our programs and all they started and waited for have used; not the emulated AWS."""
    used = 0.0
    for pid in site.run.pids_of(*_OURS):
        with contextlib.suppress(FileNotFoundError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            used += sum(map(int, fields[11:15])) / _TICKS
    return used
