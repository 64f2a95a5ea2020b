"""What is cleared away, and what is left alone."""

from dataclasses import replace

from chalicelib.catalogue.cache import CatalogueCache
from chalicelib.catalogue.model import Video
from chalicelib.encoding.clean_up import MOST_REFILED, CleanUpResult
from chalicelib.encoding.failures import Reason, failure
from chalicelib.encoding.model import Encode
from tests.builders.assets import an_asset
from tests.builders.encodes import InMemoryEncoding
from tests.fakes.catalogue_copies import InMemoryCopies
from tests.fakes.category_store import InMemoryCategoryStore
from tests.fakes.change_log import InMemoryChangeLog
from tests.fakes.video_store import InMemoryVideoStore

NOTHING = CleanUpResult(folders=0, revived=0)


def with_media(encoding: InMemoryEncoding, encode: Encode) -> Encode:
    for kind in ("media", "work"):
        encoding.media.write(f"{kind}/{encode.video_id}/{encode.revision}/a", "x")
    encoding.media.write(f"reports/{encode.video_id}/{encode.revision}.json", "{}")
    return encode


def published(encoding: InMemoryEncoding) -> Encode:
    encode = with_media(encoding, encoding.planned())
    encoding.curation.change(encode.video_id, lambda card: card, is_published=True)
    encoding.media.write(f"images/{encode.video_id}/{encode.revision}/a", "x")
    encoding.updates.publish(encode.video_id, encode.revision, an_asset())
    encoding.pipeline.lose(encode)
    return encode


def made_anew(encoding: InMemoryEncoding, video: Video) -> Encode:
    revision = encoding.videos.begin_encode(video.id)
    source = encoding.lay(f"uploads/{video.id}/{'1' * 32}/source.mp4", b"better")
    return with_media(encoding, encoding.control.begin(video.id, revision, source))


def folders(encoding: InMemoryEncoding, kind: str = "media") -> list[str]:
    return sorted(key for key in encoding.media.objects if key.startswith(kind))


def test_a_day_after_publishing_only_the_private_folder_goes(encoding: InMemoryEncoding) -> None:
    encode = published(encoding)
    encoding.clock.advance(hours=23)
    assert encoding.clean_up.run() == NOTHING
    encoding.clock.advance(hours=2)
    assert encoding.clean_up.run().folders == 1
    assert folders(encoding, "work") == []
    assert len(folders(encoding, "media") + folders(encoding, "images")) == 2
    assert len(folders(encoding, "reports")) == 1
    assert encoding.clean_up.run() == NOTHING
    assert encoding.now(encode).asset == an_asset()


def test_media_that_were_replaced_are_removed_a_day_later(encoding: InMemoryEncoding) -> None:
    old = published(encoding)
    new = made_anew(encoding, encoding.video(old))
    encoding.clock.advance(days=3)
    encoding.clean_up.run()
    assert len(folders(encoding)) == len(folders(encoding, "reports")) == 2
    encoding.updates.publish(new.video_id, new.revision, an_asset())
    encoding.clean_up.run()
    assert len(folders(encoding)) == 2
    encoding.clock.advance(hours=25)
    encoding.clean_up.run()
    assert folders(encoding) == [f"media/{new.video_id}/2/a"]
    assert folders(encoding, "reports") == [f"reports/{new.video_id}/2.json"]
    assert [encode.revision for encode in encoding.encodes.of(new.video_id)] == [2]


def test_what_has_failed_is_kept_for_another_try_and_then_goes(encoding: InMemoryEncoding) -> None:
    encode = with_media(encoding, encoding.planned())
    encoding.updates.fail(encode.video_id, encode.revision, failure(Reason.TOO_SLOW))
    encoding.clock.advance(days=5)
    assert encoding.clean_up.run() == NOTHING
    encoding.clock.advance(days=2)
    assert encoding.clean_up.run().folders == 3
    assert encoding.media.objects == {}


def test_what_a_late_worker_left_of_a_deleted_video_is_removed(encoding: InMemoryEncoding) -> None:
    encode = encoding.planned()
    encoding.curation.remove(encode.video_id)
    with_media(encoding, encode)
    assert encoding.clean_up.run().folders >= 1
    assert encoding.media.objects == {}
    assert encoding.clean_up.run() == NOTHING


def test_a_video_that_is_not_in_the_index_yet_keeps_its_media(encoding: InMemoryEncoding) -> None:
    with_media(encoding, encoding.planned())
    nothing = InMemoryChangeLog(
        InMemoryVideoStore(encoding.clock), InMemoryCategoryStore(encoding.clock)
    )
    elsewhere = CatalogueCache(nothing, InMemoryCopies(), encoding.clock)
    assert replace(encoding.clean_up, catalogue=elsewhere).run().folders == 0
    assert len(encoding.media.objects) == 3


def test_of_many_videos_each_is_looked_at_once_a_day(encoding: InMemoryEncoding) -> None:
    for number in range(1, 601):
        encoding.media.write(f"media/{number}/1/a", "x")
    per_hour = []
    for _ in range(24):
        per_hour.append(encoding.clean_up.run().folders)
        encoding.clock.advance(hours=1)
    assert sum(per_hour) == 600
    assert max(per_hour) < 600


def test_encodes_of_lost_executions_are_begun_again(encoding: InMemoryEncoding) -> None:
    encode = encoding.planned()
    encoding.pipeline.lose(encode)
    assert encoding.clean_up.run().revived == 1
    assert encoding.clean_up.revive() == 0


def test_entries_of_an_earlier_version_are_filed_anew_some_an_hour(
    encoding: InMemoryEncoding,
) -> None:
    encoding.changes.earlier = MOST_REFILED + 5
    refiled = [encoding.clean_up.run().refiled for _ in range(3)]
    assert refiled == [MOST_REFILED, 5, 0]
