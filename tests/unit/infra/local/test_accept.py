"""`make accept` prints its usage for wrong arguments, and refuses if no site answers."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest

from infra.local import accept
from infra.local.settings import LocalSettings
from infra.terminal import Refusal


def settings(folder: Path) -> LocalSettings:
    return LocalSettings.load(folder, {"DATA_FOLDER": str(folder), "API_PORT": "9"})


@pytest.mark.parametrize(
    "arguments", [["7"], ["7", "one"], ["-7", "1"], ["7", "1", "2"], ["\u0667", "1"]]
)
def test_wrong_arguments_are_answered_with_the_usage(
    tmp_path: Path, arguments: Sequence[str]
) -> None:
    with pytest.raises(Refusal, match="make accept VIDEO=7 REVISION=1"):
        accept.main(settings(tmp_path), arguments)


def test_before_the_first_start_there_is_no_site(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=r"No site answers at http://127\.0\.0\.1:9\."):
        accept.main(settings(tmp_path), [])


def test_nothing_is_accepted_if_no_site_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "superuser-password").write_text("secret")

    def refuse(*_: object, **__: object) -> None:
        raise httpx.ConnectError("")

    monkeypatch.setattr(httpx.Client, "post", refuse)
    with pytest.raises(Refusal, match="No site answers"):
        accept.main(settings(tmp_path), ["7", "1"])


_PERCENTS = {"percent": 18.75, "sound_percent": 10.0}


@pytest.mark.parametrize(
    ("damage", "percents"),
    [
        ({"revision": 1, **_PERCENTS, "status": "refused"}, _PERCENTS),
        # The API says whether these may be accepted.
        ({"revision": 2, **_PERCENTS, "status": "refused"}, {}),
        ({"revision": 1, **_PERCENTS, "status": "accepted"}, {}),
        (None, {}),
    ],
)
def test_what_waits_is_accepted_with_both_of_its_percents(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    damage: dict[str, Any] | None,
    percents: dict[str, float],
) -> None:
    (tmp_path / "superuser-password").write_text("secret")
    sent = []

    def answer(_: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/api/video/7/accept/":
            sent.append(json.loads(request.content))
        cookie = {"Set-Cookie": "csrftoken=secret; Path=/"}
        return httpx.Response(200, json={"id": 7, "damage": damage}, headers=cookie)

    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", answer)
    accept.main(settings(tmp_path), ["7", "1"])
    assert sent == [{"revision": 1, **percents}]
