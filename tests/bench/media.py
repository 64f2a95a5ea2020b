"""What a film costs from its arrival on, beside one bare FFmpeg that does the same encoding."""

import contextlib
import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg

from chalicelib.catalogue.model import Revision, VideoId
from chalicelib.transcoding.model import Source
from chalicelib.transcoding.plan import Chunk, Plan
from tests.bench.rows import Row
from tests.integration.films import Site
from tests.integration.supervised import Place
from transcoder.ffmpeg.audio import audio_command
from transcoder.ffmpeg.chunk import chunk_command
from transcoder.planning import make_plan
from transcoder.sandbox import Sandbox
from transcoder.settings import TranscoderSettings

_INPUTS = {"1080p30": ("1920x1080", 30), "720p25": ("1280x720", 25)}
_SECONDS = 60
_SHORT, _LONG = 2 * 60, 60 * 60
_OURS = ("infra.local.api", "infra.local.pump", "infra.local.worker", "infra.local.edge")
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Cost:
    wall: float
    cpu: float = 0


def rows() -> Iterator[Row]:
    workers = str(os.cpu_count() or 1)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        place = Place.at(folder / "data", WORKERS=workers)
        with place.running() as run:
            site = Site(run, patience_seconds=3600)
            for label, (size, rate) in _INPUTS.items():
                yield from _whole_film(site, _moving(folder / f"{label}.mp4", size, rate), label)
            yield _length(site, folder)


def _whole_film(site: Site, film: Path, label: str) -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as name:
        bare = Bare(film, Path(name))
        first_floor = bare.first_chunk()
        floor = bare.whole_film()
    first, whole = _made(site, film, label)
    yield Row(f"transcode.wall.{label}", whole.wall, floor.wall, 1.15, unit="s")
    yield Row(f"transcode.cpu.{label}", whole.cpu, floor.cpu, 1.10, unit="s")
    yield Row(f"first_picture.wall.{label}", first.wall, first_floor.wall, 1.25, grace=2, unit="s")


def _length(site: Site, folder: Path) -> Row:
    """The first picture of a long film against that of a short one."""
    times = {}
    for seconds in (_SHORT, _LONG):
        film = _still(folder / f"{seconds}.mp4", seconds)
        times[seconds] = _first_picture(site, film, f"still {seconds}")
    return Row("first_picture.length", times[_LONG], times[_SHORT], 1.2, unit="s")


def _made(site: Site, film: Path, name: str) -> tuple[Cost, Cost]:
    """Give the film to the site; return when it could be watched, and when it was complete."""
    before = _cpu_seconds(site)
    site.drop(film, f"Bench/{name}.mp4")
    started = time.monotonic()
    video = site.title(name)["id"]
    site.until(lambda: site.admin.get(_detail(video)).json["playable"], "not playable")
    first = Cost(time.monotonic() - started)
    done = site.finished(video)
    wall = time.monotonic() - started
    assert done["conversion_status"] == "completed", done
    return first, Cost(wall, _cpu_seconds(site) - before)


def _first_picture(site: Site, film: Path, name: str) -> float:
    site.drop(film, f"Bench/{name}.mp4")
    started = time.monotonic()
    video = site.title(name)["id"]
    site.until(lambda: site.admin.get(_detail(video)).json["playable"], "not playable")
    took = time.monotonic() - started
    site.admin.delete(f"/video/{video}/")
    return took


def _detail(video: int) -> str:
    return f"/video/{video}/?include=drafts"


@dataclass(frozen=True)
class Bare:
    """FFmpeg with our settings and nothing around it."""

    film: Path
    folder: Path

    def plan(self) -> Plan:
        source = Source("film", "etag", self.film.stat().st_size)
        sandbox = Sandbox(self.folder, threading.Event())
        return make_plan(
            VideoId(1),
            Revision(1),
            source,
            str(self.film),
            sandbox=sandbox,
            settings=TranscoderSettings(),
        )

    def first_chunk(self) -> Cost:
        plan = self.plan()
        return self._run([chunk_command(plan, plan.chunk(0), str(self.film), seek=None)])

    def whole_film(self) -> Cost:
        plan, grid = self.plan(), self.plan().asset.grid
        everything = Chunk(0, 0, grid.segments, 0, grid.frames, plan.picture.start)
        sound = [
            audio_command(plan, track, str(self.film), gain_db=0) for track in plan.asset.audio
        ]
        return self._run([chunk_command(plan, everything, str(self.film), seek=None), *sound])

    def _run(self, commands: Sequence[Sequence[str]]) -> Cost:
        for name in ("making", "tiles"):
            (self.folder / name).mkdir(exist_ok=True)

        def run(command: Sequence[str]) -> None:
            subprocess.run(command, cwd=self.folder, check=True, capture_output=True)

        before = _children_seconds()
        started = time.monotonic()
        with ThreadPoolExecutor(len(commands)) as pool:
            list(pool.map(run, commands))
        return Cost(time.monotonic() - started, _children_seconds() - before)


def _children_seconds() -> float:
    times = os.times()
    return times.children_user + times.children_system


def _cpu_seconds(site: Site) -> float:
    """What our programs and all they started and waited for have used; not the emulated AWS."""
    used = 0.0
    for pid in site.run.pids_of(*_OURS):
        with contextlib.suppress(FileNotFoundError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            used += sum(map(int, fields[11:15])) / _TICKS
    return used


def _moving(path: Path, size: str, rate: int) -> Path:
    """Moving and detailed: something that an encoder has to work on."""
    picture = f"testsrc2=s={size}:r={rate}:d={_SECONDS}"
    return _generated(path, picture, _SECONDS)


def _still(path: Path, seconds: int) -> Path:
    """As long as need be, and small: the emulator has to read all of a file for any part of it."""
    return _generated(path, f"smptehdbars=s=640x360:r=25:d={seconds}", seconds)


def _generated(path: Path, picture: str, seconds: int) -> Path:
    tone = f"aevalsrc=0.3*sin(2*PI*330*t):s=48000:d={seconds}"
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(),
        *("-v", "error", "-y", "-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", tone),
        *("-c:v", "libx264", "-preset", "ultrafast", "-crf", "20", "-g", "50", "-c:a", "aac"),
        *("-movflags", "+faststart", str(path)),
    ]
    subprocess.run(command, check=True)
    return path
