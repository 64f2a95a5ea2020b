"""What viewers may no longer see leaves the store, and then every edge."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from typing_extensions import override

from chalicelib.catalogue.model import CompleteMedia, Revision, Video, VideoId
from chalicelib.encoding.ports import EdgeBusy
from chalicelib.encoding.removal import RemovalNote, note_in
from tests.builders.assets import an_asset
from tests.builders.encodes import InMemoryEncoding
from tests.fakes.edge import RememberingEdge

NAMES = ("thumbnail.jpg", "poster.jpg", "hero.jpg")


def published(encoding: InMemoryEncoding) -> Video:
    """A video that viewers see, with its pictures."""
    encode = encoding.planned()
    video = encoding.video(encode)
    encoding.curation.change(video.id, lambda card: card, is_published=True)
    for name in NAMES:
        encoding.media.write(f"media/{video.id}/1/pictures/{name}", name)
    encoding.media.write(f"media/{video.id}/1/video/720p/00000.m4s", "x")
    encoding.updates.publish(video.id, encode.revision, an_asset())
    return encoding.videos.get(video.id)


def published_long_ago(encoding: InMemoryEncoding) -> Video:
    """As an earlier version left it: its pictures are nowhere but among the public ones."""
    video = published(encoding)
    encoding.media.remove(f"media/{video.id}/1/pictures/")
    assert video.media
    encoding.videos._videos[video.id] = replace(
        video, media=replace(video.media, keeps_pictures=False)
    )
    return encoding.videos.get(video.id)


def unpublish(encoding: InMemoryEncoding, video: Video) -> None:
    encoding.curation.change(video.id, lambda card: card, is_published=False)


def keys(encoding: InMemoryEncoding, prefix: str) -> set[str]:
    return {key.removeprefix(prefix) for key in encoding.media.objects if key.startswith(prefix)}


def paths(video: Video) -> list[str]:
    return [f"/media/{video.id}/*", f"/images/{video.id}/*"]


def test_an_encode_ends_in_the_trash_and_shows_nothing_until_it_is_restored(
    encoding: InMemoryEncoding,
) -> None:
    encode = encoding.planned()
    video = encoding.video(encode)
    encoding.curation.change(video.id, lambda card: card, is_published=True)
    encoding.media.write(f"media/{video.id}/1/pictures/hero.jpg", "hero")
    encoding.videos.trash(video.id, encoding.clock.now())
    assert encoding.updates.publish(video.id, encode.revision, an_asset())
    encoding.clean_up.run()
    assert keys(encoding, f"images/{video.id}/") == set()
    assert keys(encoding, f"media/{video.id}/") == {"1/pictures/hero.jpg"}
    assert encoding.videos.restore(video.id).media


def test_pictures_are_public_while_viewers_may_see_the_video(encoding: InMemoryEncoding) -> None:
    encode = encoding.planned()
    folder, public = f"media/{encode.video_id}/1/pictures/", f"images/{encode.video_id}/1/"
    for name in NAMES:
        encoding.media.write(f"{folder}{name}", name)
    encoding.updates.publish(encode.video_id, encode.revision, an_asset())
    assert keys(encoding, public) == set()
    encoding.curation.change(encode.video_id, lambda card: card, is_published=True)
    assert keys(encoding, public) == set(NAMES)
    unpublish(encoding, encoding.video(encode))
    encoding.process()
    assert (keys(encoding, public), keys(encoding, folder)) == (set(), set(NAMES))


def test_the_hourly_clean_up_follows_the_dates_of_a_video(encoding: InMemoryEncoding) -> None:
    begins = encoding.clock.now() + timedelta(hours=2)
    ends = begins + timedelta(hours=2)
    video = published(encoding)
    public, draft = f"images/{video.id}/1/", published(encoding)
    encoding.curation.change(
        video.id, lambda card: replace(card, publish_at=begins, rights_until=ends)
    )
    unpublish(encoding, draft)
    encoding.curation.change(draft.id, lambda card: replace(card, publish_at=begins))
    encoding.process()
    encoding.clean_up.run()
    assert keys(encoding, "images/") == set()
    encoding.clock.advance(hours=2)
    encoding.clean_up.run()
    assert keys(encoding, "images/") == {f"{video.id}/1/{name}" for name in NAMES}
    encoding.clock.advance(hours=2)
    encoding.clean_up.run()
    assert keys(encoding, public) == set()
    assert paths(video)[1] in encoding.edge.forgotten


def test_pictures_become_public_and_are_withdrawn_with_the_change_of_a_date(
    encoding: InMemoryEncoding,
) -> None:
    video = published(encoding)
    public, now = f"images/{video.id}/1/", encoding.clock.now()
    encoding.curation.change(video.id, lambda card: replace(card, rights_until=now))
    encoding.process()
    assert keys(encoding, public) == set()
    encoding.curation.change(video.id, lambda card: replace(card, rights_until=None))
    assert keys(encoding, public) == set(NAMES)


def test_an_encode_that_ends_before_the_publication_reveals_nothing(
    encoding: InMemoryEncoding,
) -> None:
    encode = encoding.planned()
    later = encoding.clock.now() + timedelta(hours=1)
    encoding.curation.change(
        encode.video_id, lambda card: replace(card, publish_at=later), is_published=True
    )
    for name in NAMES:
        encoding.media.write(f"media/{encode.video_id}/1/pictures/{name}", name)
    encoding.updates.publish(encode.video_id, encode.revision, an_asset())
    assert keys(encoding, "images/") == set()


def test_a_video_that_was_published_before_its_encode_has_public_pictures(
    encoding: InMemoryEncoding,
) -> None:
    video = published(encoding)
    assert keys(encoding, f"images/{video.id}/1/") == set(NAMES)


def test_a_removed_video_is_invalidated_at_the_edge_once_it_is_gone(
    encoding: InMemoryEncoding,
) -> None:
    video, other = published(encoding), published(encoding)
    encoding.curation.remove(video.id)
    encoding.process()
    assert encoding.edge.forgotten == paths(video)
    assert [key for key in encoding.media.objects if str(other.id) not in key] == []
    assert keys(encoding, "withdrawals/") == set()


@dataclass
class LookingEdge(RememberingEdge):
    """Notes what was still in the store when its invalidation was requested."""

    encoding: InMemoryEncoding | None = None
    seen: frozenset[str] = frozenset()

    @override
    def invalidate(self, paths: Sequence[str], *, reference: str) -> None:
        assert self.encoding
        self.seen |= {key for key in self.encoding.media.objects if key.startswith(("m", "i"))}


@pytest.mark.parametrize("is_removed", [True, False])
def test_the_edge_forgets_only_after_the_store(
    encoding: InMemoryEncoding, *, is_removed: bool
) -> None:
    video = published(encoding)
    edge = LookingEdge(encoding=encoding)
    if is_removed:
        encoding.curation.remove(video.id)
    else:
        unpublish(encoding, video)
    replace(encoding.removal, edge=edge).process(list(encoding.removal.pending()))
    assert {key.partition("/")[0] for key in edge.seen} <= {"media"}
    assert bool(edge.seen) is not is_removed


def test_the_hourly_clean_up_retries_an_edge_that_was_busy(encoding: InMemoryEncoding) -> None:
    video = published(encoding)
    encoding.edge.is_busy = True
    encoding.curation.remove(video.id)
    with pytest.raises(EdgeBusy):
        encoding.process()
    result = encoding.clean_up.run()
    assert (result.is_edge_busy, result.withdrawn) == (True, 0)
    encoding.edge.is_busy = False
    result = encoding.clean_up.run()
    assert (result.is_edge_busy, result.withdrawn) == (False, 1)
    assert encoding.edge.forgotten == paths(video)
    assert list(encoding.removal.pending()) == []


def test_one_note_is_one_order_however_often_it_is_worked_off(encoding: InMemoryEncoding) -> None:
    video = published(encoding)
    unpublish(encoding, video)
    notes = list(encoding.removal.pending())
    for _ in range(3):
        encoding.removal.process(notes)
    assert len(encoding.edge.orders) == 1
    encoding.curation.change(video.id, lambda card: card, is_published=True)
    unpublish(encoding, video)
    encoding.process()
    assert len(encoding.edge.orders) == 2


def test_of_many_videos_no_more_are_invalidated_at_once_than_cloudfront_takes(
    encoding: InMemoryEncoding,
) -> None:
    videos = [published(encoding) for _ in range(20)]
    for video in videos:
        encoding.curation.remove(video.id)
    encoding.process()
    assert max(map(len, encoding.edge.orders.values())) <= 15
    assert sorted(encoding.edge.forgotten) == sorted(
        path for each in videos for path in paths(each)
    )


def test_who_publishes_again_before_it_is_worked_off_keeps_the_pictures(
    encoding: InMemoryEncoding,
) -> None:
    video = published(encoding)
    unpublish(encoding, video)
    encoding.curation.change(video.id, lambda card: card, is_published=True)
    encoding.process()
    assert keys(encoding, f"images/{video.id}/1/") == set(NAMES)


def test_who_publishes_while_it_is_worked_off_keeps_the_pictures(
    encoding: InMemoryEncoding, monkeypatch: pytest.MonkeyPatch
) -> None:
    video = published(encoding)
    unpublish(encoding, video)
    keep = type(encoding.media).remove

    def interrupted(media: object, prefix: str) -> None:
        keep(media, prefix)  # type: ignore[arg-type]
        if prefix.startswith("images/"):
            encoding.videos.write(video.id, video.card, is_published=True)

    monkeypatch.setattr(type(encoding.media), "remove", interrupted)
    encoding.process()
    assert keys(encoding, f"images/{video.id}/1/") == set(NAMES)


def test_pictures_of_an_earlier_version_are_kept_when_they_are_withdrawn(
    encoding: InMemoryEncoding,
) -> None:
    video = published_long_ago(encoding)
    unpublish(encoding, video)
    encoding.process()
    after = encoding.videos.get(video.id)
    assert after.media
    assert after.media.keeps_pictures
    assert keys(encoding, f"media/{video.id}/1/pictures/") == set(NAMES)
    assert keys(encoding, f"images/{video.id}/") == set()
    encoding.curation.change(video.id, lambda card: card, is_published=True)
    assert keys(encoding, f"images/{video.id}/1/") == set(NAMES)


def test_pictures_that_an_earlier_version_showed_of_drafts_are_taken_away(
    encoding: InMemoryEncoding,
) -> None:
    video = published_long_ago(encoding)
    encoding.videos.write(video.id, video.card, is_published=False)
    encoding.clean_up.run()
    assert keys(encoding, f"images/{video.id}/") == set()
    assert keys(encoding, f"media/{video.id}/1/pictures/") == set(NAMES)
    assert encoding.edge.forgotten == paths(video)
    orders = len(encoding.edge.orders)
    encoding.clean_up.run()
    assert len(encoding.edge.orders) == orders


def test_a_removal_whose_note_was_lost_is_repeated_within_the_hour(
    encoding: InMemoryEncoding,
) -> None:
    others = [published(encoding) for _ in range(40)]
    video = published(encoding)
    encoding.videos.remove(video.id)
    encoding.clean_up.run()
    assert encoding.edge.forgotten == paths(video)
    assert keys(encoding, f"media/{video.id}/") == set()
    assert len(keys(encoding, "media/")) == 4 * len(others)


@pytest.mark.parametrize(
    "key",
    ["withdrawals/7/0123456789abcdef/x", "withdrawals/7/note.json", "withdrawals/x/y/note.json",
     "withdrawals/07/0123456789abcdef/note.json", "uploads/7/0123456789abcdef/note.json", ""],
)  # fmt: skip
def test_what_is_no_note_is_none(key: str) -> None:
    assert note_in(key) is None


def test_a_note_is_read_as_it_was_written() -> None:
    note = RemovalNote.new(VideoId(7))
    assert note_in(note.key) == note
    assert RemovalNote.new(VideoId(7)) != note


def test_nothing_is_kept_of_a_revision_without_viewers(encoding: InMemoryEncoding) -> None:
    video = published(encoding)
    encoding.media.write(f"images/{video.id}/9/hero.jpg", "of a revision that was never shown")
    unpublish(encoding, video)
    encoding.process()
    assert keys(encoding, f"images/{video.id}/") == set()
    assert encoding.videos.get(video.id).media == CompleteMedia(
        Revision(1), 60, (720, 360), keeps_pictures=True, since=encoding.clock.now()
    )
