"""Addresses of the uploads bucket lead browsers straight to it, wherever it is."""

from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib.adapters.s3 import s3_client
from chalicelib.adapters.uploads_bucket import S3Uploads
from chalicelib.ingest.parts import Part
from chalicelib.wiring import ingest

KEY = "uploads/7/0123456789abcdef0123456789abcdef/source.mp4"


@pytest.fixture
def on_aws(uploads_bucket: str) -> S3Uploads:
    return S3Uploads(s3_client, uploads_bucket)


def test_on_aws_an_address_leads_to_the_region_without_a_detour(on_aws: S3Uploads) -> None:
    url = urlsplit(on_aws.part_url(KEY, "id", Part(2, 77), seconds=3600))
    query = parse_qs(url.query)
    assert url.hostname == "videoflix-uploads.s3.eu-central-1.amazonaws.com"
    assert url.path == f"/{KEY}"
    assert (query["partNumber"], query["X-Amz-Expires"]) == (["2"], ["3600"])
    # Nothing that a browser would not send by itself.
    assert query["X-Amz-SignedHeaders"] == ["content-length;host"]
    assert not [name for name in query if "checksum" in name.lower()]


def test_on_an_emulator_the_bucket_is_part_of_the_path(
    on_aws: S3Uploads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://localstack:4566")
    assert on_aws.file_url(KEY, size=1, seconds=1).startswith(
        f"http://localstack:4566/videoflix-uploads/{KEY}?"
    )


def test_who_uploads_is_sent_to_the_url_that_he_reaches(
    uploads_bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In compose, the API reaches S3 by a name that only containers know."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://aws.localhost:4566")
    monkeypatch.setenv("UPLOADS_URL", "http://127.0.0.1:4566/")
    bucket = ingest.uploads().bucket
    assert isinstance(bucket, S3Uploads)
    for url in (
        bucket.file_url(KEY, size=1, seconds=1),
        bucket.part_url(KEY, "id", Part(1, 1), seconds=1),
    ):
        assert url.startswith(f"http://127.0.0.1:4566/{uploads_bucket}/{KEY}?")
