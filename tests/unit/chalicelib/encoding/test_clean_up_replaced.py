"""What is cleared away of media that were replaced, and when."""

from datetime import datetime, timedelta

import pytest

from chalicelib.encoding.model import Encode
from chalicelib.encoding.retention import KEPT_AFTER_GRANTS
from chalicelib.playback.grants import life_of
from chalicelib.playback.media_urls import end_of_life
from tests.builders.assets import an_asset
from tests.builders.encodes import InMemoryEncoding

OLD = an_asset(segments=100)


def encoded(encoding: InMemoryEncoding, encode: Encode) -> Encode:
    for kind in ("media", "work", "images"):
        encoding.media.write(f"{kind}/{encode.video_id}/{encode.revision}/a", "x")
    encoding.media.write(f"reports/{encode.video_id}/{encode.revision}.json", "{}")
    return encode


def anew(encoding: InMemoryEncoding, before: Encode, content: bytes = b"better") -> Encode:
    source = encoding.lay(f"uploads/{before.video_id}/{before.revision:032x}/source.mp4", content)
    revision = encoding.videos.begin_encode(before.video_id)
    return encoded(encoding, encoding.control.begin(before.video_id, revision, source))


@pytest.fixture
def old(encoding: InMemoryEncoding) -> Encode:
    encode = encoded(encoding, encoding.planned())
    encoding.updates.publish(encode.video_id, encode.revision, OLD)
    encoding.curation.change(encode.video_id, lambda card: card, is_published=True)
    return encode


def switch(encoding: InMemoryEncoding, new: Encode) -> None:
    encoding.updates.publish(new.video_id, new.revision, an_asset(segments=5))
    encoding.clock.advance(seconds=10)


def wait_until(encoding: InMemoryEncoding, moment: datetime) -> None:
    encoding.clock.advance(seconds=(moment - encoding.clock.now()).total_seconds())


def revisions(encoding: InMemoryEncoding, kind: str = "media") -> set[str]:
    return {
        key.split("/")[2].removesuffix(".json")
        for key in encoding.media.objects
        if key.startswith(f"{kind}/")
    }


def test_files_stay_until_the_last_grant_for_them_ends_and_go_then(
    encoding: InMemoryEncoding, old: Encode
) -> None:
    new = anew(encoding, old)
    encoding.clock.advance(days=2)
    encoding.clean_up.run()
    assert revisions(encoding) == {"1", "2"}
    switch(encoding, new)
    switched_at = encoding.clock.now()
    last_grant = end_of_life(switched_at + timedelta(minutes=1), life_of(OLD))
    wait_until(encoding, last_grant)
    # A change of the video neither shortens nor lengthens it.
    encoding.curation.change(new.video_id, lambda card: card)
    encoding.clean_up.run()
    assert revisions(encoding) == {"1", "2"}
    wait_until(encoding, switched_at + life_of(OLD) + KEPT_AFTER_GRANTS)
    encoding.clean_up.run()
    for kind in ("media", "images", "work", "reports"):
        assert revisions(encoding, kind) == {"2"}
    assert [encode.revision for encode in encoding.encodes.of(old.video_id)] == [2]
    assert encoding.video(new).playable_revision == 2


def test_a_video_of_two_days_keeps_its_grants_as_well(
    encoding: InMemoryEncoding, old: Encode
) -> None:
    new = anew(encoding, old)
    encoding.updates.publish(new.video_id, new.revision, an_asset(segments=2 * 24 * 600))
    newest = anew(encoding, new, b"best")
    switch(encoding, newest)
    encoding.clock.advance(days=2, hours=3)
    encoding.clean_up.run()
    assert revisions(encoding) == {"2", "3"}
    encoding.clock.advance(hours=2)
    encoding.clean_up.run()
    assert revisions(encoding) == {"3"}


def test_the_old_source_goes_once_the_video_has_switched(
    encoding: InMemoryEncoding, old: Encode
) -> None:
    new = anew(encoding, old)
    encoding.clean_up.run()
    assert encoding.bucket.find(old.source.key) == old.source
    switch(encoding, new)
    encoding.clean_up.run()
    assert encoding.bucket.find(old.source.key) is None
    assert encoding.bucket.find(new.source.key) == new.source


def test_the_old_source_goes_within_the_hour_among_many_videos(
    encoding: InMemoryEncoding, old: Encode
) -> None:
    switch(encoding, anew(encoding, old))
    for number in range(1, 30):
        encoding.media.write(f"media/{encoding.draft().id}/1/{number}", "x")
    if old.video_id % 24 == encoding.clock.now().hour:
        encoding.clock.advance(hours=1)
    encoding.clean_up.run()
    assert encoding.bucket.find(old.source.key) is None


def test_another_file_under_the_key_of_the_old_source_stays(
    encoding: InMemoryEncoding, old: Encode
) -> None:
    switch(encoding, anew(encoding, old))
    dropped = encoding.lay(old.source.key, b"of another video")
    encoding.clean_up.run()
    assert encoding.bucket.find(old.source.key) == dropped


@pytest.mark.parametrize("is_cancelled", [False, True])
def test_before_the_switch_nothing_of_the_old_revision_goes(
    encoding: InMemoryEncoding, old: Encode, *, is_cancelled: bool
) -> None:
    new = anew(encoding, old)
    if is_cancelled:
        encoding.control.cancel(encoding.video(new))
    encoding.clock.advance(days=5)
    encoding.clean_up.run()
    assert "1" in revisions(encoding)
    assert encoding.bucket.find(old.source.key) == old.source
