"""hls.js in Chromium watches a video during its encode and after, from another origin."""

import re
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import PAGE
from tests.integration.supervised import PASSWORD, REPOSITORY, LocalRun, go_on, held
from tests.integration.videos import Site

SECONDS = 30
# Segments present everything two pictures after the beginning of the clock of their media.
DELAY = 2 / 25
ADMIN = {"email": "admin@videoflix.test", "password": PASSWORD}


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def frontend() -> Iterator[str]:
    """Another origin, with a page and hls.js."""
    serve = partial(_Quiet, directory=str(REPOSITORY))
    with ThreadingHTTPServer(("127.0.0.1", 0), serve) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    with frontend() as address:
        yield address


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, origin: str) -> Iterator[Site]:
    data = tmp_path_factory.mktemp("watching") / "data"
    # One worker, so that stopping it stops everything.
    with LocalRun.at(data, WORKERS="1").started(ALLOWED_ORIGINS=f"{origin},{PAGE}") as run:
        run.wait_for("ready in")
        yield Site(run)


@contextmanager
def opened(chromium: Browser, origin: str, site: Site) -> Iterator[Page]:
    """The page of the other origin, after signing in."""
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{origin}/tests/integration/watching_page.html")
    sign_in = "([api, sent]) => call(`${api}/api/login`, sent).then(answer => answer.status)"
    assert page.evaluate(sign_in, [site.run.api_url, ADMIN]) == 200
    yield page
    context.close()


@pytest.fixture
def page(chromium: Browser, origin: str, site: Site) -> Iterator[Page]:
    with opened(chromium, origin, site) as page:
        yield page


@dataclass(frozen=True)
class Early:
    """What a viewer saw who began to watch before the encode was finished."""

    video: int
    begins_at: float
    playlist: list[Any]
    duration: float
    complaints: list[str]


@pytest.fixture(scope="module")
def early(
    chromium: Browser, origin: str, site: Site, tmp_path_factory: pytest.TempPathFactory
) -> Early:
    site.drop(clip(tmp_path_factory.mktemp("film")), "Drama/Watched.mp4")
    video = int(site.title("Watched")["id"])
    site.publish(video)
    site.until(lambda: is_playable(site, video), "nothing to watch")
    # So that it cannot be finished before a viewer looks.
    with held(site.run) as worker, opened(chromium, origin, site) as page:
        watch(page, site, video)
        begins_at = page.evaluate("video.currentTime")
        playlist = page.evaluate("[details().live, details().type]")
        go_on(worker)
        until(page, "!details().live", seconds=240)
        page.evaluate("video.currentTime = 29")
        until(page, "video.ended")
        duration, complaints = page.evaluate("[video.duration, complaints]")
        return Early(video, begins_at, playlist, duration, complaints)


@pytest.fixture(scope="module")
def finished(site: Site, early: Early) -> int:
    assert site.finished(early.video)["conversion_status"] == "completed"
    return early.video


def is_playable(site: Site, video: int) -> bool:
    return bool(site.admin.get(f"/video/{video}/progress/").json["playable"])


def clip(folder: Path) -> Path:
    """Thirty seconds with two languages and subtitles."""
    subtitles, path = folder / "subtitles.srt", folder / "film.mp4"
    subtitles.write_text(f"1\n00:00:00,000 --> 00:00:{SECONDS},000\nHello\n")
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(),
        *("-v", "error", "-f", "lavfi", "-i", f"testsrc2=s=640x360:r=25:d={SECONDS}"),
        *("-f", "lavfi", "-i", f"sine=f=300:r=48000:d={SECONDS}"),
        *("-f", "lavfi", "-i", f"sine=f=600:r=48000:d={SECONDS}", "-i", str(subtitles)),
        *("-map", "0", "-map", "1", "-map", "2", "-map", "3", "-c:s", "mov_text"),
        *("-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac"),
        *("-metadata:s:a:0", "language=eng", "-metadata:s:a:1", "language=deu"),
        *("-metadata:s:s:0", "language=eng", "-disposition:s:0", "0", str(path)),
    ]
    subprocess.run(command, check=True)
    return path


def until(page: Page, condition: str, *, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not page.evaluate(condition):
        assert time.monotonic() < deadline, (condition, page.evaluate("complaints"))
        page.wait_for_timeout(50)


def watch(page: Page, site: Site, video: int) -> None:
    page.evaluate("each => watch(each)", f"{site.run.api_url}/api/video/{video}/master.m3u8")
    until(page, "video.currentTime > 0.3")


def test_it_plays_from_its_start_while_it_is_being_made(early: Early) -> None:
    assert early.begins_at < 5
    assert early.playlist == [True, "EVENT"]


def test_a_viewer_who_was_early_gets_the_rest_as_it_is_made(early: Early) -> None:
    assert early.duration == pytest.approx(SECONDS + DELAY, abs=0.05)
    assert early.complaints == []


def test_it_seeks_and_ends(page: Page, site: Site, finished: int) -> None:
    watch(page, site, finished)
    assert page.evaluate("details().live") is False
    for second in (25, 7, 18.5):
        page.evaluate(f"video.currentTime = {second}")
        until(page, f"!video.seeking && video.currentTime > {second} + 0.2")
    page.evaluate("video.currentTime = 29.5")
    until(page, "video.ended")
    assert page.evaluate("video.currentTime") == pytest.approx(SECONDS + DELAY, abs=0.05)
    assert page.evaluate("complaints") == []


def test_sound_and_picture_begin_and_end_together(page: Page, site: Site, finished: int) -> None:
    watch(page, site, finished)
    kinds = ("video", "audio")
    assert [page.evaluate(f"begins('{kind}')") for kind in kinds] == pytest.approx([DELAY, DELAY])
    page.evaluate("video.currentTime = 29")
    until(page, "video.ended")
    # The last frame of sound may be longer than the picture.
    picture, sound = (page.evaluate(f"ends('{kind}')") for kind in kinds)
    assert picture == pytest.approx(SECONDS + DELAY, abs=0.001)
    assert 0 <= sound - picture < 0.022


def test_it_switches_between_all_qualities(page: Page, site: Site, finished: int) -> None:
    watch(page, site, finished)
    heights = page.evaluate("hls.levels.map(each => each.height)")
    assert heights == [240, 360]
    for number, height in [*enumerate(heights), (0, heights[0])]:
        page.evaluate(f"video.currentTime = 1; hls.currentLevel = {number}")
        until(page, f"video.videoHeight === {height} && video.currentTime > 1.2")
    assert page.evaluate("complaints") == []


def test_it_speaks_two_languages_and_shows_subtitles(page: Page, site: Site, finished: int) -> None:
    watch(page, site, finished)
    assert page.evaluate("hls.audioTracks.map(each => each.lang)") == ["en", "de"]
    page.evaluate("hls.audioTrack = 1; hls.subtitleTrack = 0; hls.subtitleDisplay = true")
    until(page, "cues().length")
    assert page.evaluate("cues()") == ["Hello"]
    page.evaluate("video.currentTime = 20")
    until(page, "!video.seeking && video.currentTime > 20.2")
    assert page.evaluate("complaints") == []


def test_it_has_pictures_for_the_scrub_bar(page: Page, site: Site, finished: int) -> None:
    address = f"{site.run.api_url}/api/video/{finished}/storyboard.vtt"
    preview = page.evaluate("each => scrubPicture(each)", address)
    x, y, width, height = preview["box"]
    assert (x, y) == (0, 0)
    assert preview["width"] >= width > 0
    assert preview["height"] >= height > 0


def test_our_own_page_goes_all_the_way(chromium: Browser, site: Site, finished: int) -> None:
    page = chromium.new_context().new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto(site.run.settings.edge_url)
    page.fill("#email", ADMIN["email"])
    page.fill("#password", ADMIN["password"])
    page.press("#password", "Enter")
    page.click(f".card[data-video='{finished}']")
    until(page, "document.getElementById('video').currentTime > 0.3")
    expect(page.locator("#quality option")).to_have_count(3)
    page.locator("#scrub").hover()
    expect(page.locator("#preview-picture")).to_be_visible()
    # The first page of a viewer who is not signed in yet.
    assert [said for said in complaints if "401" not in said] == []
    page.context.close()


@pytest.mark.usefixtures("finished")
def test_the_example_signs_in_lists_and_plays(chromium: Browser, site: Site) -> None:
    page = chromium.new_context().new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto(f"{site.run.settings.edge_url}/example/")
    page.get_by_label("E-mail").fill(ADMIN["email"])
    page.get_by_label("Password").fill("a wrong one")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).not_to_be_empty()
    page.get_by_label("Password").fill(ADMIN["password"])
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Watched", exact=True).click()
    until(page, "document.getElementById('player').currentTime > 0.3")
    expect(page.get_by_role("alert")).to_be_empty()
    expect(page.locator("#sign-in")).to_be_hidden()
    page.reload()
    expect(page.get_by_role("button", name="Watched", exact=True)).to_be_visible()
    # The first list, without a session, and the wrong password.
    assert [said for said in complaints if not re.search("status of 40[01]", said)] == []
    page.context.close()
