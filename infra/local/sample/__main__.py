"""Add the sample video: `python -m infra.local.sample <data folder>`, at the first start."""

import os
import secrets
import signal
import sys
import tempfile
from pathlib import Path

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.catalogue.model import VideoId
from chalicelib.errors import DomainError
from chalicelib.ingest.source_keys import upload_key
from chalicelib.wiring import catalogue, stage
from infra.local.sample import source
from infra.local.sample.sample_video import BucketMarker, SampleVideo

# The API and the pages have precedence.
_NICENESS = 10
_PROBLEMS = (OSError, RuntimeError, DomainError, BotoCoreError, ClientError, source.SampleFailed)


def main(data: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="sample-film-") as folder:
        sample = SampleVideo(
            curation=catalogue.curation(),
            cache=catalogue.catalogue_cache(),
            make=lambda: source.make(Path(folder)),
            upload=_upload,
            marker=BucketMarker(
                boto3.client("s3"), stage.settings().media_bucket, data / "sample-film"
            ),
        )
        if sample.is_due:
            sample.add()


def _upload(video_id: VideoId, path: Path) -> None:
    key = upload_key(video_id, secrets.token_hex(16), path.name)
    boto3.client("s3").upload_file(str(path), stage.settings().uploads_bucket, key)


def _end(*_: object) -> None:
    # As an exception, so that FFmpeg is ended and its folder removed.
    sys.exit(0)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _end)
    os.nice(_NICENESS)
    try:
        main(Path(sys.argv[1]))
    except _PROBLEMS as problem:
        sys.exit(f"The sample video could not be made: {type(problem).__name__}: {problem}")
