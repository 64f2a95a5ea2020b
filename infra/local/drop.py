"""`make drop`: lay a film into the inbox of the site that runs here."""

import os
import sys
from pathlib import Path
from typing import BinaryIO

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from infra.local.settings import ROOT, LocalSettings
from infra.refusal import Refusal

_NOT_UP = "Nothing runs here: start it with  make run  in another terminal."


def main(film: Path, name: str) -> str:
    if not film.is_file():
        raise Refusal('Which film? make drop FILM=film.mp4 AS="Drama/My film.mp4"')
    settings = LocalSettings.load(ROOT, os.environ)
    os.environ.update(settings.environment({}))
    with film.open("rb") as file:
        return lay(file, name or film.name, not_up=_NOT_UP)


def lay(film: BinaryIO, name: str, *, not_up: str) -> str:
    """Send the film and return what to say about it; raise `Refusal` if there is no site."""
    s3 = boto3.client("s3")
    try:
        buckets = [each["Name"] for each in s3.list_buckets()["Buckets"]]
        bucket = next(bucket for bucket in buckets if "-uploads-" in bucket)
        s3.upload_fileobj(film, bucket, f"inbox/{name}")
    except (BotoCoreError, ClientError, StopIteration) as error:
        raise Refusal(not_up) from error
    return f"{name} lies in the inbox; in a moment it is a draft at /api/video/?include=drafts"


if __name__ == "__main__":
    film, name = (*sys.argv[1:], "", "")[:2]
    try:
        print(main(Path(film), name))
    except (Refusal, OSError) as problem:
        sys.exit(str(problem))
