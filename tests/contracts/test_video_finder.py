"""Contract of `VideoFinder`: the fake and the catalogue cache."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from chalicelib.catalogue.cache import LOOK_EVERY, CatalogueCache
from chalicelib.catalogue.model import Video, VideoId, VideoNotFound
from chalicelib.playback.ports import VideoFinder
from tests.builders.videos import a_published_video, a_video
from tests.fakes.catalogue_copies import InMemoryCopies
from tests.fakes.category_store import InMemoryCategoryStore
from tests.fakes.change_log import InMemoryChangeLog
from tests.fakes.clock import HandClock
from tests.fakes.streams import InMemoryVideoFinder
from tests.fakes.video_store import InMemoryVideoStore

pytestmark = pytest.mark.contract(of=VideoFinder)


@dataclass(frozen=True)
class VideosHarness:
    finder: VideoFinder
    add: Callable[[Video], None]
    remove: Callable[[VideoId], None]


@pytest.fixture(params=["memory", "cache"])
def harness(request: pytest.FixtureRequest, clock: HandClock) -> VideosHarness:
    if request.param == "memory":
        finder = InMemoryVideoFinder()
        return VideosHarness(
            finder,
            lambda video: finder.videos.update({video.id: video}),
            finder.videos.__delitem__,
        )
    videos = InMemoryVideoStore(clock)
    cache = CatalogueCache(
        InMemoryChangeLog(videos, InMemoryCategoryStore(clock)), InMemoryCopies(), clock
    )

    def remove(video_id: VideoId) -> None:
        videos.remove(video_id)
        # Another process has polled by then.
        clock.advance(seconds=LOOK_EVERY.total_seconds())

    return VideosHarness(cache, videos.add, remove)


def refusal(finder: VideoFinder, video_id: VideoId) -> tuple[type[Exception], str, str]:
    with pytest.raises(VideoNotFound) as refused:
        finder.find(video_id)
    return type(refused.value), refused.value.code, str(refused.value)


def test_a_video_is_read_as_it_was_written(harness: VideosHarness, clock: HandClock) -> None:
    video = a_published_video(clock.now())
    harness.add(video)
    assert harness.finder.find(video.id) == video


def test_a_draft_is_read_too(harness: VideosHarness, clock: HandClock) -> None:
    draft = replace(a_video(clock.now()), is_published=False)
    harness.add(draft)
    assert harness.finder.find(draft.id) == draft


def test_two_videos_are_distinguished_by_id(harness: VideosHarness, clock: HandClock) -> None:
    videos = [a_published_video(clock.now(), f"Film {number}") for number in range(3)]
    for video in videos:
        harness.add(video)
    assert [harness.finder.find(video.id) for video in videos] == videos


def test_unknown_and_deleted_videos_get_the_same_error(
    harness: VideosHarness, clock: HandClock
) -> None:
    video = a_published_video(clock.now())
    harness.add(video)
    assert harness.finder.find(video.id) == video
    harness.remove(video.id)
    expected = (VideoNotFound, "video_not_found", "There is no such video.")
    assert refusal(harness.finder, video.id) == expected
    assert refusal(harness.finder, VideoId(1)) == expected
