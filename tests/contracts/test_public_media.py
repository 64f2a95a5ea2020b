"""One contract for what follows when viewers may see a video: the fake, and notes in the bucket."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from chalicelib.adapters.public_media import BucketPublicMedia
from chalicelib.catalogue.model import CompleteMedia, Revision, Video, VideoId
from chalicelib.catalogue.ports import PublicMedia
from tests.builders.encodes import InMemoryEncoding
from tests.fakes.clock import HandClock
from tests.fakes.public_media import RecordingPublicMedia

pytestmark = pytest.mark.contract(of=PublicMedia)


@dataclass(frozen=True)
class Stage:
    public_media: PublicMedia
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
        fake = RecordingPublicMedia()
        return Stage(fake, lambda each: each in fake.revealed, fake.withdrawn.count, video)
    encoding.media.write(f"media/{video.id}/1/pictures/hero.jpg", "x")

    def notes(video_id: VideoId) -> int:
        return sum(each.video_id == video_id for each in encoding.removal.pending())

    def is_revealed(video_id: VideoId) -> bool:
        return any(encoding.media.folders(f"images/{video_id}/"))

    public_media = BucketPublicMedia(encoding.pictures, encoding.media)
    return Stage(public_media, is_revealed, notes, video)


def test_pictures_are_laid_where_everybody_finds_them(stage: Stage) -> None:
    assert not stage.is_revealed(stage.video.id)
    for _ in range(2):
        stage.public_media.reveal(stage.video)
    assert stage.is_revealed(stage.video.id)


def test_each_withdrawal_invalidates_the_edge(stage: Stage) -> None:
    for _ in range(2):
        stage.public_media.withdraw(stage.video.id)
    stage.public_media.withdraw(VideoId(404))
    assert (stage.notes(stage.video.id), stage.notes(VideoId(404))) == (2, 1)


def test_a_video_without_media_has_nothing_to_show_and_is_no_error(stage: Stage) -> None:
    stage.public_media.reveal(replace(stage.video, id=VideoId(404), media=None))
    assert not stage.is_revealed(VideoId(404))
