"""`make drop`: upload a source into the inbox of the local site."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import boto3
import httpx
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.adapters.aws_errors import expected
from chalicelib.ingest.sidecar_names import parted
from chalicelib.ingest.source_keys import (
    INBOX,
    SIDECAR_SUFFIXES,
    is_left_in_inbox,
    suffix_of,
)
from infra.local.settings import LocalSettings, no_site_at
from infra.root import ROOT
from infra.terminal import Refusal, say

_USAGE = 'It is called as in: make drop FILM=film.mp4 AS="Drama/My film.mp4"'
_PATIENCE_SECONDS = 5
_MEGABYTE = 1_000_000

Progress = Callable[[int], None]


def main(source: Path, name: str) -> str:
    if source == Path():
        raise Refusal(f"FILM is missing. {_USAGE}")
    if not source.is_file():
        raise Refusal(f"There is no file {source}. {_USAGE}")
    name = name_in_inbox(name, source)
    if not source.stat().st_size:
        raise Refusal(f"{source} is empty: nothing was sent. Is it still being written?")
    settings = LocalSettings.load(ROOT, os.environ)
    os.environ.update(settings.environment({}))
    _require_site(settings)
    size = source.stat().st_size
    say(
        f"Sending {source.name} ({_spoken(size)}) to {settings.api_url}, "
        f"whose data are in {settings.data}"
    )
    with source.open("rb") as file:
        not_up = no_site_at(settings.aws_url)
        message = put(file, name, not_up=not_up, sent=_progress(size))
    if _is_sidecar(name):
        return message
    return f"{message}\nViewers see it at {settings.edge_url} once it is published"


def _spoken(size: int) -> str:
    if size < _MEGABYTE:
        return "one byte" if size == 1 else f"{size:,} bytes"
    return f"{size / _MEGABYTE:.1f} MB"


def name_in_inbox(name: str, source: Path) -> str:
    """Return the name in the inbox; raise `Refusal` if it cannot be of a video or subtitles."""
    folder, _, last = name.lstrip("/").rpartition("/")
    whole = "/".join(filter(None, (folder, last or source.name)))
    if is_left_in_inbox(INBOX + whole):
        raise Refusal(f"{whole} is not the name of a video or of .srt or .vtt files. {_USAGE}")
    return whole


def put(source: BinaryIO, name: str, *, not_up: str, sent: Progress | None = None) -> str:
    """Upload a source and return a message about it; raise `Refusal` if there is no site."""
    s3 = boto3.client("s3")
    try:
        buckets = [each["Name"] for each in s3.list_buckets()["Buckets"]]
        bucket = next(bucket for bucket in buckets if "-uploads-" in bucket)
        key = INBOX + name
        before = _etag(s3, bucket, key)
        s3.upload_fileobj(source, bucket, key, Callback=sent)
        is_unchanged = before == _etag(s3, bucket, key)
    except (BotoCoreError, ClientError, StopIteration) as error:
        raise Refusal(not_up) from error
    if _is_sidecar(name):
        video, unread = parted(name.rpartition(".")[0])
        return (
            f"{name} is in the inbox; subtitles need their video: the next one that is dropped"
            f" beside them, such as {video}.mp4, uses them{_unless(name, unread)}"
        )
    if is_unchanged:
        return f"{name} was in the inbox already, byte for byte; its draft stays as it is"
    return f"{name} is in the inbox; in a moment it is a draft at /api/video/?include=drafts"


def _is_sidecar(name: str) -> bool:
    return suffix_of(name) in SIDECAR_SUFFIXES


def _unless(name: str, unread: str) -> str:
    """Say what is wrong with the name if it is meant for a video whose name ends earlier."""
    if not unread:
        return ""
    stem, _, suffix = name.rpartition(".")
    video = stem[: stem.rindex(f".{unread}")]
    return (
        f'. {video}.mp4 would not use them, because of "{unread}": between its name and .{suffix}'
        f" there may be one known language, and forced or sdh, as in {video}.de.{suffix},"
        f" {video}.de.forced.{suffix} and {video}.de.sdh.{suffix}"
    )


def _etag(s3: Any, bucket: str, key: str) -> str:
    """Return "" for an object that does not exist."""
    with expected({"404"}):
        etag: str = s3.head_object(Bucket=bucket, Key=key)["ETag"]
        return etag
    return ""


def _require_site(settings: LocalSettings) -> None:
    """Raise `Refusal` unless a site answers at the URL of the settings."""
    url = f"{settings.api_url}/api/health/"
    try:
        answer = httpx.get(url, timeout=_PATIENCE_SECONDS, trust_env=False)
        is_site = answer.json().get("stage") == "local"
    except (httpx.HTTPError, ValueError, AttributeError):
        is_site = False
    if not is_site:
        raise Refusal(no_site_at(settings.api_url))


def _progress(size: int) -> Progress | None:
    """Return a callback that prints the progress, if the output is a terminal."""
    if not sys.stdout.isatty():
        return None
    done = 0

    def sent(more: int) -> None:
        nonlocal done
        done += more
        end = "" if done < size else "\n"
        print(f"\r  {done / size:.0%}", end=end, flush=True)

    return sent


if __name__ == "__main__":
    source, name = (*sys.argv[1:], "", "")[:2]
    try:
        print(main(Path(source), name))
    except (Refusal, OSError) as problem:
        sys.exit(str(problem))
