"""From a source in the inbox to frames: S3, SQS, Lambda, Step Functions, and real workers."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any
from urllib.parse import urlsplit

import httpx
import imageio_ffmpeg
import pytest

from tests.browser import Browser
from tests.deploy.conftest import Packaged
from tests.deploy.emulated_account import running, serving
from tests.integration.supervised import PASSWORD
from tests.integration.videos import Videos, make_clip
from tests.integration.wire import Address

SECONDS, RATE = 8, 25


@pytest.fixture(scope="module")
def edge(packaged: Packaged, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The local edge in front of API Gateway, in place of CloudFront."""
    settings, address = packaged.emulated.settings, packaged.address
    variables = {
        "API_URL": f"http://127.0.0.1:{address.port}{address.before}",
        "EDGE_CACHE": str(tmp_path_factory.mktemp("edge")),
        "EDGE_CACHE_BYTES": str(10**8),
    }
    with serving(packaged.emulated, "infra.local.edge", settings.edge_port, **variables):
        yield settings.edge_url


@pytest.fixture(scope="module")
def site(packaged: Packaged, edge: str) -> Videos:
    emulated = packaged.emulated
    admin = {"SUPERUSER_EMAIL": "admin@videoflix.test", "SUPERUSER_PASSWORD": PASSWORD}
    subprocess.run(
        [sys.executable, "-m", "infra.local.administrator_account"],
        cwd=emulated.settings.root,
        env={**emulated.programs_environment, **admin},
        check=True,
    )
    return Videos(emulated, Address(urlsplit(edge).port or 0), patience_seconds=120)


@pytest.fixture(scope="module")
def video(site: Videos, packaged: Packaged, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A video that was dropped, encoded and published."""
    folder = tmp_path_factory.mktemp("films")
    folders = {"WORK_FOLDER": str(folder / "work"), "SOURCE_CACHE": str(folder / "sources")}
    with ExitStack() as stack:
        stack.enter_context(running(packaged.emulated, "infra.local.worker", **folders))
        site.drop(make_clip(folder / "film.mp4", seconds=SECONDS), "Drama/Deployed.mp4")
        encoded = site.finished(site.title("Deployed")["id"])
    assert encoded["conversion_status"] == "completed", encoded
    site.publish(encoded["id"])
    return encoded


def test_a_dropped_source_becomes_a_video(video: Any) -> None:
    assert (video["title"], video["category"], video["progress"]) == ("Deployed", "Drama", 100)


def test_it_plays_from_api_gateway_and_the_edge(site: Videos, video: Any, edge: str) -> None:
    cookies = "; ".join(f"{name}={value}" for name, value in site.admin.cookies.items())
    address = f"{edge}/api/video/{video['id']}/master.m3u8"
    done = subprocess.run(
        [
            imageio_ffmpeg.get_ffmpeg_exe(),
            *("-v", "error", "-headers", f"Cookie: {cookies}\r\n", "-i", address),
            *("-map", "0:v:0", "-map", "0:a:0", "-f", "framemd5", "-"),
        ],
        check=True,
        timeout=120,
        capture_output=True,
        text=True,
    )
    frames = [line for line in done.stdout.splitlines() if line.startswith("0,")]
    assert len(frames) == SECONDS * RATE


def test_it_does_not_play_without_a_session(packaged: Packaged, video: Any) -> None:
    assert Browser(packaged.address).get(f"/video/{video['id']}/master.m3u8").status == 401


def test_media_without_a_signature_are_refused(video: Any, edge: str) -> None:
    assert httpx.get(f"{edge}/media/{video['id']}/1/video/240p/init.mp4").status_code == 403
