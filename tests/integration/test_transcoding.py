"""From a dropped file to a video that plays, whatever happens to the workers on the way."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import imageio_ffmpeg
import pytest

from chalicelib.encoding.task_queues import TaskQueue
from tests.integration.supervised import LocalRun
from tests.integration.videos import Site, make_clip

KILLS = 10

_MP4_FILES = ("mp4/film.mp4", "mp4/film_240p.mp4", "mp4/film_120p.mp4")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    local_run = LocalRun.at(tmp_path_factory.mktemp("films") / "data", WORKERS="2")
    with local_run.running() as run:
        yield Site(run)


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_clip(tmp_path_factory.mktemp("sources") / "film.mp4", seconds=40)


@pytest.fixture(scope="module")
def undisturbed(site: Site, clip: Path) -> Any:
    """The video as it is when nothing goes wrong."""
    site.drop(clip, "Drama/Undisturbed.MP4")
    video = site.finished(site.title("Undisturbed")["id"])
    assert video["conversion_status"] == "completed", video
    site.publish(video["id"])
    return video


def media(site: Site, video: int, revision: int = 1) -> dict[str, str]:
    return site.objects(f"media/{video}/{revision}/")


def test_a_dropped_source_becomes_a_draft_with_its_name_and_category(undisturbed: Any) -> None:
    assert (undisturbed["title"], undisturbed["category"]) == ("Undisturbed", "Drama")
    assert undisturbed["duration"] == pytest.approx(40, abs=0.05)
    assert undisturbed["progress"] == 100


def test_its_proof_is_there_for_administrators(site: Site, undisturbed: Any) -> None:
    report = site.admin.get(f"/video/{undisturbed['id']}/conformance/").json
    assert report["ok"]
    assert len(report["checks"]) > 10
    assert all(check["ok"] for check in report["checks"])


def test_its_pictures_are_public(undisturbed: Any) -> None:
    for name in ("thumbnail_url", "poster_url", "hero_url"):
        answer = httpx.get(undisturbed[name])
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "image/jpeg"


def test_ffmpeg_plays_it_from_the_edge(site: Site, undisturbed: Any, tmp_path: Path) -> None:
    """A client that is none of ours, and sends no cookie for the media."""
    cookies = "; ".join(f"{name}={value}" for name, value in site.admin.cookies.items())
    address = f"{site.run.api_url}/api/video/{undisturbed['id']}/master.m3u8"
    frames = tmp_path / "frames.txt"
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(),
        *("-v", "error", "-headers", f"Cookie: {cookies}\r\n", "-i", address),
        *("-map", "0:v:0", "-map", "0:a:0", "-f", "framemd5", str(frames)),
    ]
    subprocess.run(command, check=True, timeout=120)
    lines = [line for line in frames.read_text().splitlines() if not line.startswith("#")]
    assert sum(1 for line in lines if line.startswith("0,")) == 1000
    samples = sum(int(line.split(",")[3]) for line in lines if line.startswith("1,"))
    assert 40 * 48_000 <= samples < 40 * 48_000 + 1024


def test_media_without_a_signature_are_refused(site: Site, undisturbed: Any) -> None:
    name = f"/media/{undisturbed['id']}/1/video/240p/init.mp4"
    assert httpx.get(site.run.settings.edge_url + name).status_code == 403


def test_workers_that_are_killed_change_nothing(site: Site, clip: Path, undisturbed: Any) -> None:
    """SIGKILL at ten random moments of one encode: the same bytes as ever."""
    patience = _impatient_queues(site, seconds=4)
    site.drop(clip, "Drama/Disturbed.mp4")
    video = site.title("Disturbed")["id"]
    for _ in range(KILLS):
        time.sleep(random.uniform(0.2, 1.5))  # noqa: S311
        _kill_a_worker(site)
    done = site.finished(video)
    patience(60)
    assert done["conversion_status"] == "completed", done
    assert _settled(site, video) == _settled(site, undisturbed["id"])


def test_tasks_that_are_done_twice_change_nothing(site: Site, clip: Path, undisturbed: Any) -> None:
    """With so short a patience, every message is handed out again while it is being worked on."""
    patience = _impatient_queues(site, seconds=1)
    site.drop(clip, "Drama/Twice.mp4")
    done = site.finished(site.title("Twice")["id"])
    patience(60)
    assert done["conversion_status"] == "completed", done
    assert _settled(site, done["id"]) == _settled(site, undisturbed["id"])


def test_what_is_no_video_fails_with_its_reason_and_the_queue_moves_on(site: Site) -> None:
    site.drop(b"#!/bin/sh\necho this is no film\n", "Drama/Script.mp4")
    failed = site.finished(site.title("Script")["id"])
    assert failed["failure"] == {
        "code": "not_video",
        "text": "This file is not a video: please choose another file. It is a document.",
    }


def test_a_source_can_be_dropped_by_a_command(site: Site, clip: Path) -> None:
    command = [sys.executable, "-m", "infra.local.drop", str(clip), "Drama/By command.mp4"]
    environment = dict(site.run.settings.variables)
    printed = subprocess.run(
        command, check=True, env=environment, capture_output=True, text=True
    ).stdout
    assert f"to {site.run.api_url}, whose data are in {site.run.settings.data}" in printed
    assert "Drama/By command.mp4 is in the inbox" in printed
    printed = subprocess.run(
        command, check=True, env=environment, capture_output=True, text=True
    ).stdout
    assert "was in the inbox already, byte for byte; its draft stays as it is" in printed
    assert site.admin.delete(f"/video/{site.title('By command')['id']}/").status == 200


def test_the_command_says_what_is_wrong(site: Site) -> None:
    command = [sys.executable, "-m", "infra.local.drop", "no-such-film.mp4"]
    done = subprocess.run(
        command, check=False, env=dict(site.run.settings.variables), capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "There is no file no-such-film.mp4." in done.stderr


def test_progress_tells_how_far_it_is(site: Site, clip: Path) -> None:
    site.drop(clip, "Drama/Watched.mp4")
    video = site.title("Watched")["id"]
    seen: list[Any] = []

    def over() -> bool:
        seen.append(site.admin.get(f"/video/{video}/progress/").json)
        return bool(seen[-1]["stage"] == "done")

    site.until(over, "never done")
    percents = [each["percent"] for each in seen]
    assert percents == sorted(percents)
    assert percents[-1] == 100
    assert {"encoding", "done"} <= {each["stage"] for each in seen}


def _settled(site: Site, video: int) -> dict[str, str]:
    """All objects of a video, once its files to download are there as well."""
    rungs = len(site.admin.get(f"/video/{video}/conformance/").json["checks"])
    assert rungs
    site.until(lambda: {*_MP4_FILES} <= {*media(site, video)}, "no MP4")
    return media(site, video)


def _impatient_queues(site: Site, *, seconds: int) -> Any:
    sqs = site.run.client("sqs")
    urls = [sqs.get_queue_url(QueueName=f"videoflix-{each}")["QueueUrl"] for each in TaskQueue]

    def patience(value: int) -> None:
        for url in urls:
            sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": str(value)})

    patience(seconds)
    return patience


def _kill_a_worker(site: Site) -> None:
    workers = site.run.pids_of("infra.local.worker")
    if workers:
        os.kill(random.choice(workers), signal.SIGKILL)  # noqa: S311
