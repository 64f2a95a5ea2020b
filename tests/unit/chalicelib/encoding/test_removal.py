"""What viewers may no longer see leaves the store, and then every edge."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest
from typing_extensions import override

from chalicelib.catalogue.model import CompleteMedia, Revision, Video, VideoId
from chalicelib.encoding.ports import EdgeBusy
from chalicelib.encoding.removal import RemovalNote, note_in
from tests.builders.assets import an_asset
from tests.builders.encodes import Workplace
from tests.fakes.edge import RememberingEdge

NAMES = ("thumbnail.jpg", "poster.jpg", "hero.jpg")


def published(place: Workplace) -> Video:
    """A video that viewers see, with its pictures."""
    encode = place.planned()
    video = place.video(encode)
    place.curation.change(video.id, lambda card: card, is_published=True)
    for name in NAMES:
        place.media.write(f"media/{video.id}/1/pictures/{name}", name)
    place.media.write(f"media/{video.id}/1/video/720p/00000.m4s", "x")
    place.updates.publish(video.id, encode.revision, an_asset())
    return place.videos.get(video.id)


def published_long_ago(place: Workplace) -> Video:
    """As an earlier version left it: its pictures are nowhere but among the public ones."""
    video = published(place)
    place.media.remove(f"media/{video.id}/1/pictures/")
    assert video.media
    place.videos._videos[video.id] = replace(
        video, media=replace(video.media, keeps_pictures=False)
    )
    return place.videos.get(video.id)


def unpublish(place: Workplace, video: Video) -> None:
    place.curation.change(video.id, lambda card: card, is_published=False)


def keys(place: Workplace, prefix: str) -> set[str]:
    return {key.removeprefix(prefix) for key in place.media.objects if key.startswith(prefix)}


def paths(video: Video) -> list[str]:
    return [f"/media/{video.id}/*", f"/images/{video.id}/*"]


def test_pictures_are_public_while_viewers_may_see_the_video(place: Workplace) -> None:
    encode = place.planned()
    folder, public = f"media/{encode.video_id}/1/pictures/", f"images/{encode.video_id}/1/"
    for name in NAMES:
        place.media.write(f"{folder}{name}", name)
    place.updates.publish(encode.video_id, encode.revision, an_asset())
    assert keys(place, public) == set()
    place.curation.change(encode.video_id, lambda card: card, is_published=True)
    assert keys(place, public) == set(NAMES)
    unpublish(place, place.video(encode))
    place.process()
    assert (keys(place, public), keys(place, folder)) == (set(), set(NAMES))


def test_a_video_that_was_published_before_its_encode_has_public_pictures(place: Workplace) -> None:
    video = published(place)
    assert keys(place, f"images/{video.id}/1/") == set(NAMES)


def test_a_removed_video_is_invalidated_at_the_edge_once_it_is_gone(place: Workplace) -> None:
    video, other = published(place), published(place)
    place.curation.remove(video.id)
    place.process()
    assert place.edge.forgotten == paths(video)
    assert [key for key in place.media.objects if str(other.id) not in key] == []
    assert keys(place, "withdrawals/") == set()


@dataclass
class LookingEdge(RememberingEdge):
    """Notes what was still in the store when its invalidation was requested."""

    place: Workplace | None = None
    seen: frozenset[str] = frozenset()

    @override
    def invalidate(self, paths: Sequence[str], *, reference: str) -> None:
        assert self.place
        self.seen |= {key for key in self.place.media.objects if key.startswith(("m", "i"))}


@pytest.mark.parametrize("is_removed", [True, False])
def test_the_edge_forgets_only_after_the_store(place: Workplace, *, is_removed: bool) -> None:
    video = published(place)
    edge = LookingEdge(place=place)
    if is_removed:
        place.curation.remove(video.id)
    else:
        unpublish(place, video)
    replace(place.removal, edge=edge).process(list(place.removal.pending()))
    assert {key.partition("/")[0] for key in edge.seen} <= {"media"}
    assert bool(edge.seen) is not is_removed


def test_the_hourly_clean_up_retries_an_edge_that_was_busy(place: Workplace) -> None:
    video = published(place)
    place.edge.is_busy = True
    place.curation.remove(video.id)
    with pytest.raises(EdgeBusy):
        place.process()
    result = place.clean_up.run()
    assert (result.is_edge_busy, result.withdrawn) == (True, 0)
    place.edge.is_busy = False
    result = place.clean_up.run()
    assert (result.is_edge_busy, result.withdrawn) == (False, 1)
    assert place.edge.forgotten == paths(video)
    assert list(place.removal.pending()) == []


def test_one_note_is_one_order_however_often_it_is_worked_off(place: Workplace) -> None:
    video = published(place)
    unpublish(place, video)
    notes = list(place.removal.pending())
    for _ in range(3):
        place.removal.process(notes)
    assert len(place.edge.orders) == 1
    place.curation.change(video.id, lambda card: card, is_published=True)
    unpublish(place, video)
    place.process()
    assert len(place.edge.orders) == 2


def test_of_many_videos_no_more_are_invalidated_at_once_than_cloudfront_takes(
    place: Workplace,
) -> None:
    videos = [published(place) for _ in range(20)]
    for video in videos:
        place.curation.remove(video.id)
    place.process()
    assert max(map(len, place.edge.orders.values())) <= 15
    assert sorted(place.edge.forgotten) == sorted(path for each in videos for path in paths(each))


def test_who_publishes_again_before_it_is_worked_off_keeps_the_pictures(place: Workplace) -> None:
    video = published(place)
    unpublish(place, video)
    place.curation.change(video.id, lambda card: card, is_published=True)
    place.process()
    assert keys(place, f"images/{video.id}/1/") == set(NAMES)


def test_who_publishes_while_it_is_worked_off_keeps_the_pictures(
    place: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    video = published(place)
    unpublish(place, video)
    keep = type(place.media).remove

    def interrupted(media: object, prefix: str) -> None:
        keep(media, prefix)  # type: ignore[arg-type]
        if prefix.startswith("images/"):
            place.videos.write(video.id, video.card, is_published=True)

    monkeypatch.setattr(type(place.media), "remove", interrupted)
    place.process()
    assert keys(place, f"images/{video.id}/1/") == set(NAMES)


def test_pictures_of_an_earlier_version_are_kept_when_they_are_withdrawn(place: Workplace) -> None:
    video = published_long_ago(place)
    unpublish(place, video)
    place.process()
    after = place.videos.get(video.id)
    assert after.media
    assert after.media.keeps_pictures
    assert keys(place, f"media/{video.id}/1/pictures/") == set(NAMES)
    assert keys(place, f"images/{video.id}/") == set()
    place.curation.change(video.id, lambda card: card, is_published=True)
    assert keys(place, f"images/{video.id}/1/") == set(NAMES)


def test_pictures_that_an_earlier_version_showed_of_drafts_are_taken_away(place: Workplace) -> None:
    video = published_long_ago(place)
    place.videos.write(video.id, video.card, is_published=False)
    place.clean_up.run()
    assert keys(place, f"images/{video.id}/") == set()
    assert keys(place, f"media/{video.id}/1/pictures/") == set(NAMES)
    assert place.edge.forgotten == paths(video)
    orders = len(place.edge.orders)
    place.clean_up.run()
    assert len(place.edge.orders) == orders


def test_a_removal_whose_note_was_lost_is_repeated_within_the_hour(place: Workplace) -> None:
    others = [published(place) for _ in range(40)]
    video = published(place)
    place.videos.remove(video.id)
    place.clean_up.run()
    assert place.edge.forgotten == paths(video)
    assert keys(place, f"media/{video.id}/") == set()
    assert len(keys(place, "media/")) == 4 * len(others)


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


def test_nothing_is_kept_of_a_revision_without_viewers(place: Workplace) -> None:
    video = published(place)
    place.media.write(f"images/{video.id}/9/hero.jpg", "of a revision that was never shown")
    unpublish(place, video)
    place.process()
    assert keys(place, f"images/{video.id}/") == set()
    assert place.videos.get(video.id).media == CompleteMedia(
        Revision(1), 60, (720, 360), keeps_pictures=True
    )
