"""One contract, every store of uploads."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.accounts.model import AccountId
from chalicelib.adapters.dynamodb.upload_store import DynamoUploadStore
from chalicelib.catalogue.model import VideoId
from chalicelib.ingest.model import Upload, UploadNotFound
from chalicelib.ingest.ports import UploadStore
from tests.fakes.clock import HandClock
from tests.fakes.upload_store import InMemoryUploadStore

pytestmark = pytest.mark.contract(of=UploadStore)

ADA, GRACE = AccountId(1), AccountId(2)


@pytest.fixture(params=["memory", "dynamodb"])
def store(request: pytest.FixtureRequest, clock: HandClock) -> UploadStore:
    if request.param == "memory":
        return InMemoryUploadStore(clock)
    return DynamoUploadStore(request.getfixturevalue("catalogue"), clock)


def an_upload(clock: HandClock, name: str = "a", *, account: AccountId = ADA) -> Upload:
    return Upload(
        id=name * 32,
        account_id=account,
        video_id=VideoId(2**53 - 1),
        key=f"uploads/7/{name * 32}/source.mp4",
        multipart_id="multipart/+=",
        filename="../\n\N{CLAPPER BOARD}.mp4",
        size=50 * 10**9,
        part_size=16 * 1024**2,
        created_at=clock.now(),
    )


def test_an_upload_comes_back_as_it_was_written(store: UploadStore, clock: HandClock) -> None:
    upload = an_upload(clock)
    store.add(upload)
    assert store.get(ADA, upload.id) == upload


def test_uploads_of_others_are_not_there(store: UploadStore, clock: HandClock) -> None:
    upload = an_upload(clock)
    store.add(upload)
    with pytest.raises(UploadNotFound):
        store.get(GRACE, upload.id)
    assert list(store.of(GRACE)) == []


def test_the_newest_comes_first(store: UploadStore, clock: HandClock) -> None:
    uploads = []
    for name in "cab":
        uploads.append(an_upload(clock, name))
        store.add(uploads[-1])
        clock.advance(seconds=1)
    assert list(store.of(ADA)) == uploads[::-1]


def test_a_complete_upload_says_since_when(store: UploadStore, clock: HandClock) -> None:
    upload = an_upload(clock)
    store.add(upload)
    clock.advance(hours=1)
    completed = replace(upload, completed_at=clock.now())
    store.complete(completed)
    assert store.get(ADA, upload.id) == completed


def test_a_removed_upload_cannot_be_completed(store: UploadStore, clock: HandClock) -> None:
    upload = an_upload(clock)
    store.add(upload)
    store.remove(upload)
    store.remove(upload)
    with pytest.raises(UploadNotFound):
        store.complete(replace(upload, completed_at=clock.now()))
    with pytest.raises(UploadNotFound):
        store.get(ADA, upload.id)


def test_uploads_are_kept_for_three_days(store: UploadStore, clock: HandClock) -> None:
    upload = an_upload(clock)
    store.add(upload)
    clock.advance(seconds=timedelta(days=3).total_seconds() - 1)
    assert store.get(ADA, upload.id) == upload
    clock.advance(seconds=1)
    assert list(store.of(ADA)) == []
