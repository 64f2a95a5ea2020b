"""Uploads on LocalStack: the contract of the bucket, presigned parts, and notifications."""

import json
import uuid

import httpx
import pytest

from chalicelib.adapters.uploads_bucket import S3Uploads
from chalicelib.ingest.parts import Part
from infra.local.settings import REGION
from tests.contracts.test_uploads_bucket import (
    FIRST,
    KEY,
    LAST,
    send,
    test_all_uploads_of_a_video_are_removed,
    test_an_aborted_upload_is_gone,
    test_one_object_is_removed_by_its_name_and_none_that_begins_alike,
    test_parts_become_one_object,
    test_subtitles_beside_a_source_are_listed,
    test_uploads_that_began_long_ago_are_listed,
)
from tests.localstack.conftest import Cloud

__all__ = [
    "send",
    "test_all_uploads_of_a_video_are_removed",
    "test_an_aborted_upload_is_gone",
    "test_one_object_is_removed_by_its_name_and_none_that_begins_alike",
    "test_parts_become_one_object",
    "test_subtitles_beside_a_source_are_listed",
    "test_uploads_that_began_long_ago_are_listed",
]


@pytest.fixture
def bucket(running: Cloud) -> S3Uploads:
    """An empty bucket without notifications."""
    client, name = running.client("s3"), f"t{uuid.uuid4().hex}"
    client.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    return S3Uploads(lambda: client, name)


@pytest.fixture
def uploads(running: Cloud) -> S3Uploads:
    client = running.client("s3")
    return S3Uploads(lambda: client, running.outputs["UPLOADS_BUCKET"])


def received(cloud: Cloud) -> list[str]:
    """Take all notifications from the queue of uploads, and return their keys."""
    sqs = cloud.client("sqs")
    url = sqs.get_queue_url(QueueName="videoflix-uploads")["QueueUrl"]
    keys: list[str] = []
    while messages := sqs.receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1
    ).get("Messages"):
        for message in messages:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            records = json.loads(message["Body"]).get("Records", [])
            keys += [record["s3"]["object"]["key"] for record in records]
    return keys


def test_parts_sent_to_presigned_urls_become_an_object_with_a_notification(
    running: Cloud, uploads: S3Uploads
) -> None:
    multipart_id = uploads.begin(KEY)
    for number, content in ((2, LAST), (1, FIRST)):
        part = Part(number, len(content))
        url = uploads.part_url(KEY, multipart_id, part, seconds=300)
        assert httpx.put(url, content=content).status_code == 200
    uploads.complete(KEY, multipart_id, uploads.parts(KEY, multipart_id))
    source = uploads.find(KEY)
    assert source
    assert source.size == len(FIRST + LAST)
    assert KEY in received(running)


@pytest.mark.parametrize(("key", "is_received"), [("inbox/Drama/Film.mp4", True), ("other", False)])
def test_only_objects_in_the_folders_of_sources_send_notifications(
    running: Cloud, uploads: S3Uploads, key: str, is_received: bool
) -> None:
    uploads.client().put_object(Bucket=uploads.bucket, Key=key, Body=b"film")
    assert (key in received(running)) is is_received
