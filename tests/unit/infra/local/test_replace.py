"""`make replace`: its usage, its refusals, and what it sends."""

import json
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest

from infra.local import replace
from infra.local.settings import LocalSettings
from infra.terminal import Refusal

PART = 4


@pytest.fixture
def local(tmp_path: Path) -> LocalSettings:
    return LocalSettings.load(tmp_path, {"DATA_FOLDER": str(tmp_path), "API_PORT": "9"})


class Uploading:
    """A site that takes the parts of one upload."""

    def __init__(self) -> None:
        self.begun: Any = None
        self.parts: dict[str, bytes] = {}
        self.ended = ""
        self.refuses_parts = False

    def answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/api/")
        if request.url.host == "s3.test":
            self.parts[request.url.path] = request.read()
            return httpx.Response(500 if self.refuses_parts else 200)
        if path == "uploads/":
            self.begun = json.loads(request.content)
            if self.begun["video_id"] == 404:
                return httpx.Response(404, json={"detail": "There is no such video."})
            count = -(-self.begun["size"] // PART)
            return httpx.Response(201, json={"id": "a", "part_count": count})
        if path == "uploads/a/parts/":
            [number] = json.loads(request.content)["numbers"]
            part = {"url": f"http://s3.test/{number}", "size": PART}
            return httpx.Response(200, json={"results": [part]})
        if path.startswith("uploads/a/"):
            self.ended = f"{request.method} {path}"
        return httpx.Response(200, json={})


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Uploading:
    (tmp_path / "superuser-password").write_text("secret")
    site = Uploading()
    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", site.answer)
    return site


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "better.mp4"
    path.write_bytes(b"0123456789")
    return path


@pytest.mark.parametrize("video", ["", "one", "-7", "\u0667"])
def test_without_an_id_the_usage_is_answered(
    local: LocalSettings, source: Path, video: str
) -> None:
    with pytest.raises(Refusal, match=r"make replace VIDEO=7 FILM=better\.mp4"):
        replace.main(local, video, source)


def test_a_missing_file_is_answered_with_the_usage(local: LocalSettings, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=r"There is no file .*film\.mp4\. It is called as in"):
        replace.main(local, "7", tmp_path / "film.mp4")


def test_before_the_first_start_there_is_no_site(local: LocalSettings, source: Path) -> None:
    with pytest.raises(Refusal, match=r"No site answers at http://127\.0\.0\.1:9\."):
        replace.main(local, "7", source)


def test_a_file_is_sent_in_parts_for_the_video(
    local: LocalSettings, source: Path, site: Uploading
) -> None:
    said = replace.main(local, "7", source)
    assert site.begun == {"filename": "better.mp4", "size": 10, "video_id": 7}
    assert site.parts == {"/1": b"0123", "/2": b"4567", "/3": b"89"}
    assert site.ended == "POST uploads/a/complete/"
    assert said.startswith("better.mp4 replaces the source of video 7.")


def test_an_upload_that_fails_is_aborted(
    local: LocalSettings, source: Path, site: Uploading
) -> None:
    site.refuses_parts = True
    with pytest.raises(Refusal):
        replace.main(local, "7", source)
    assert site.ended == "DELETE uploads/a/"


@pytest.mark.usefixtures("site")
def test_why_the_site_refuses_is_said(local: LocalSettings, source: Path) -> None:
    with pytest.raises(Refusal, match="There is no such video"):
        replace.main(local, "404", source)


def test_make_passes_video_and_file() -> None:
    options = ["VIDEO=7", "FILM=a film.mp4"]
    command = ["make", "--dry-run", "--no-print-directory", "replace", *options]
    printed = subprocess.check_output(command, text=True)
    assert '-m infra.local.replace "7" "a film.mp4"' in printed
