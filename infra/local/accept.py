"""`make accept`: publish what was refused for its damage, or list what waits for that decision."""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import httpx

from infra.local.absence import no_site_at
from infra.local.data_folder import DataFolder
from infra.local.settings import ROOT, LocalSettings
from infra.refusal import Refusal

_USAGE = "It is called as in: make accept, or make accept VIDEO=7 REVISION=1"
_PATIENCE_SECONDS = 30
_ARGUMENTS = 2


def main(settings: LocalSettings, arguments: Sequence[str]) -> str:
    numbers = [each for each in arguments if each.isascii() and each.isdigit()]
    if numbers != list(arguments) or len(numbers) not in (0, _ARGUMENTS):
        raise Refusal(_USAGE)
    with _administrator(settings) as api:
        return _accepted(api, *numbers) if numbers else _waiting(settings, api)


def _waiting(settings: LocalSettings, api: httpx.Client) -> str:
    query = {"include": "drafts", "text": "plain"}
    videos = [each for each in _answer(api.get("video/", params=query)) if _is_waiting(each)]
    return "\n".join(_line(settings, each) for each in videos) or "Nothing waits for a decision."


def _is_waiting(video: Mapping[str, Any]) -> bool:
    return bool(video["damage"]) and video["damage"]["status"] == "refused"


def _line(settings: LocalSettings, video: Mapping[str, Any]) -> str:
    damage, url = video["damage"], f"{settings.api_url}/api/video/{video['id']}"
    return (
        f"{video['title']}: {damage['percent']} % of its pictures are damaged\n"
        f"  Look    {url}/master.m3u8?revision={damage['revision']}\n"
        f"  Accept  make accept VIDEO={video['id']} REVISION={damage['revision']}"
    )


def _accepted(api: httpx.Client, video: str, revision: str) -> str:
    sent = {"revision": int(revision)}
    token = {"X-CSRFToken": api.cookies["csrftoken"]}
    _answer(api.post(f"video/{video}/accept/", json=sent, headers=token))
    return "The damage is accepted; in a moment the media are complete."


@contextmanager
def _administrator(settings: LocalSettings) -> Iterator[httpx.Client]:
    """Sign in as the administrator of the site that runs here, and out at the end."""
    password = settings.superuser_password or _kept_password(settings)
    sent = {"email": settings.superuser_email, "password": password}
    with httpx.Client(
        base_url=f"{settings.api_url}/api/", timeout=_PATIENCE_SECONDS, trust_env=False
    ) as api:
        try:
            _answer(api.post("login/", json=sent))
            yield api
            api.post("logout/", headers={"X-CSRFToken": api.cookies["csrftoken"]})
        except (httpx.HTTPError, ValueError) as error:
            raise Refusal(no_site_at(settings.api_url)) from error


def _kept_password(settings: LocalSettings) -> str:
    try:
        return DataFolder(settings.data).known_superuser_password()
    except FileNotFoundError:
        raise Refusal(no_site_at(settings.api_url)) from None


def _answer(response: httpx.Response) -> Any:
    content = response.json()
    if response.is_error:
        raise Refusal(str(content.get("detail", content)))
    return content


if __name__ == "__main__":
    try:
        print(main(LocalSettings.load(ROOT, os.environ), sys.argv[1:]))
    except Refusal as refusal:
        sys.exit(str(refusal))
