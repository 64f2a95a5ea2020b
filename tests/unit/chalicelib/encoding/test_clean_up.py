"""What is cleared away, and what is left alone."""

from dataclasses import replace

from chalicelib.catalogue.model import Video
from chalicelib.encoding.clean_up import CleanUpResult
from chalicelib.encoding.failures import Reason, failure
from chalicelib.encoding.model import Encode
from tests.builders.assets import an_asset
from tests.builders.encodes import Workplace
from tests.fakes.category_store import InMemoryCategoryStore
from tests.fakes.change_log import InMemoryChangeLog
from tests.fakes.video_store import InMemoryVideoStore

NOTHING = CleanUpResult(folders=0, revived=0)


def with_media(place: Workplace, encode: Encode) -> Encode:
    for kind in ("media", "work"):
        place.media.write(f"{kind}/{encode.video_id}/{encode.revision}/a", "x")
    place.media.write(f"reports/{encode.video_id}/{encode.revision}.json", "{}")
    return encode


def published(place: Workplace) -> Encode:
    encode = with_media(place, place.planned())
    place.curation.change(encode.video_id, lambda card: card, is_published=True)
    place.media.write(f"images/{encode.video_id}/{encode.revision}/a", "x")
    place.updates.publish(encode.video_id, encode.revision, an_asset())
    place.pipeline.lose(encode)
    return encode


def made_anew(place: Workplace, video: Video) -> Encode:
    revision = place.videos.begin_encode(video.id)
    source = place.lay(f"uploads/{video.id}/{'1' * 32}/source.mp4", b"better")
    return with_media(place, place.control.begin(video.id, revision, source))


def folders(place: Workplace, kind: str = "media") -> list[str]:
    return sorted(key for key in place.media.objects if key.startswith(kind))


def test_a_day_after_publishing_only_the_private_folder_goes(place: Workplace) -> None:
    encode = published(place)
    place.clock.advance(hours=23)
    assert place.clean_up.run() == NOTHING
    place.clock.advance(hours=2)
    assert place.clean_up.run().folders == 1
    assert folders(place, "work") == []
    assert len(folders(place, "media") + folders(place, "images")) == 2
    assert len(folders(place, "reports")) == 1
    assert place.clean_up.run() == NOTHING
    assert place.now(encode).asset == an_asset()


def test_media_that_were_replaced_are_removed_a_day_later(place: Workplace) -> None:
    old = published(place)
    new = made_anew(place, place.video(old))
    place.clock.advance(days=3)
    place.clean_up.run()
    assert len(folders(place)) == len(folders(place, "reports")) == 2
    place.updates.publish(new.video_id, new.revision, an_asset())
    place.clean_up.run()
    assert len(folders(place)) == 2
    place.clock.advance(hours=25)
    place.clean_up.run()
    assert folders(place) == [f"media/{new.video_id}/2/a"]
    assert folders(place, "reports") == [f"reports/{new.video_id}/2.json"]
    assert [encode.revision for encode in place.encodes.of(new.video_id)] == [2]


def test_what_has_failed_is_kept_for_another_try_and_then_goes(place: Workplace) -> None:
    encode = with_media(place, place.planned())
    place.updates.fail(encode.video_id, encode.revision, failure(Reason.TOO_SLOW))
    place.clock.advance(days=5)
    assert place.clean_up.run() == NOTHING
    place.clock.advance(days=2)
    assert place.clean_up.run().folders == 3
    assert place.media.objects == {}


def test_what_a_late_worker_left_of_a_deleted_video_is_removed(place: Workplace) -> None:
    encode = place.planned()
    place.curation.remove(encode.video_id)
    with_media(place, encode)
    assert place.clean_up.run().folders >= 1
    assert place.media.objects == {}
    assert place.clean_up.run() == NOTHING


def test_a_video_that_is_not_in_the_index_yet_keeps_its_media(place: Workplace) -> None:
    with_media(place, place.planned())
    nothing = InMemoryChangeLog(InMemoryVideoStore(place.clock), InMemoryCategoryStore(place.clock))
    assert replace(place.clean_up, changes=nothing).run().folders == 0
    assert len(place.media.objects) == 3


def test_of_many_videos_each_is_looked_at_once_a_day(place: Workplace) -> None:
    for number in range(1, 601):
        place.media.write(f"media/{number}/1/a", "x")
    per_hour = []
    for _ in range(24):
        per_hour.append(place.clean_up.run().folders)
        place.clock.advance(hours=1)
    assert sum(per_hour) == 600
    assert max(per_hour) < 600


def test_encodes_of_lost_executions_are_begun_again(place: Workplace) -> None:
    encode = place.planned()
    place.pipeline.lose(encode)
    assert place.clean_up.run().revived == 1
    assert place.clean_up.revive() == 0
