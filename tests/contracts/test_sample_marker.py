"""The marker of the sample film lasts as long as the bucket it lies in, and no longer."""

import os
import time
from pathlib import Path

import boto3
import pytest

from infra.local.sample.sample_video import BucketMarker, Marker
from tests.fakes.sample_marker import InMemoryMarker

MEDIA = os.environ["MEDIA_BUCKET"]
AN_HOUR = 3600


@pytest.fixture
def former(tmp_path: Path) -> Path:
    """Where earlier versions wrote it down."""
    return tmp_path / "sample-film"


@pytest.fixture(params=["in memory", "in the bucket"])
def marker(request: pytest.FixtureRequest, cloud: None, former: Path) -> Marker:  # noqa: ARG001
    if request.param == "in memory":
        return InMemoryMarker()
    return BucketMarker(boto3.client("s3"), MEDIA, former)


def test_it_is_set_once_it_was_set(marker: Marker) -> None:
    assert not marker.is_set()
    marker.set()
    marker.set()
    assert marker.is_set()


@pytest.fixture
def in_the_bucket(cloud: None, former: Path) -> BucketMarker:  # noqa: ARG001
    return BucketMarker(boto3.client("s3"), MEDIA, former)


def test_it_is_remembered_by_the_bucket_and_not_by_the_process(
    in_the_bucket: BucketMarker, former: Path
) -> None:
    in_the_bucket.set()
    assert BucketMarker(boto3.client("s3"), MEDIA, former).is_set()
    assert not former.exists()


def test_an_emulator_that_forgot_everything_forgot_it_too(
    in_the_bucket: BucketMarker, former: Path
) -> None:
    in_the_bucket.set()
    former.touch()
    os.utime(former, (time.time() - AN_HOUR,) * 2)
    client = boto3.client("s3")
    client.delete_object(Bucket=MEDIA, Key="sample-film")
    assert not in_the_bucket.is_set()


def test_what_an_earlier_version_wrote_down_counts_while_its_bucket_lasts(
    in_the_bucket: BucketMarker, former: Path
) -> None:
    former.touch()
    os.utime(former, (time.time() + AN_HOUR,) * 2)
    assert in_the_bucket.is_set()
