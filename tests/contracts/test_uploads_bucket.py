"""One contract, every uploads bucket; a presigned URL is enough to send there."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest

from chalicelib.adapters.uploads_bucket import S3Uploads
from chalicelib.catalogue.model import VideoId
from chalicelib.encoding.model import Sidecar, SourceReplaced, UnusedSidecars
from chalicelib.encoding.ports import SourceStore
from chalicelib.ingest.parts import UploadGone
from chalicelib.ingest.ports import UploadBucket
from tests.fakes.clock import HandClock
from tests.fakes.uploads_bucket import InMemoryUploads

pytestmark = pytest.mark.contract(of=(UploadBucket, SourceStore))

KEY = "uploads/7/0123456789abcdef0123456789abcdef/source.mp4"
FIRST, LAST = b"x" * 5 * 1024**2, b"the end"

Send = Callable[[str, str, int, bytes], object]


@pytest.fixture(params=["memory", "s3"])
def bucket(request: pytest.FixtureRequest) -> Iterator[Any]:
    if request.param == "memory":
        yield InMemoryUploads(request.getfixturevalue("clock"))
    else:
        yield S3Uploads(lambda: boto3.client("s3"), request.getfixturevalue("uploads_bucket"))


@pytest.fixture
def send(bucket: Any) -> Send:
    if isinstance(bucket, InMemoryUploads):
        return bucket.send
    return lambda key, multipart_id, number, content: bucket.client().upload_part(
        Bucket=bucket.bucket, Key=key, UploadId=multipart_id, PartNumber=number, Body=content
    )


def lay(bucket: Any, key: str, content: bytes = b"x") -> None:
    if isinstance(bucket, InMemoryUploads):
        bucket.objects[key] = content
    else:
        bucket.client().put_object(Bucket=bucket.bucket, Key=key, Body=content)


def test_parts_become_one_object(bucket: Any, send: Send, tmp_path: Path) -> None:
    multipart_id = bucket.begin(KEY)
    for number, content in ((2, LAST), (1, FIRST)):
        send(KEY, multipart_id, number, content)
    parts = bucket.parts(KEY, multipart_id)
    assert {number: part.size for number, part in parts.items()} == {1: len(FIRST), 2: len(LAST)}
    assert bucket.find(KEY) is None
    bucket.complete(KEY, multipart_id, parts)
    source = bucket.find(KEY)
    assert source.size == len(FIRST + LAST)
    assert '"' not in source.etag
    bucket.fetch(source, tmp_path / "film")
    assert (tmp_path / "film").read_bytes() == FIRST + LAST
    with pytest.raises(UploadGone):
        bucket.parts(KEY, multipart_id)


def test_an_aborted_upload_is_gone(bucket: Any, send: Send) -> None:
    multipart_id = bucket.begin(KEY)
    send(KEY, multipart_id, 1, LAST)
    bucket.abort(KEY, multipart_id)
    bucket.abort(KEY, multipart_id)
    with pytest.raises(UploadGone):
        bucket.parts(KEY, multipart_id)


def test_uploads_that_began_long_ago_are_listed(bucket: Any, clock: HandClock) -> None:
    multipart_id = bucket.begin(KEY)
    # The bucket tells the time by a clock of its own.
    assert list(bucket.begun_before(clock.now() + timedelta(hours=1))) == [(KEY, multipart_id)]
    assert list(bucket.begun_before(clock.now() - timedelta(days=30 * 365))) == []


def test_all_uploads_of_a_video_are_removed(bucket: Any) -> None:
    for key in (KEY, "uploads/7/subtitles/en.srt", "uploads/77/subtitles/en.srt"):
        lay(bucket, key)
    bucket.remove_uploads(VideoId(7))
    assert bucket.find(KEY) is None
    assert bucket.find("uploads/77/subtitles/en.srt").size == 1


def test_one_object_is_removed_by_its_name_and_none_that_begins_alike(bucket: Any) -> None:
    for key in ("inbox/Film", "inbox/Film 2.mp4", "inbox/Film/Other.mp4"):
        lay(bucket, key)
    bucket.remove("inbox/Film")
    bucket.remove("inbox/Film")
    assert bucket.find("inbox/Film") is None
    assert bucket.find("inbox/Film 2.mp4")
    assert bucket.find("inbox/Film/Other.mp4")


def test_subtitles_beside_a_source_are_listed(bucket: Any) -> None:
    for key in ("inbox/Film.mp4", "inbox/Film.de.srt", "inbox/Film 2.en.srt"):
        lay(bucket, key)
    assert [each.language for each in bucket.beside("inbox/Film.mp4")] == ["de"]


def test_subtitles_beside_a_source_that_are_not_used_are_named(bucket: Any) -> None:
    for name in ("Film.mp4", "Film.de.srt", "Film.klingonese.srt", "Film.deu.srt"):
        lay(bucket, f"inbox/{name}")
    assert bucket.unused_beside("inbox/Film.mp4") == UnusedSidecars(
        ["Film.klingonese.srt"], [("Film.deu.srt", "Film.de.srt")]
    )


def test_all_files_with_a_prefix_are_listed(bucket: Any) -> None:
    for key in ("inbox/Film.de.srt", "inbox/Film.mp4", "inbox/Film 2.mp4"):
        lay(bucket, key, key.encode())
    listed = {each.key: each for each in bucket.listed("inbox/Film.")}
    assert {key: each.size for key, each in listed.items()} == {
        "inbox/Film.de.srt": 17,
        "inbox/Film.mp4": 14,
    }
    assert all(each.sent_at.tzinfo for each in listed.values())
    assert list(bucket.listed("inbox/None")) == []


def test_subtitles_are_put_beside_another_source(bucket: Any) -> None:
    for key in ("inbox/Film.mp4", "inbox/Film.pt-BR.srt", "inbox/Film.VTT", KEY):
        lay(bucket, key, key.encode())
    before = bucket.beside("inbox/Film.mp4")
    for sidecar in before:
        bucket.put_beside(sidecar, KEY)
    assert [(each.language, each.key) for each in bucket.beside(KEY)] == [
        ("pt-BR", "uploads/7/subtitles/pt-BR.srt"),
        ("und", "uploads/7/subtitles/und.vtt"),
    ]
    copied = bucket.find("uploads/7/subtitles/und.vtt")
    assert b"".join(bucket.read(copied, 0, 99)) == b"inbox/Film.VTT"
    assert bucket.beside("inbox/Film.mp4") == before
    bucket.put_beside(Sidecar("fr", "inbox/Gone.fr.srt"), KEY)
    assert len(bucket.beside(KEY)) == 2


@pytest.mark.parametrize(("first", "last"), [(0, 9), (3, 3), (5, 700_000), (0, 999_999)])
def test_any_range_of_a_source_can_be_read(bucket: Any, first: int, last: int) -> None:
    content = bytes(range(250)) * 4000
    lay(bucket, KEY, content)
    source = bucket.find(KEY)
    assert b"".join(bucket.read(source, first, last)) == content[first : last + 1]


def test_nothing_is_read_of_an_object_that_replaced_another(bucket: Any) -> None:
    lay(bucket, KEY)
    source = bucket.find(KEY)
    lay(bucket, KEY, b"something else")
    with pytest.raises(SourceReplaced):
        next(bucket.read(source, 0, 0))
    bucket.remove(KEY)
    with pytest.raises(SourceReplaced):
        next(bucket.read(source, 0, 0))
