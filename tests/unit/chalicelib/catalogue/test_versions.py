"""Versions of what administrators write, and changes that are made of a known version only."""

from collections.abc import Callable
from dataclasses import fields, replace
from threading import Barrier, Thread
from typing import Any

import pytest

from chalicelib.catalogue.categories import Categories
from chalicelib.catalogue.curation import Curation
from chalicelib.catalogue.model import (
    Card,
    EncodeStatus,
    EncodeSummary,
    StaleCategory,
    StaleVideo,
    Translation,
    Video,
    VideoNotFound,
)
from chalicelib.catalogue.versions import (
    KnownVersions,
    Outdated,
    values_of_video,
    version_of_category,
    version_of_video,
)
from chalicelib.language import Language
from tests.builders.catalogue import FakeCatalogue
from tests.formats.items import VIDEO


def knowing(video: Video, **sent: Any) -> KnownVersions:
    return KnownVersions([version_of_video(video)], sent)


def titled(title: str) -> Callable[[Card], Card]:
    return lambda card: replace(card, title=title)


def test_a_version_is_of_all_that_administrators_write_and_of_nothing_else() -> None:
    version = version_of_video(VIDEO)
    blank = Card("another")
    for each in fields(Card):
        changed = replace(VIDEO.card, **{each.name: getattr(blank, each.name)})
        assert version_of_video(replace(VIDEO, card=changed)) != version
    assert version_of_video(replace(VIDEO, is_published=not VIDEO.is_published)) != version
    growing = EncodeSummary(VIDEO.encode.revision, EncodeStatus.PROCESSING, 77)
    assert version_of_video(replace(VIDEO, encode=growing, media=None)) == version


def test_the_differences_are_what_has_changed_since() -> None:
    translated = {Language.GERMAN: Translation("Die Stadt", "")}
    card = replace(VIDEO.card, title="Alien", translations=translated)
    stored = replace(VIDEO, card=card, is_published=not VIDEO.is_published)
    with pytest.raises(Outdated) as raised:
        knowing(VIDEO, title="Aliens", genre="Horror").require(values_of_video(stored))
    assert raised.value.version == version_of_video(stored)
    assert raised.value.differences == {
        "title": {"stored": "Alien", "sent": "Aliens"},
        "translations": {"stored": {"de": {"title": "Die Stadt", "description": ""}}},
        "is_published": {"stored": stored.is_published},
    }


def test_of_an_unknown_version_everything_may_differ() -> None:
    for versions in ([], ["of.another-program"], [""]):
        with pytest.raises(Outdated) as raised:
            KnownVersions(versions).require(values_of_video(VIDEO))
        assert raised.value.differences.keys() == values_of_video(VIDEO).keys()


def test_one_of_several_versions_is_enough() -> None:
    KnownVersions(["x", version_of_video(VIDEO)]).require(values_of_video(VIDEO))


def test_a_change_of_the_known_version_is_made_and_of_another_one_not(curation: Curation) -> None:
    before = curation.add(Card("Metropolis"))
    changed = curation.change(before.id, titled("Alien"), known=knowing(before))
    assert changed.card.title == "Alien"
    with pytest.raises(Outdated):
        curation.change(before.id, titled("Aliens"), known=knowing(before))
    with pytest.raises(Outdated):
        curation.remove(before.id, known=knowing(before))
    assert curation.get(before.id).card.title == "Alien"
    curation.remove(before.id, known=knowing(changed))
    for call in (
        lambda: curation.remove(before.id, known=knowing(changed)),
        lambda: curation.change(before.id, titled("x"), known=knowing(changed)),
    ):
        with pytest.raises(VideoNotFound):
            call()


def test_progress_of_an_encode_makes_no_version_outdated(
    curation: Curation, catalogue: FakeCatalogue
) -> None:
    before = curation.add(Card("Metropolis"))
    catalogue.videos.begin_encode(before.id)
    assert curation.change(before.id, titled("Alien"), known=knowing(before)).encode.revision == 1


class Interfering:
    """Has another administrator write between the look at a video and the write of it."""

    def __init__(self, catalogue: FakeCatalogue, *cards: Card) -> None:
        self._videos, self._cards = catalogue.videos, list(cards)

    def __call__(self, card: Card) -> Card:
        if self._cards:
            video_id = next(iter(self._videos.since(None)))
            self._videos.write(video_id, self._cards.pop(0), is_published=None)
        return replace(card, director="Fritz Lang")


def test_a_change_between_look_and_write_is_not_overwritten(
    curation: Curation, catalogue: FakeCatalogue
) -> None:
    before = catalogue.put()
    other = replace(before.card, title="Alien")
    with pytest.raises(Outdated) as raised:
        curation.change(before.id, Interfering(catalogue, other), known=knowing(before))
    assert raised.value.differences == {"title": {"stored": "Alien"}}
    assert catalogue.videos.get(before.id).card == other


def test_what_was_changed_and_changed_back_is_the_known_version(
    curation: Curation, catalogue: FakeCatalogue
) -> None:
    before = catalogue.put()

    def change(card: Card) -> Card:
        for each in (replace(card, title="Alien"), card):
            catalogue.videos.write(before.id, each, is_published=None)
        return replace(card, director="Fritz Lang")

    written = curation.change(before.id, change, known=knowing(before))
    assert written.card == replace(before.card, director="Fritz Lang")


def test_a_refused_publication_reveals_nothing_for_good(
    curation: Curation, catalogue: FakeCatalogue
) -> None:
    before = curation.change(catalogue.put().id, lambda card: card, is_published=False)
    catalogue.public_media.withdrawn.clear()
    other = Interfering(catalogue, replace(before.card, title="Alien"))
    with pytest.raises(Outdated):
        curation.change(before.id, other, is_published=True, known=knowing(before))
    assert catalogue.public_media.revealed == catalogue.public_media.withdrawn == [before.id]


def test_of_writers_at_one_moment_one_wins(curation: Curation) -> None:
    before, writers = curation.add(Card("Metropolis")), 8
    start, outcomes = Barrier(writers), list[str]()

    def write(number: int) -> None:
        start.wait()
        try:
            curation.change(before.id, titled(f"Alien {number}"), known=knowing(before))
        except Outdated:
            outcomes.append("outdated")
        else:
            outcomes.append(f"Alien {number}")

    threads = [Thread(target=write, args=(number,)) for number in range(writers)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(outcomes) == [curation.get(before.id).card.title] + ["outdated"] * (writers - 1)


def test_a_category_is_changed_in_a_known_version_only(
    catalogue: FakeCatalogue, curation: Curation
) -> None:
    categories: Categories = curation.categories
    drama = categories.add("Drama")
    known = KnownVersions([version_of_category(drama)], {"name": "Plays"})
    # By another process, of which this one knows nothing yet.
    catalogue.categories.rename(drama, drama.renamed("Tragedy"))
    for call in (
        lambda: categories.rename(drama.id, "Plays", known=known),
        lambda: categories.remove(drama.id, known=known),
    ):
        with pytest.raises(Outdated) as raised:
            call()
        assert raised.value.differences["name"]["stored"] == "Tragedy"
    # Without a version as before: what the process knows was renamed.
    with pytest.raises(StaleCategory):
        categories.rename(drama.id, "Plays")
    fresh = KnownVersions([version_of_category(categories.get(drama.id))])
    assert categories.rename(drama.id, "Plays", known=fresh).name == "Plays"


def test_a_category_that_is_renamed_between_look_and_write_stays(
    catalogue: FakeCatalogue, curation: Curation, monkeypatch: pytest.MonkeyPatch
) -> None:
    categories = curation.categories
    drama = categories.add("Drama")
    known = KnownVersions([version_of_category(drama)])
    looks, get = iter([drama]), catalogue.categories.get
    tragedy = catalogue.categories.rename(drama, drama.renamed("Tragedy"))
    monkeypatch.setattr(catalogue.categories, "get", lambda each: next(looks, None) or get(each))
    with pytest.raises(Outdated) as raised:
        categories.rename(drama.id, "Plays", known=known)
    assert raised.value.version == version_of_category(tragedy)


def test_a_store_refuses_by_an_error_of_its_own(catalogue: FakeCatalogue) -> None:
    video = catalogue.put()
    with pytest.raises(StaleVideo):
        catalogue.videos.remove(video.id, only_if=replace(video, is_published=False))
