"""One contract for own posters: of requests that come in any order, the newest one wins."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from chalicelib.adapters.dynamodb.poster_store import DynamoPosterStore
from chalicelib.adapters.dynamodb.video_store import DynamoVideoStore
from chalicelib.catalogue.model import Video, VideoId, VideoNotFound
from chalicelib.catalogue.ports import VideoStore
from chalicelib.catalogue.poster import NO_POSTER, OwnPoster, PosterId, StalePoster
from chalicelib.encoding.poster_ports import PosterStore
from tests.builders.videos import a_published_video, a_video
from tests.fakes.clock import HandClock
from tests.fakes.poster_store import InMemoryPosterStore
from tests.fakes.video_store import InMemoryVideoStore

pytestmark = pytest.mark.contract(of=PosterStore)

FIRST, SECOND, THIRD = PosterId(2**53 - 3), PosterId(2**53 - 2), PosterId(2**53 - 1)


@dataclass(frozen=True)
class Stores:
    posters: PosterStore
    videos: VideoStore
    clock: HandClock

    def add(self, video: Video) -> VideoId:
        self.videos.add(video)
        return video.id

    def poster(self, video_id: VideoId) -> OwnPoster:
        return self.videos.get(video_id).poster


@pytest.fixture(params=["memory", "dynamodb"])
def stores(request: pytest.FixtureRequest, clock: HandClock) -> Stores:
    if request.param == "memory":
        videos = InMemoryVideoStore(clock)
        return Stores(InMemoryPosterStore(videos), videos, clock)
    table = request.getfixturevalue("catalogue")
    return Stores(DynamoPosterStore(table, clock), DynamoVideoStore(table, clock), clock)


@pytest.fixture
def video(stores: Stores) -> VideoId:
    return stores.add(a_published_video(stores.clock.now(), awaits_upload="f" * 32))


def test_a_poster_is_pending_until_it_is_complete_and_nothing_else_changes(
    stores: Stores, video: VideoId
) -> None:
    before = stores.videos.get(video)
    assert before.poster == NO_POSTER
    stores.clock.advance(seconds=5)
    begun = stores.posters.begin(video, FIRST)
    assert begun == stores.videos.get(video)
    assert begun.poster == OwnPoster(newest=FIRST, is_pending=True)
    stores.clock.advance(seconds=5)
    done = stores.posters.complete(video, FIRST)
    assert done.poster == OwnPoster(FIRST, FIRST)
    assert done.changed_at == stores.clock.now()
    assert done == replace(
        before, poster=done.poster, changed_at=done.changed_at, awaits_upload=""
    ), "a draft with a poster is used"


def test_a_request_that_comes_twice_changes_nothing_more(stores: Stores, video: VideoId) -> None:
    for _ in range(2):
        assert stores.posters.begin(video, FIRST).poster.is_pending
    stores.posters.complete(video, FIRST)
    assert stores.posters.begin(video, FIRST).poster == OwnPoster(FIRST, FIRST)
    with pytest.raises(StalePoster):
        stores.posters.complete(video, FIRST)
    with pytest.raises(StalePoster):
        stores.posters.refuse(video, FIRST, "corrupt")


def test_the_poster_that_was_requested_last_wins(stores: Stores, video: VideoId) -> None:
    stores.posters.begin(video, SECOND)
    with pytest.raises(StalePoster):
        stores.posters.begin(video, FIRST)
    stores.posters.begin(video, THIRD)
    with pytest.raises(StalePoster):
        stores.posters.complete(video, SECOND)
    with pytest.raises(StalePoster):
        stores.posters.refuse(video, SECOND, "corrupt")
    assert stores.poster(video) == OwnPoster(newest=THIRD, is_pending=True)


def test_a_refused_poster_leaves_the_one_before(stores: Stores, video: VideoId) -> None:
    stores.posters.begin(video, FIRST)
    stores.posters.complete(video, FIRST)
    stores.posters.begin(video, SECOND)
    stores.posters.refuse(video, SECOND, "corrupt")
    assert stores.poster(video) == OwnPoster(FIRST, SECOND, refusal="corrupt")
    stores.posters.begin(video, THIRD)
    assert stores.poster(video) == OwnPoster(FIRST, THIRD, is_pending=True)


def test_a_removed_poster_is_not_brought_back_by_what_comes_late(
    stores: Stores, video: VideoId
) -> None:
    stores.posters.begin(video, FIRST)
    removed = stores.posters.remove(video, SECOND)
    assert removed.poster == stores.poster(video) == OwnPoster(newest=SECOND)
    with pytest.raises(StalePoster):
        stores.posters.complete(video, FIRST)
    with pytest.raises(StalePoster):
        stores.posters.begin(video, FIRST)
    with pytest.raises(StalePoster):
        stores.posters.remove(video, SECOND)
    assert stores.posters.begin(video, THIRD).poster.is_pending


def of_removed(stores: Stores) -> VideoId:
    video = stores.add(a_video(stores.clock.now()))
    stores.videos.remove(video)
    return video


@pytest.mark.parametrize("missing", [lambda _: VideoId(7), of_removed], ids=["never", "removed"])
def test_a_video_that_is_gone_gets_no_poster(
    stores: Stores, missing: Callable[[Stores], VideoId]
) -> None:
    video = missing(stores)
    with pytest.raises(VideoNotFound):
        stores.posters.begin(video, FIRST)
    with pytest.raises(VideoNotFound):
        stores.posters.remove(video, FIRST)
    with pytest.raises(StalePoster):
        stores.posters.complete(video, FIRST)
    with pytest.raises(VideoNotFound):
        stores.videos.get(video)


def test_encodes_and_posters_are_written_beside_each_other(stores: Stores, video: VideoId) -> None:
    stores.posters.begin(video, FIRST)
    stores.posters.complete(video, FIRST)
    stores.videos.begin_encode(video)
    stores.videos.write(video, stores.videos.get(video).card, is_published=False)
    stores.videos.trash(video, stores.clock.now())
    assert stores.videos.restore(video).poster == OwnPoster(FIRST, FIRST)
