"""What is put in the trash is hidden at once, kept, restored whole, and purged in time."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.audit import AuditAction
from chalicelib.catalogue import trash as trash_module
from chalicelib.catalogue.curation import Curation
from chalicelib.catalogue.listing import TrashPosition
from chalicelib.catalogue.model import BadTitle, BulkChangeId, Card, Video, VideoId, VideoNotFound
from chalicelib.catalogue.trash import NotRestorable, Trash, VideoInTrash
from tests.builders.catalogue import FakeCatalogue, every_entry
from tests.fakes.audit_trail import InMemoryAuditTrail

KEPT_FOR = timedelta(days=30)


@pytest.fixture
def trash(catalogue: FakeCatalogue, curation: Curation) -> Trash:
    return Trash(
        catalogue.videos,
        curation.cache,
        catalogue.public_media,
        InMemoryAuditTrail(),
        catalogue.clock,
        KEPT_FOR,
    )


def in_trash(trash: Trash) -> list[VideoId]:
    return [each.video.id for each in trash.page(limit=99).entries]


def test_it_leaves_every_list_at_once_and_is_withdrawn(
    catalogue: FakeCatalogue, trash: Trash
) -> None:
    video = catalogue.put()
    assert len(every_entry(trash.cache)) == 1
    put = trash.put(video.id)
    assert put == replace(video, trashed_at=catalogue.clock.now())
    assert not put.is_public_at(catalogue.clock.now())
    assert (every_entry(trash.cache), in_trash(trash)) == ([], [video.id])
    assert catalogue.public_media.withdrawn == [video.id]


def test_a_draft_has_nothing_to_withdraw(
    catalogue: FakeCatalogue, curation: Curation, trash: Trash
) -> None:
    trash.put(curation.add(Card("Metropolis")).id)
    assert catalogue.public_media.withdrawn == []


def test_doing_so_again_keeps_the_first_time(catalogue: FakeCatalogue, trash: Trash) -> None:
    video = catalogue.put()
    first = trash.put(video.id).trashed_at
    catalogue.clock.advance(days=1)
    assert trash.put(video.id).trashed_at == first


def test_what_is_restored_is_what_it_was(catalogue: FakeCatalogue, trash: Trash) -> None:
    video = catalogue.put()
    trash.put(video.id)
    catalogue.clock.advance(days=29)
    restored = trash.restore(video.id)
    assert restored == replace(video, changed_at=catalogue.clock.now())
    assert [each.video for each in every_entry(trash.cache)] == [restored]
    assert in_trash(trash) == []
    assert catalogue.public_media.revealed == [video.id]
    # Once more, as a lost answer makes a client do.
    assert trash.restore(video.id) == restored
    assert catalogue.public_media.revealed == [video.id]


def test_nothing_is_revealed_of_a_draft(
    catalogue: FakeCatalogue, curation: Curation, trash: Trash
) -> None:
    video = catalogue.put()
    curation.change(video.id, lambda card: card, is_published=False)
    trash.put(video.id)
    trash.restore(video.id)
    assert catalogue.public_media.revealed == []


def test_what_has_dates_is_revealed_only_between_them(
    catalogue: FakeCatalogue, curation: Curation, trash: Trash
) -> None:
    video = catalogue.put()
    over = catalogue.clock.now() + timedelta(days=1)
    curation.change(video.id, lambda card: replace(card, rights_until=over))
    trash.put(video.id)
    catalogue.clock.advance(days=1)
    trash.restore(video.id)
    assert catalogue.public_media.revealed == []


def test_nothing_of_it_is_changed_in_the_trash(
    catalogue: FakeCatalogue, curation: Curation, trash: Trash
) -> None:
    video = catalogue.put()
    trash.put(video.id)
    with pytest.raises(VideoInTrash):
        curation.change(video.id, lambda card: replace(card, title="Alien"))
    with pytest.raises(VideoInTrash):
        curation.in_use(video.id)
    with pytest.raises(BadTitle):
        curation.add(Card("A trailer", trailer=video.id))
    assert curation.get(video.id).card.title == "Metropolis"


def test_who_publishes_while_it_is_put_in_the_trash_reveals_nothing(
    catalogue: FakeCatalogue, curation: Curation, trash: Trash
) -> None:
    video = catalogue.put()
    curation.change(video.id, lambda card: card, is_published=False)

    def meanwhile(card: Card) -> Card:
        trash.put(video.id)
        return card

    assert not curation.change(video.id, meanwhile, is_published=True).is_public_at(
        catalogue.clock.now()
    )
    assert catalogue.public_media.withdrawn == [video.id] * 2


def test_it_is_purged_after_its_time_and_not_before(catalogue: FakeCatalogue, trash: Trash) -> None:
    early, late = catalogue.put(), catalogue.put()
    trash.put(early.id)
    catalogue.clock.advance(seconds=1)
    trash.put(late.id)
    catalogue.clock.advance(days=30, seconds=-2)
    assert trash.purge() == 0
    catalogue.clock.advance(seconds=1)
    assert trash.purge() == 1
    with pytest.raises(VideoNotFound):
        catalogue.videos.get(early.id)
    assert in_trash(trash) == [late.id]
    assert catalogue.public_media.withdrawn[-1] == early.id
    assert trash.purge() == 0


def test_a_purge_is_in_the_audit_trail(catalogue: FakeCatalogue, trash: Trash) -> None:
    video = catalogue.put()
    trash.put(video.id)
    catalogue.clock.advance(days=30)
    trash.purge()
    assert isinstance(trash.trail, InMemoryAuditTrail)
    [event] = trash.trail.events
    assert (event.action, event.target.id) == (AuditAction.PURGE_VIDEO, str(video.id))


def test_a_restore_of_what_is_gone_says_so(catalogue: FakeCatalogue, trash: Trash) -> None:
    video = catalogue.put()
    trash.put(video.id)
    catalogue.clock.advance(days=30)
    trash.purge()
    for gone in (video.id, VideoId(404)):
        with pytest.raises(NotRestorable):
            trash.restore(gone)
    with pytest.raises(VideoNotFound):
        trash.put(video.id)


def test_what_was_restored_since_the_look_is_not_purged(
    catalogue: FakeCatalogue, trash: Trash
) -> None:
    elsewhere = replace(trash, cache=catalogue.process()[1])
    video = catalogue.put()
    trash.put(video.id)
    catalogue.clock.advance(days=30)
    assert len(elsewhere.page(limit=9).entries) == 1
    # The other process knows it within two seconds only.
    trash.restore(video.id)
    trash.put(video.id)
    assert elsewhere.purge() == 0
    assert catalogue.videos.get(video.id).trashed_at == catalogue.clock.now()


def test_a_restore_that_comes_too_late_leaves_no_picture(
    catalogue: FakeCatalogue, trash: Trash, monkeypatch: pytest.MonkeyPatch
) -> None:
    video = catalogue.put()
    trash.put(video.id)
    catalogue.clock.advance(days=30)
    restore = catalogue.videos.restore

    def late(video_id: VideoId, **options: BulkChangeId | None) -> Video:
        assert trash.purge() == 1
        return restore(video_id, **options)

    monkeypatch.setattr(catalogue.videos, "restore", late)
    with pytest.raises(NotRestorable):
        trash.restore(video.id)
    assert catalogue.public_media.withdrawn == [video.id] * 3


@pytest.mark.parametrize("number", range(8))
def test_of_a_purge_and_restores_at_the_same_moment_one_wins(
    catalogue: FakeCatalogue, trash: Trash, number: int
) -> None:
    video = catalogue.put(f"{number}")
    trash.put(video.id)
    catalogue.clock.advance(days=30)
    starting, outcomes = threading.Barrier(3), dict[str, bool]()

    def run(name: str, act: Callable[[], object]) -> None:
        starting.wait()
        try:
            outcomes[name] = bool(act())
        except NotRestorable:
            outcomes[name] = False

    acts = {
        "purge": trash.purge,
        "restore": lambda: trash.restore(video.id),
        "restore again": lambda: trash.restore(video.id),
    }
    threads = [threading.Thread(target=run, args=each) for each in acts.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes["purge"] is not outcomes["restore"]
    assert outcomes["restore"] is outcomes["restore again"]
    assert (catalogue.videos.since(None)[video.id] is not None) is outcomes["restore"]


def test_a_pass_purges_some_and_the_next_one_goes_on(
    catalogue: FakeCatalogue, trash: Trash, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trash_module, "MOST_PURGED", 3)
    for _ in range(4):
        trash.put(catalogue.put().id)
    catalogue.clock.advance(days=30)
    assert [trash.purge() for _ in range(3)] == [3, 1, 0]


def test_a_page_tells_the_number_of_all_and_whether_there_are_more(
    catalogue: FakeCatalogue, trash: Trash
) -> None:
    videos = [catalogue.put() for _ in range(3)]
    for each in videos:
        trash.put(each.id)
        catalogue.clock.advance(seconds=1)
    first = trash.page(limit=2)
    assert (first.count, first.has_more, len(first.entries)) == (3, True, 2)
    last = first.entries[-1].video
    assert last.trashed_at
    rest = trash.page(limit=2, after=TrashPosition(last.trashed_at, last.id))
    assert (rest.count, rest.has_more) == (3, False)
    assert [each.video.id for each in rest.entries] == [videos[0].id]
