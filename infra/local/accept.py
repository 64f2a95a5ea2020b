"""`make accept`: publish a video that was refused for its damage, or list those that wait."""

import os
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

import httpx

from infra.local.administrator_api import administrator, content_of
from infra.local.settings import LocalSettings, no_site_at
from infra.root import ROOT
from infra.terminal import Refusal

_MOST_ARGUMENTS = 2
_VARIANT = re.compile(r"^#EXT-X-STREAM-INF:BANDWIDTH=(\d+).*\n(.+)$", re.MULTILINE)
_AUDIO = re.compile(r'^#EXT-X-MEDIA:TYPE=AUDIO,.*DEFAULT=YES.*URI="([^"]+)"', re.MULTILINE)


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
    if numbers != list(arguments) or len(numbers) > _MOST_ARGUMENTS:
        raise Refusal(command.usage)
    api_url, no_site = command.api_url or settings.api_url, command.no_site
    with administrator(
        settings, api_url=api_url, no_site=no_site or no_site_at(settings.api_url)
    ) as api:
        return _accepted(api, *numbers) if numbers else _waiting(settings, api, command)


def _waiting(settings: LocalSettings, api: httpx.Client, command: Command) -> str:
    query = {"include": "drafts", "text": "plain"}
    videos = [each for each in content_of(api.get("video/", params=query)) if _is_waiting(each)]
    lines = [_line(settings, api, each, command) for each in videos]
    return "\n".join(lines) or "Nothing waits for a decision."


def _is_waiting(video: Mapping[str, Any]) -> bool:
    return bool(video["damage"]) and video["damage"]["status"] == "refused"


def _line(
    settings: LocalSettings, api: httpx.Client, video: Mapping[str, Any], command: Command
) -> str:
    damage = video["damage"]
    sound = f", {damage['sound_percent']:g}% of its sound" if damage["sound_percent"] else ""
    return (
        f"{video['title']}: {damage['percent']:g}% of its pictures{sound} are damaged\n"
        f"  Accept  {command.accepting.format(video['id'], damage['revision'])}\n"
        # Last, because its URLs fill lines.
        f"  Look    {_look(settings, api, video)}"
    )


def _look(settings: LocalSettings, api: httpx.Client, video: Mapping[str, Any]) -> str:
    """Return a command that plays the revision; the URLs of its playlists need no session."""
    path = f"video/{video['id']}/master.m3u8"
    response = api.get(path, params={"revision": video["damage"]["revision"]})
    if response.is_error:
        return str(response.json()["detail"])
    _, picture = max(_VARIANT.findall(response.text), key=lambda variant: int(variant[0]))
    sound = _AUDIO.search(response.text)
    base = f"{settings.api_url}/api/{path}"
    words = [f'mpv "{urljoin(base, picture)}"']
    if sound:
        words.append(f'--audio-file="{urljoin(base, sound[1])}"')
    return " ".join(words)


def _accepted(api: httpx.Client, video: str, revision: str = "") -> str:
    seen = content_of(api.get(f"video/{video}/", params={"include": "drafts"}))
    if not revision:
        if not _is_waiting(seen):
            raise Refusal(f"Video {video} does not wait for a decision about its damage.")
        revision = seen["damage"]["revision"]
    body = {"revision": int(revision), **_percents(seen, int(revision))}
    content_of(api.post(f"video/{video}/accept/", json=body))
    return "The damage is accepted. The media are complete once a free transcoder has checked them."


def _percents(video: Mapping[str, Any], revision: int) -> Mapping[str, float]:
    """What is accepted; nothing if it is accepted already, or does not wait."""
    damage = video["damage"]
    if not _is_waiting(video) or damage["revision"] != revision:
        return {}
    return {name: damage[name] for name in ("percent", "sound_percent")}


if __name__ == "__main__":
    try:
        print(main(LocalSettings.load(ROOT, os.environ), sys.argv[1:]))
    except Refusal as refusal:
        sys.exit(str(refusal))
