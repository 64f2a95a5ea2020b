"""Ids are kept if they are ids here; others are computed, the same in every import."""

import pytest

from chalicelib.clock import LARGEST_ID
from chalicelib.ingest.model import UPLOAD_ID
from infra.transfer.ids import own_id, spare_id, upload_id


@pytest.mark.parametrize("key", [1, 7, LARGEST_ID])
def test_a_number_is_kept(key: int) -> None:
    assert own_id(key, "auth.user") == key


@pytest.mark.parametrize("key", [0, -7, LARGEST_ID + 1, True, "7", None, 7.0, ["a"]])
def test_what_is_no_id_here_is_computed(key: object) -> None:
    assert own_id(key, "auth.user 1") == spare_id("auth.user 1")
    assert 0 < spare_id("auth.user 1") <= LARGEST_ID
    assert spare_id("auth.user 1") != spare_id("auth.user 2")


def test_the_id_of_an_upload_is_one() -> None:
    assert UPLOAD_ID.fullmatch(upload_id("videos.video 1 a.mp4"))
    assert upload_id("\ud800") != upload_id("videos.video 1 a.mp4")
