"""One contract, every media store."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

from chalicelib.adapters.media_bucket import S3MediaStore
from chalicelib.encoding.ports import MediaStore
from tests.fakes.media_store import InMemoryMediaStore

pytestmark = pytest.mark.contract(of=MediaStore)


@pytest.fixture(params=["memory", "s3"])
def store(request: pytest.FixtureRequest) -> Iterator[MediaStore]:
    if request.param == "memory":
        yield InMemoryMediaStore()
    else:
        yield S3MediaStore(lambda: boto3.client("s3"), request.getfixturevalue("media_bucket"))


@pytest.fixture
def segment(tmp_path: Path) -> Path:
    path = tmp_path / "00000.m4s"
    path.write_bytes(b"moof" * 1000)
    return path


def test_a_file_comes_back_as_it_was_put(store: MediaStore, segment: Path, tmp_path: Path) -> None:
    store.put("media/1/1/video/720p/00000.m4s", segment, content_type="video/iso.segment")
    store.fetch("media/1/1/video/720p/00000.m4s", tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == segment.read_bytes()


def test_what_is_written_is_read_and_what_is_not_is_nothing(store: MediaStore) -> None:
    store.write("work/1/1/plan.json", '{"title": "Grüße"}')
    assert store.read("work/1/1/plan.json") == '{"title": "Grüße"}'.encode()
    assert store.read("work/1/2/plan.json") is None


def test_size_and_md5_of_all_below_are_listed(store: MediaStore, segment: Path) -> None:
    for name in ("media/1/1/a", "media/1/1/b/c", "media/12/1/a"):
        store.put(name, segment, content_type="video/mp4")
    measured = 4000, hashlib.md5(segment.read_bytes(), usedforsecurity=False).hexdigest()
    assert store.listed("media/1/") == {"media/1/1/a": measured, "media/1/1/b/c": measured}
    assert store.listed("images/") == {}


def test_only_what_is_below_is_removed(store: MediaStore) -> None:
    for name in ("media/1/1/a", "media/1/1/b/c", "media/12/1/a"):
        store.write(name, "x")
    store.remove("media/1/")
    store.remove("media/1/")
    assert list(store.listed("media/")) == ["media/12/1/a"]


def test_a_name_without_a_slash_is_one_object(store: MediaStore) -> None:
    for name in ("reports/1/1.json", "reports/1/1.json/a", "reports/1/12.json"):
        store.write(name, "x")
    store.remove("reports/1/1")
    assert len(store.listed("reports/")) == 3
    store.remove("reports/1/1.json")
    store.remove("reports/1/1.json")
    assert sorted(store.listed("reports/")) == ["reports/1/1.json/a", "reports/1/12.json"]


def test_a_copy_is_an_object_of_its_own(store: MediaStore, segment: Path) -> None:
    store.put("media/1/1/pictures/hero.jpg", segment, content_type="image/jpeg")
    store.copy("media/1/1/pictures/hero.jpg", "images/1/1/hero.jpg")
    [copied], [kept] = store.listed("images/").values(), store.listed("media/").values()
    assert copied == kept
    store.remove("images/1/")
    assert store.read("media/1/1/pictures/hero.jpg") == segment.read_bytes()


def test_folders_right_below_are_listed(store: MediaStore) -> None:
    for name in ("media/1/1/a", "media/1/2/b/c", "media/12/1/a", "media/x"):
        store.write(name, "x")
    assert sorted(store.folders("media/")) == ["media/1/", "media/12/"]
    assert sorted(store.folders("media/1/")) == ["media/1/1/", "media/1/2/"]
