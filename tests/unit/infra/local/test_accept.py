"""`make accept`: its usage, its refusals, its kept token, and what it accepts."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest

from infra.local import accept
from infra.local.data_folder import DataFolder
from infra.local.settings import LocalSettings
from infra.terminal import Refusal


def settings(folder: Path) -> LocalSettings:
    return LocalSettings.load(folder, {"DATA_FOLDER": str(folder), "API_PORT": "9"})


@pytest.mark.parametrize(
    "arguments", [["one"], ["7", "one"], ["-7", "1"], ["7", "1", "2"], ["", "1"], ["\u0667", "1"]]
)
def test_wrong_arguments_are_answered_with_the_usage(
    tmp_path: Path, arguments: Sequence[str]
) -> None:
    with pytest.raises(Refusal, match="make accept VIDEO=7 REVISION=1"):
        accept.main(settings(tmp_path), arguments)


@pytest.mark.parametrize(
    ("options", "arguments"),
    [((), ""), (("VIDEO=7",), '"7"'), (("VIDEO=7", "REVISION=1"), '"7" "1"'),
     (("REVISION=1",), '"" "1"')],
)  # fmt: skip
def test_make_passes_a_revision_as_such_also_without_a_video(
    options: tuple[str, ...], arguments: str
) -> None:
    # Under `make test`, a make that it starts says which folder it enters and leaves.
    command = ["make", "--dry-run", "--no-print-directory", "accept", *options]
    printed = subprocess.check_output(command, text=True)
    words = printed.replace("\\\n", " ").split("infra.local.accept", 1)[1].split()
    assert " ".join(words) == arguments


def test_before_the_first_start_there_is_no_site(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=r"No site answers at http://127\.0\.0\.1:9\."):
        accept.main(settings(tmp_path), [])


def test_nothing_is_accepted_if_no_site_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "superuser-password").write_text("secret")

    def refuse(*_: object, **__: object) -> None:
        raise httpx.ConnectError("")

    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", refuse)
    with pytest.raises(Refusal, match="No site answers"):
        accept.main(settings(tmp_path), ["7", "1"])


_PERCENTS = {"percent": 18.75, "sound_percent": 10.0}
_WAITING = {"revision": 1, **_PERCENTS, "status": "refused"}
_MASTER = """#EXTM3U
#EXT-X-MEDIA:TYPE=AUDIO,NAME="de",DEFAULT=NO,URI="playlist/audio-1.m3u8?grant=c"
#EXT-X-MEDIA:TYPE=AUDIO,NAME="en",DEFAULT=YES,URI="playlist/audio-0.m3u8?grant=b"
#EXT-X-STREAM-INF:BANDWIDTH=9000,CODECS="a,b"
playlist/video-240p.m3u8?grant=d
#EXT-X-STREAM-INF:BANDWIDTH=10000,CODECS="a,b"
playlist/video-360p.m3u8?grant=a
"""


class StandIn:
    """A site with one video, which knows one API token at a time."""

    def __init__(self, damage: Mapping[str, Any] | None) -> None:
        self.video = {"id": 7, "title": "Storm", "damage": damage}
        self.token = "first"
        self.sign_ins = 0
        self.accepted: list[Any] = []

    def answer(self, request: httpx.Request) -> httpx.Response:
        # The transport would refuse them.
        assert all(value == value.strip() for value in request.headers.values())
        path = request.url.path.removeprefix("/api/")
        cookie = {"Set-Cookie": "csrftoken=secret; Path=/"}
        if path in ("login/", "logout/"):
            self.sign_ins += path == "login/"
            return httpx.Response(200, json={"detail": "Done."}, headers=cookie)
        if path == "user/tokens/":
            return httpx.Response(201, json={"token": self.token})
        if request.headers.get("Authorization") != f"Token {self.token}":
            return httpx.Response(401, json={"detail": "The token is wrong or expired."})
        if path == "video/7/accept/":
            self.accepted.append(json.loads(request.content))
        if path == "video/7/master.m3u8":
            return httpx.Response(200, text=_MASTER)
        return httpx.Response(200, json=[self.video] if path == "video/" else self.video)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StandIn:
    (tmp_path / "superuser-password").write_text("secret")
    site = StandIn(_WAITING)
    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", site.answer)
    return site


@pytest.mark.parametrize(
    ("damage", "percents"),
    [
        (_WAITING, _PERCENTS),
        # The API says whether these may be accepted.
        ({**_WAITING, "revision": 2}, {}),
        ({**_WAITING, "status": "accepted"}, {}),
        (None, {}),
    ],
)
def test_what_waits_is_accepted_with_both_of_its_percents(
    tmp_path: Path, site: StandIn, damage: dict[str, Any] | None, percents: dict[str, float]
) -> None:
    site.video["damage"] = damage
    accept.main(settings(tmp_path), ["7", "1"])
    assert site.accepted == [{"revision": 1, **percents}]


def test_without_a_revision_the_one_that_waits_is_accepted(tmp_path: Path, site: StandIn) -> None:
    site.video["damage"] = {**_WAITING, "revision": 3}
    accept.main(settings(tmp_path), ["7"])
    assert site.accepted == [{"revision": 3, **_PERCENTS}]
    site.video["damage"] = None
    with pytest.raises(Refusal, match=r"^Video 7 does not wait"):
        accept.main(settings(tmp_path), ["7"])


def test_many_commands_sign_in_once(tmp_path: Path, site: StandIn) -> None:
    for _ in range(12):
        accept.main(settings(tmp_path), [])
    assert site.sign_ins == 1
    assert (tmp_path / "administrator-token").stat().st_mode & 0o777 == 0o600


def test_a_kept_token_that_is_refused_is_replaced(tmp_path: Path, site: StandIn) -> None:
    accept.main(settings(tmp_path), [])
    site.token = "second"
    for _ in range(2):
        accept.main(settings(tmp_path), [])
    assert site.sign_ins == 2


def test_a_token_of_another_administrator_is_not_used(tmp_path: Path, site: StandIn) -> None:
    DataFolder(tmp_path).keep_token("else@example.com", site.token)
    accept.main(settings(tmp_path), [])
    assert site.sign_ins == 1


@pytest.mark.usefixtures("site")
def test_the_largest_picture_is_looked_at_with_the_sound_that_plays(tmp_path: Path) -> None:
    _, command, look = accept.main(settings(tmp_path), []).splitlines()[:3]
    assert command.startswith("  Accept  make accept VIDEO=7 REVISION=")
    url = "http://127.0.0.1:9/api/video/7/playlist"
    assert look == (
        f'  Look    mpv "{url}/video-360p.m3u8?grant=a" --audio-file="{url}/audio-0.m3u8?grant=b"'
    )
