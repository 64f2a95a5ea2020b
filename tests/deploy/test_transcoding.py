"""From a file in the inbox to a picture: S3, SQS, Lambda, Step Functions, and real workers."""

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
from tests.deploy.house import running, serving
from tests.integration.films import Films, make_film
from tests.integration.supervised import PASSWORD
from tests.integration.wire import Address

SECONDS, RATE = 8, 25


@pytest.fixture(scope="module")
def edge(packaged: Packaged, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The local edge before API Gateway, as CloudFront stands before it."""
    settings, address = packaged.house.settings, packaged.address
    given = {
        "API_URL": f"http://127.0.0.1:{address.port}{address.before}",
        "EDGE_CACHE": str(tmp_path_factory.mktemp("edge")),
        "EDGE_CACHE_BYTES": str(10**8),
    }
    with serving(packaged.house, "infra.local.edge", settings.edge_port, **given):
        yield settings.edge_url


@pytest.fixture(scope="module")
def films(packaged: Packaged, edge: str) -> Films:
    house = packaged.house
    admin = {"SUPERUSER_EMAIL": "admin@videoflix.test", "SUPERUSER_PASSWORD": PASSWORD}
    subprocess.run(
        [sys.executable, "-m", "infra.local.superuser"],
        cwd=house.settings.root,
        env={**house.programs_environment, **admin},
        check=True,
    )
    return Films(house, Address(urlsplit(edge).port or 0), patience_seconds=120)


@pytest.fixture(scope="module")
def film(films: Films, packaged: Packaged, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A title that was dropped, made and published."""
    folder = tmp_path_factory.mktemp("films")
    places = {"WORK_FOLDER": str(folder / "work"), "SOURCE_CACHE": str(folder / "sources")}
    with ExitStack() as stack:
        stack.enter_context(running(packaged.house, "infra.local.worker", **places))
        films.drop(make_film(folder / "film.mp4", seconds=SECONDS), "Drama/Deployed.mp4")
        video = films.finished(films.title("Deployed")["id"])
    assert video["conversion_status"] == "completed", video
    films.publish(video["id"])
    return video


def test_a_dropped_film_becomes_a_title(film: Any) -> None:
    assert (film["title"], film["category"], film["progress"]) == ("Deployed", "Drama", 100)


def test_it_plays_from_api_gateway_and_the_edge(films: Films, film: Any, edge: str) -> None:
    cookies = "; ".join(f"{name}={value}" for name, value in films.admin.cookies.items())
    address = f"{edge}/api/video/{film['id']}/master.m3u8"
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


def test_it_does_not_play_for_who_is_not_signed_in(packaged: Packaged, film: Any) -> None:
    assert Browser(packaged.address).get(f"/video/{film['id']}/master.m3u8").status == 401


def test_media_without_a_signature_are_refused(film: Any, edge: str) -> None:
    assert httpx.get(f"{edge}/media/{film['id']}/1/video/240p/init.mp4").status_code == 403
