"""`make accept`: publish a video that was refused for its damage, or list those that wait."""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from infra.local.data_folder import known_password
from infra.local.settings import LocalSettings, no_site_at
from infra.root import ROOT
from infra.terminal import Refusal

_PATIENCE_SECONDS = 30
_ARGUMENTS = 2


@dataclass(frozen=True, slots=True)
class Command:
    """The command lines of `make` or of compose, and the URL of the API from there."""

    waiting: str
    accepting: str
    # Empty if the API has the same URL as for browsers.
    api_url: str = ""
    no_site: str = ""

    @property
    def usage(self) -> str:
        return f"It is called as in: {self.waiting}, or {self.accepting.format(7, 1)}"


MAKE = Command("make accept", "make accept VIDEO={} REVISION={}")


def main(settings: LocalSettings, arguments: Sequence[str], command: Command = MAKE) -> str:
    """Accept the damage of a video's revision, or list the videos that wait; raise `Refusal`."""
    numbers = [each for each in arguments if each.isascii() and each.isdigit()]
    if numbers != list(arguments) or len(numbers) not in (0, _ARGUMENTS):
        raise Refusal(command.usage)
    with _administrator(settings, command) as api:
        return _accepted(api, *numbers) if numbers else _waiting(settings, api, command)


def _waiting(settings: LocalSettings, api: httpx.Client, command: Command) -> str:
    query = {"include": "drafts", "text": "plain"}
    videos = [each for each in _answer(api.get("video/", params=query)) if _is_waiting(each)]
    lines = [_line(settings, each, command) for each in videos]
    return "\n".join(lines) or "Nothing waits for a decision."


def _is_waiting(video: Mapping[str, Any]) -> bool:
    return bool(video["damage"]) and video["damage"]["status"] == "refused"


def _line(settings: LocalSettings, video: Mapping[str, Any], command: Command) -> str:
    damage, url = video["damage"], f"{settings.api_url}/api/video/{video['id']}"
    sound = f", {damage['sound_percent']} % of its sound" if damage["sound_percent"] else ""
    return (
        f"{video['title']}: {damage['percent']} % of its pictures{sound} are damaged\n"
        f"  Look    {url}/master.m3u8?revision={damage['revision']}\n"
        f"  Accept  {command.accepting.format(video['id'], damage['revision'])}"
    )


def _accepted(api: httpx.Client, video: str, revision: str) -> str:
    seen = _answer(api.get(f"video/{video}/", params={"include": "drafts"}))
    body = {"revision": int(revision), **_percents(seen, int(revision))}
    token = {"X-CSRFToken": api.cookies["csrftoken"]}
    _answer(api.post(f"video/{video}/accept/", json=body, headers=token))
    return "The damage is accepted; in a moment the media are complete."


def _percents(video: Mapping[str, Any], revision: int) -> Mapping[str, float]:
    """What is accepted; nothing if it is accepted already, or does not wait."""
    damage = video["damage"]
    if not _is_waiting(video) or damage["revision"] != revision:
        return {}
    return {name: damage[name] for name in ("percent", "sound_percent")}


@contextmanager
def _administrator(settings: LocalSettings, command: Command) -> Iterator[httpx.Client]:
    """Sign in as the administrator of the local site, and sign out at the end."""
    no_site = command.no_site or no_site_at(settings.api_url)
    credentials = {
        "email": settings.administrator_email,
        "password": known_password(settings, no_site),
    }
    base_url = f"{command.api_url or settings.api_url}/api/"
    with httpx.Client(base_url=base_url, timeout=_PATIENCE_SECONDS, trust_env=False) as api:
        try:
            _answer(api.post("login/", json=credentials))
            yield api
            api.post("logout/", headers={"X-CSRFToken": api.cookies["csrftoken"]})
        except (httpx.HTTPError, ValueError) as error:
            raise Refusal(no_site) from error


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
