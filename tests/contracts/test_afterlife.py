"""One contract for what follows the removal of a video: the fake, and the overseer of encodes."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from chalicelib.catalogue.model import VideoId
from chalicelib.catalogue.ports import Afterlife
from chalicelib.transcoding.oversight import Oversight
from tests.fakes.afterlife import RememberingAfterlife
from tests.fakes.clock import HandClock
from tests.making import Workplace

pytestmark = pytest.mark.contract(of=Afterlife)


@dataclass(frozen=True)
class Removal:
    afterlife: Afterlife
    # A video of which media are being made.
    video: Callable[[], VideoId]
    is_dealt_with: Callable[[VideoId], bool]


@pytest.fixture(params=["memory", "oversight"])
def removal(request: pytest.FixtureRequest, clock: HandClock) -> Removal:
    place = Workplace(clock)
    if request.param == "memory":
        afterlife = RememberingAfterlife()
        return Removal(afterlife, lambda: place.title().id, lambda video: video in afterlife.told)
    assert isinstance(place.oversight, Oversight)

    def video() -> VideoId:
        encode = place.planned()
        place.media.write(f"media/{encode.video_id}/1/video/720p/00000.m4s", "segment")
        return encode.video_id

    def is_dealt_with(video_id: VideoId) -> bool:
        left = place.encodes.of(video_id), place.media.listed(f"media/{video_id}/")
        return not any(left) and not place.pipeline.running

    return Removal(place.oversight, video, is_dealt_with)


def test_what_was_made_of_a_removed_video_goes(removal: Removal) -> None:
    video = removal.video()
    assert not removal.is_dealt_with(video)
    removal.afterlife.removed(video)
    assert removal.is_dealt_with(video)


def test_it_may_be_told_twice(removal: Removal) -> None:
    video = removal.video()
    removal.afterlife.removed(video)
    removal.afterlife.removed(video)
    assert removal.is_dealt_with(video)


def test_a_video_of_which_nothing_was_ever_made_is_no_error(removal: Removal) -> None:
    removal.afterlife.removed(VideoId(1))
