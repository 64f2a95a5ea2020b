"""`make drop`: lay a film into the inbox of the site that runs here."""

import os
import sys
from pathlib import Path

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from infra.local.settings import LocalSettings
from infra.local.start import ROOT
from infra.refusal import Refusal


def main(film: Path, name: str) -> None:
    if not film.is_file():
        raise Refusal('Which film? make drop FILM=film.mp4 AS="Drama/My film.mp4"')
    settings = LocalSettings.load(ROOT, os.environ)
    os.environ.update(settings.environment({}))
    s3 = boto3.client("s3")
    try:
        buckets = [each["Name"] for each in s3.list_buckets()["Buckets"]]
        bucket = next(bucket for bucket in buckets if "-uploads-" in bucket)
        s3.upload_file(str(film), bucket, f"inbox/{name}")
    except (BotoCoreError, ClientError, StopIteration) as error:
        raise Refusal("Nothing runs here: start it with  make run  in another terminal.") from error


if __name__ == "__main__":
    film, name = (*sys.argv[1:], "", "")[:2]
    try:
        main(Path(film), name or Path(film).name)
    except (Refusal, OSError) as problem:
        sys.exit(str(problem))
