"""One contract for what follows when viewers may see a video: the fake, and notes in the bucket."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from chalicelib.adapters.publicity import NotedPublicity
from chalicelib.catalogue.model import CompleteMedia, Revision, Video, VideoId
from chalicelib.catalogue.ports import Publicity
from tests.builders.encodes import InMemoryEncoding
from tests.fakes.clock import HandClock
from tests.fakes.publicity import RememberingPublicity

pytestmark = pytest.mark.contract(of=Publicity)


@dataclass(frozen=True)
class Stage:
    publicity: Publicity
    is_revealed: Callable[[VideoId], bool]
    # How many removal notes there are of a video.
    notes: Callable[[VideoId], int]
    video: Video


@pytest.fixture(params=["memory", "bucket"])
def stage(request: pytest.FixtureRequest, clock: HandClock) -> Stage:
    encoding = InMemoryEncoding(clock)
    video = replace(
        encoding.draft(), media=CompleteMedia(Revision(1), 60, (720,), keeps_pictures=True)
    )
    if request.param == "memory":
        fake = RememberingPublicity()
        return Stage(fake, lambda each: each in fake.revealed, fake.withdrawn.count, video)
    encoding.media.write(f"media/{video.id}/1/pictures/hero.jpg", "x")

    def notes(video_id: VideoId) -> int:
        return sum(each.video_id == video_id for each in encoding.removal.pending())

    def is_revealed(video_id: VideoId) -> bool:
        return any(encoding.media.folders(f"images/{video_id}/"))

    publicity = NotedPublicity(encoding.pictures, encoding.media)
    return Stage(publicity, is_revealed, notes, video)


def test_pictures_are_laid_where_everybody_finds_them(stage: Stage) -> None:
    assert not stage.is_revealed(stage.video.id)
    for _ in range(2):
        stage.publicity.reveal(stage.video)
    assert stage.is_revealed(stage.video.id)


def test_each_withdrawal_invalidates_the_edge(stage: Stage) -> None:
    for _ in range(2):
        stage.publicity.withdraw(stage.video.id)
    stage.publicity.withdraw(VideoId(404))
    assert (stage.notes(stage.video.id), stage.notes(VideoId(404))) == (2, 1)


def test_a_video_without_media_has_nothing_to_show_and_is_no_error(stage: Stage) -> None:
    stage.publicity.reveal(replace(stage.video, id=VideoId(404), media=None))
