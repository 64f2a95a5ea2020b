"""`make replace`: send another source for a video of the local site."""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import httpx

from infra.local.administrator_api import administrator, content_of
from infra.local.settings import LocalSettings, no_site_at
from infra.root import ROOT
from infra.terminal import Refusal, say

_USAGE = "It is called as in: make replace VIDEO=7 FILM=better.mp4"
_PATIENCE_SECONDS = 600


def main(settings: LocalSettings, video: str, source: Path) -> str:
    """Send the file, and return what happens next; raise `Refusal`."""
    if not (video.isascii() and video.isdigit()):
        raise Refusal(f"VIDEO is the id of a video. {_USAGE}")
    if not source.is_file():
        raise Refusal(f"There is no file {source}. {_USAGE}")
    no_site = no_site_at(settings.api_url)
    with administrator(settings, api_url=settings.api_url, no_site=no_site) as api:
        sent = {"filename": source.name, "size": source.stat().st_size, "video_id": int(video)}
        with source.open("rb") as file, _upload(api, sent) as upload:
            say(f"Sending {source.name} to {settings.api_url}, in {upload['part_count']} parts")
            for number in range(1, upload["part_count"] + 1):
                _send(api, upload, number, file)
            content_of(api.post(f"uploads/{upload['id']}/complete/"))
    return (
        f"{source.name} replaces the source of video {video}. Viewers get the old media until the"
        f" new ones are complete: {settings.api_url}/api/video/{video}/progress/"
    )


@contextmanager
def _upload(api: httpx.Client, sent: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Begin an upload, and abort it if it cannot be completed."""
    upload = content_of(api.post("uploads/", json=sent))
    try:
        yield upload
    except BaseException:
        api.delete(f"uploads/{upload['id']}/")
        raise


def _send(api: httpx.Client, upload: Mapping[str, Any], number: int, file: BinaryIO) -> None:
    path = f"uploads/{upload['id']}/parts/"
    [target] = content_of(api.post(path, json={"numbers": [number]}))["results"]
    content, url = file.read(target["size"]), target["url"]
    answer = httpx.put(url, content=content, timeout=_PATIENCE_SECONDS, trust_env=False)
    answer.raise_for_status()


if __name__ == "__main__":
    video, source = (*sys.argv[1:], "", "")[:2]
    try:
        print(main(LocalSettings.load(ROOT, os.environ), video, Path(source)))
    except (Refusal, OSError) as problem:
        sys.exit(str(problem))
