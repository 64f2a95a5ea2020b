"""What the edge keeps on disk never outlives the bucket it came from."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3
import pytest
from moto.s3.models import s3_backends

from infra.local.edge import disk_cache

MEDIA = os.environ["MEDIA_BUCKET"]
MADE = datetime(2026, 11, 1, 12, tzinfo=UTC)


@pytest.fixture
def folder(cloud: None, tmp_path: Path) -> Path:  # noqa: ARG001
    make_bucket(MADE)
    return tmp_path / "edge"


def make_bucket(made: datetime) -> None:
    s3_backends["123456789012"]["aws"].buckets[MEDIA].creation_date = made


def kept(folder: Path) -> list[str]:
    cache = disk_cache.of_bucket(folder, boto3.client("s3"), MEDIA)
    assert cache == folder
    return [path.name for path in cache.iterdir()]


def test_what_is_in_it_stays_while_the_bucket_stays(folder: Path) -> None:
    assert kept(folder) == []
    (folder / "segment").touch()
    assert kept(folder) == ["segment"]


def test_it_is_emptied_for_a_bucket_that_was_made_anew(folder: Path) -> None:
    kept(folder)
    (folder / "segment").touch()
    make_bucket(MADE + timedelta(seconds=1))
    assert kept(folder) == []


def test_what_an_earlier_version_left_is_of_an_unknown_bucket(folder: Path) -> None:
    folder.mkdir()
    (folder / "segment").touch()
    assert kept(folder) == []
