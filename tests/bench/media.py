"""What a film costs from its arrival on, beside the plain FFmpeg that a person would type."""

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
from tests.bench.sources import Film, films, still
from tests.integration.films import Site
from tests.integration.supervised import Place
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
        place = Place.at(folder / "data", WORKERS=str(os.cpu_count() or 1))
        with place.running() as run:
            site = Site(run, patience_seconds=3600)
            for film in films(folder, seconds):
                for row in _whole_film(site, film):
                    measured.append(row)
                    yield row
            yield _length(site, folder)
            yield from _crowd(site, folder)
    yield from _all(measured)


def _whole_film(site: Site, film: Film) -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plan, program = _plan(film.path, folder), imageio_ffmpeg.get_ffmpeg_exe()
        begin, everything = plain.first_picture(plan, film.path), plain.whole_film(plan, film.path)
        first_floor = plain.timed(begin, folder, program)
        floor = plain.timed(everything, folder, program)
        read = _reading(film.path)
    first, whole = _made(site, film)
    kind, goals = ("transcode.kept", _KEPT) if film.can_be_kept else ("transcode", _ANEW)
    costs = {"wall": (whole.wall, floor.wall), "cpu": (whole.cpu, floor.cpu)}
    for what, (value, least) in costs.items():
        name = f"{kind}.{what}.{film.label}"
        yield Row(name, value, least, goals[what], unit="s", floor_is=everything)
    if film.can_be_kept:
        name, told = f"first_picture.kept.{film.label}", f"cat {film.path.name} > /dev/null"
        yield Row(name, first.wall, read, 1, grace=3, unit="s", floor_is=told)
    else:
        name = f"first_picture.wall.{film.label}"
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
    """The first picture of a long film against that of a short one."""
    times = {}
    for seconds in (_SHORT, _LONG):
        film = still(folder / f"{seconds}.mp4", seconds)
        times[seconds] = _first_picture(site, film, f"still {seconds}")
    told = f"the same for {_SHORT // 60} minutes instead of {_LONG // 60}"
    return Row("first_picture.length", times[_LONG], times[_SHORT], 1.1, unit="s", floor_is=told)


def _crowd(site: Site, folder: Path) -> Iterator[Row]:
    """Many short films at once, and one more behind them, beside one that is alone."""
    film = still(folder / "crowd.mp4", _CROWD_SECONDS)
    alone, _ = _dropped(site, film, ["alone"], "alone")
    names = [f"crowd {number}" for number in range(_CROWD)]
    first, behind = _dropped(site, film, [*names, "latecomer"], "latecomer")
    told = f"one film of {_CROWD_SECONDS} s by itself, until it is complete"
    yield Row("bulk.first_done", first, alone, 1.5, unit="s", floor_is=told)
    told = f"{_CROWD + 1} such films, one after another"
    yield Row("bulk.first_picture", behind, alone * (_CROWD + 1), 1, unit="s", floor_is=told)


def _dropped(site: Site, film: Path, names: Sequence[str], last: str) -> tuple[float, float]:
    """Return when the first of these films was complete, and when the last could be watched."""
    site.rest()
    first = behind = 0.0
    started = time.monotonic()

    def drop() -> None:
        for name in names:
            site.drop(film, f"Bench/{name}.mp4")

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


def _made(site: Site, film: Film) -> tuple[Cost, Cost]:
    """Give the film to the site; return when it could be watched, and when it was complete."""
    before = _cpu_seconds(site)
    site.drop(film.path, f"Bench/{film.label} film{film.path.suffix}")
    started = time.monotonic()
    video = site.title(f"{film.label} film")["id"]
    site.until(lambda: site.admin.get(_detail(video)).json["playable"], "not playable")
    first = Cost(time.monotonic() - started)
    done = site.finished(video)
    wall = time.monotonic() - started
    assert done["conversion_status"] == "completed", done
    return first, Cost(wall, _cpu_seconds(site) - before)


def _first_picture(site: Site, film: Path, name: str) -> float:
    site.rest()
    site.drop(film, f"Bench/{name}.mp4")
    started = time.monotonic()
    video = site.title(name)["id"]
    site.until(lambda: site.admin.get(_detail(video)).json["playable"], "not playable")
    took = time.monotonic() - started
    site.admin.delete(f"/video/{video}/")
    return took


def _detail(video: int) -> str:
    return f"/video/{video}/?include=drafts"


def _plan(film: Path, folder: Path) -> Plan:
    """Which rungs there will be, and how they are encoded."""
    return make_plan(
        VideoId(1),
        Revision(1),
        Source("film", "etag", film.stat().st_size),
        str(film),
        sandbox=Sandbox(folder, threading.Event()),
        settings=TranscoderSettings(),
    )


def _reading(film: Path) -> float:
    started = time.monotonic()
    with film.open("rb") as source, open(os.devnull, "wb") as nowhere:  # noqa: PTH123
        shutil.copyfileobj(source, nowhere)
    return time.monotonic() - started


def _cpu_seconds(site: Site) -> float:
    """What our programs and all they started and waited for have used; not the emulated AWS."""
    used = 0.0
    for pid in site.run.pids_of(*_OURS):
        with contextlib.suppress(FileNotFoundError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            used += sum(map(int, fields[11:15])) / _TICKS
    return used
