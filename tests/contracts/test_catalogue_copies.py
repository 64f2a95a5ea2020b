"""One contract for the copies of the catalogue that processes start from."""

from datetime import timedelta

import boto3
import pytest

from chalicelib.adapters.sqlite.copies import SavedCopies
from chalicelib.catalogue.audience import Audience
from chalicelib.catalogue.listing import Selection
from chalicelib.catalogue.ports import CatalogueCopies, CatalogueCopy, Changes
from tests.builders.videos import a_category, a_published_video
from tests.fakes.catalogue_copies import InMemoryCopies
from tests.fakes.clock import HandClock

pytestmark = pytest.mark.contract(of=(CatalogueCopies, CatalogueCopy))

EVERYTHING = Selection(Audience.ADMINISTRATORS)


@pytest.fixture(params=["memory", "s3"])
def copies(request: pytest.FixtureRequest) -> CatalogueCopies:
    if request.param == "memory":
        return InMemoryCopies()
    bucket = request.getfixturevalue("media_bucket")
    return SavedCopies(lambda: boto3.client("s3"), bucket)


def test_without_a_saved_copy_there_is_an_empty_one(copies: CatalogueCopies) -> None:
    assert copies.saved() is None
    assert copies.saved_at() is None
    assert copies.empty().is_empty


def test_a_saved_copy_has_what_was_in_it_and_goes_its_own_way(
    copies: CatalogueCopies, clock: HandClock
) -> None:
    video, drama = a_published_video(clock.now()), a_category(clock.now())
    copy = copies.empty()
    copy.apply(Changes({video.id: video}, {drama.id: drama}))
    copies.save(copy, known_at=clock.now())
    copy.apply(Changes({video.id: None}, {}))
    saved = copies.saved()
    assert saved
    assert saved[1] == copies.saved_at() == clock.now()
    assert [each.video for each in saved[0].entries(EVERYTHING)] == [video]
    assert saved[0].names.by_id == {drama.id: drama}
    saved[0].apply(Changes({video.id: None}, {}))
    again = copies.saved()
    assert again
    assert again[0].count(EVERYTHING) == 1


def test_a_copy_is_searched_as_before_it_was_saved(
    copies: CatalogueCopies, clock: HandClock
) -> None:
    first, second = (a_published_video(clock.now(), f"Metropolis {each}") for each in (1, 2))
    copy = copies.empty()
    copy.apply(Changes({each.id: each for each in (first, second)}, {}))
    copies.save(copy, known_at=clock.now())
    saved = copies.saved()
    assert saved
    for each in (copy, saved[0]):
        assert each.search(Selection(search="metroplis"), most=9) == [second.id, first.id]
        assert each.search(Selection(search="metropolis 1"), most=9) == [first.id]


def test_a_later_copy_replaces_an_earlier_one(copies: CatalogueCopies, clock: HandClock) -> None:
    for _ in range(2):
        copies.save(copies.empty(), known_at=clock.now())
        clock.advance(hours=1)
    assert copies.saved_at() == clock.now() - timedelta(hours=1)


@pytest.mark.parametrize("damage", ["cut", "not packed", "no time"])
def test_a_damaged_copy_is_none(media_bucket: str, clock: HandClock, damage: str) -> None:
    s3 = boto3.client("s3")
    copies = SavedCopies(lambda: s3, media_bucket)
    copies.save(copies.empty(), known_at=clock.now())
    [saved] = s3.list_objects_v2(Bucket=media_bucket)["Contents"]
    body = s3.get_object(Bucket=media_bucket, Key=saved["Key"])["Body"].read()
    known = {"known-at": clock.now().isoformat()}
    s3.put_object(
        Bucket=media_bucket,
        Key=saved["Key"],
        Body={"cut": body[:-9], "not packed": b"nonsense"}.get(damage, body),
        Metadata={} if damage == "no time" else known,
    )
    assert copies.saved() is None
