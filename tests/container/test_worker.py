"""The container encodes real videos, confined, with an orderly stop and a health check."""

import json
import time
from urllib.parse import urljoin

import httpx
import pytest

from tests.builders.playlists import urls_in
from tests.container.composed import Composed, output_of
from tests.integration.videos import Site, make_clip

SAMPLE = "Your first film"
LEFT = "from pathlib import Path; print(*sorted(each.name.split('-')[0] for each in \
    [*Path('/work').glob('*'), *Path('/work').glob('worker-*/*')]))"
FFMPEG = """
import json, pathlib
found = []
for process in pathlib.Path("/proc").glob("[0-9]*"):
    try:
        if b"ffmpeg" not in (process / "cmdline").read_bytes().split(b"\\0")[0]:
            continue
        status = [line.split(":\\t") for line in (process / "status").read_text().splitlines()]
        limits = [(line[:25].strip(), line[26:46].strip())
                  for line in (process / "limits").read_text().splitlines()]
        environment = (process / "environ").read_text()
    except (FileNotFoundError, ProcessLookupError):
        continue
    found.append({**dict(limits), **dict(status), "environment": environment})
print(json.dumps(found))
"""
REACHABLE = "import socket; socket.create_connection({!r}, 3); print('reached')"


@pytest.fixture(scope="module")
def videos(site: Composed) -> Site:
    return Site(site.run, patience_seconds=600)


def test_the_sample_is_encoded_and_plays(site: Composed, videos: Site) -> None:
    video = videos.finished(videos.title(SAMPLE)["id"])
    assert video["conversion_status"] == "completed"
    path = f"/video/{video['id']}/480p/index.m3u8"
    master = videos.admin.get(path).body.decode()
    media = urljoin(f"{site.run.settings.edge_url}/api{path}", urls_in(master)[0])
    playlist = httpx.get(media).text
    assert playlist.endswith("#EXT-X-ENDLIST\n")
    segment = httpx.get(urljoin(media, urls_in(playlist)[0]))
    assert segment.status_code == 200
    assert segment.content[4:8] in (b"ftyp", b"styp", b"moof")


def test_media_without_a_signature_are_refused(site: Composed, videos: Site) -> None:
    name = next(iter(videos.objects("media/")))
    assert httpx.get(f"{site.run.settings.edge_url}/media/{name}").status_code == 403


def test_only_the_source_is_left_in_the_work_folder(site: Composed) -> None:
    site.until(lambda: site.python(LEFT) == "lock pulse sources worker", "something is left")


def test_it_reaches_aws_and_nothing_else(site: Composed) -> None:
    aws = ("aws.localhost", site.run.settings.aws_port)
    assert site.python(REACHABLE.format(aws)) == "reached"
    for elsewhere in (("1.1.1.1", 443), ("deb.debian.org", 80)):
        with pytest.raises(AssertionError, match=r"OSError|gaierror|TimeoutError"):
            site.python(REACHABLE.format(elsewhere))


def test_it_can_write_only_to_its_work_folder(site: Composed) -> None:
    for folder in ("/", "/app", "/tmp", "/etc"):  # noqa: S108
        with pytest.raises(AssertionError, match="Read-only file system"):
            site.python(f"open('{folder}/mark', 'w')")
    site.python("open('/work/mark', 'w'); import os; os.remove('/work/mark')")


def test_it_has_no_capabilities(site: Composed) -> None:
    status = dict(
        line.split(":\t", 1)
        for line in site.python("print(open('/proc/1/status').read())").splitlines()
        if ":\t" in line
    )
    assert status["Uid"].split() == ["10001"] * 4
    assert {status[each] for each in ("CapEff", "CapPrm", "CapBnd")} == {"0" * 16}
    assert status["NoNewPrivs"] == "1"


def test_a_hanging_worker_is_unhealthy_until_it_continues(
    site: Composed,
) -> None:
    site.until(lambda: site.is_healthy("transcoder"), "the transcoder is not healthy")
    site.compose("kill", "--signal", "STOP", "transcoder")
    # Backdate the pulse instead of waiting.
    backdate = "import glob, os; [pulse] = glob.glob('/work/pulse-*'); os.utime(pulse, (0, {}))"
    site.python(backdate.format(time.time() - 100))
    site.until(lambda: site.health("transcoder") == "unhealthy", "it is still healthy")
    site.compose("kill", "--signal", "CONT", "transcoder")
    site.until(lambda: site.is_healthy("transcoder"), "it does not recover")


@pytest.fixture(scope="module")
def long_video(videos: Site, tmp_path_factory: pytest.TempPathFactory) -> int:
    """Drop a source that takes a while; return the id of its video."""
    source = make_clip(tmp_path_factory.mktemp("long") / "film.mp4", seconds=90, size="640x360")
    videos.drop(source, "Drama/Long.mp4")
    return int(videos.title("Long")["id"])


def test_ffmpeg_is_confined_inside_the_container(site: Composed, long_video: int) -> None:
    assert long_video
    seen: list[dict[str, str]] = []

    def look() -> object:
        seen.extend(json.loads(site.python(FFMPEG)))
        return seen

    site.until(look, "no FFmpeg runs")
    assert {each["NoNewPrivs"] for each in seen} == {"1"}
    assert {each["Max core file size"] for each in seen} == {"0"}
    assert all(each["Max address space"].isdecimal() for each in seen)
    assert all(each["Max cpu time"].isdecimal() for each in seen)
    assert not [each for each in seen if "AWS_" in each["environment"]]


def test_a_stopped_worker_returns_its_task_and_another_finishes_it(
    site: Composed, videos: Site, long_video: int
) -> None:
    site.until(lambda: '"task":"chunk"' in _log_of(site, long_video), "no chunk was made")
    first, started = site.container("transcoder"), time.monotonic()
    output_of("docker", "stop", "--time", "30", first)
    assert time.monotonic() - started < 15
    assert site.state("transcoder")["ExitCode"] == 0
    assert "task returned" in _log_of(site, long_video)
    site.compose("rm", "--force", "--volumes", "transcoder")
    site.compose("up", "--detach", "--no-build", "--no-deps", "transcoder")
    assert videos.finished(long_video)["conversion_status"] == "completed"
    assert site.container("transcoder") != first


def _log_of(site: Composed, video: int) -> str:
    lines = output_of("docker", "logs", site.container("transcoder")).splitlines()
    return "\n".join(line for line in lines if f"v{video}-" in line)
