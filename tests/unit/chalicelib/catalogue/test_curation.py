"""What administrators may write, and what follows from it."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.catalogue.audience import Audience
from chalicelib.catalogue.curation import Curation, canonical
from chalicelib.catalogue.listing import Selection
from chalicelib.catalogue.model import (
    BadTitle,
    Card,
    Translation,
    VideoId,
    VideoNotFound,
    VideoTaken,
    slug_of,
)
from chalicelib.language import Language
from tests.builders.catalogue import FakeCatalogue


def test_a_new_video_is_a_draft_without_media(curation: Curation, catalogue: FakeCatalogue) -> None:
    video = curation.add(Card("Metropolis"))
    assert video == catalogue.videos.get(video.id)
    assert (video.is_published, video.is_playable, video.encode.revision) == (False, False, 0)


def test_an_id_that_was_requested_is_used_once(curation: Curation) -> None:
    assert curation.add(Card("a"), video_id=VideoId(7)).id == 7
    with pytest.raises(VideoTaken):
        curation.add(Card("b"), video_id=VideoId(7))
    assert curation.get(VideoId(7)).card.title == "a"


def test_an_id_that_is_taken_by_chance_is_not_used(
    curation: Curation, monkeypatch: pytest.MonkeyPatch
) -> None:
    dice = iter([1, 1, 1, 2])
    monkeypatch.setattr("secrets.randbits", lambda _: next(dice))
    assert curation.add(Card("a")).id != curation.add(Card("b")).id


def test_a_change_touches_what_it_is_about(curation: Curation) -> None:
    before = curation.add(Card("Metropolis", director="Fritz Lang"))
    changed = curation.change(before.id, lambda card: replace(card, title="Alien"))
    assert changed.card == Card("Alien", director="Fritz Lang")
    assert not changed.is_published
    published = curation.change(before.id, lambda card: card, is_published=True)
    assert (published.card, published.is_published) == (changed.card, True)


def test_a_removed_video_is_withdrawn(curation: Curation, catalogue: FakeCatalogue) -> None:
    video = curation.add(Card("Metropolis"))
    curation.remove(video.id)
    assert catalogue.public_media.withdrawn == [video.id]
    with pytest.raises(VideoNotFound):
        curation.change(video.id, lambda card: card)


def test_who_publishes_reveals_and_who_unpublishes_withdraws(
    curation: Curation, catalogue: FakeCatalogue
) -> None:
    video = catalogue.put()
    for is_published in (None, True, False, None, False, True, None):
        curation.change(video.id, lambda card: card, is_published=is_published)
    assert catalogue.public_media.revealed == [video.id]
    assert catalogue.public_media.withdrawn == [video.id]


def test_removing_again_makes_sure_that_the_media_go(
    curation: Curation, catalogue: FakeCatalogue
) -> None:
    video = curation.add(Card("Metropolis"))
    curation.remove(video.id)
    with pytest.raises(VideoNotFound):
        curation.remove(video.id)
    assert catalogue.public_media.withdrawn == [video.id, video.id]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("title", " \n "),
        ("title", "x" * 201),
        ("category", "!?"),
        ("category", "x" * 101),
        ("license_url", "javascript:alert(1)"),
        ("license_url", "data:text/html,x"),
        ("license_url", "//example.com"),
        ("license_url", "https://"),
        ("license_url", "https://[x"),
        ("license_url", "https://example.com/\nx"),
        ("age_rating", -1),
        ("age_rating", 19),
    ],
)
def test_what_cannot_be_kept_is_refused_by_name(field: str, value: object) -> None:
    changes: dict[str, Any] = {field: value}
    with pytest.raises(BadTitle) as refusal:
        canonical(replace(Card("Metropolis"), **changes))
    assert list(refusal.value.fields) == [field]


def test_a_video_has_a_name_of_one_line_without_control_characters() -> None:
    family = "\N{MAN}\N{ZERO WIDTH JOINER}\N{WOMAN}"
    card = canonical(Card(f"\tThe\r\nFilm\x00\x1b  {family} ", category=" Science\nFiction"))
    assert (card.title, card.category) == (f"The Film {family}", "Science Fiction")


@pytest.mark.parametrize("title", ["Fi\u00adlm", "\u202eFilm\u2069", "Film\u200b", "\ufeffFilm"])
def test_no_name_of_a_video_hides_a_character_or_turns_the_text_around(title: str) -> None:
    translated = {Language.GERMAN: Translation(title, "x")}
    card = canonical(Card(title, category=title, translations=translated))
    assert (card.title, card.category) == ("Film", "Film")
    assert card.translations == {Language.GERMAN: Translation("Film", "x")}


@pytest.mark.parametrize(
    "blank", ["\u200b", "\u202e\u202c", "\u3164", "\u200d", "\ufe0f", "\u034f"]
)
def test_an_invisible_name_is_blank(blank: str) -> None:
    with pytest.raises(BadTitle) as refusal:
        canonical(Card(blank, translations={Language.GERMAN: Translation(blank, "")}))
    assert list(refusal.value.fields) == ["title", "translations"]


def test_a_search_finds_what_looks_as_it_was_typed(
    catalogue: FakeCatalogue, curation: Curation
) -> None:
    catalogue.put("Metro\u00adpolis")
    chosen = curation.cache.snapshot().chosen
    for typed in ("metropolis", "metro\u200bpolis"):
        assert len(list(chosen(Selection(Audience.ADMINISTRATORS, search=typed)))) == 1


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Science Fiction", "science-fiction"),
        ("Sci_Fi & more!", "sci-fi-more"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("アニメ", "アニメ"),
        ("Dra\N{SOFT HYPHEN}ma", "drama"),
        ("Dra\N{ZERO WIDTH JOINER}ma", "drama"),
        ("می\N{ZERO WIDTH NON-JOINER}روم", "میروم"),
        ("!", ""),
    ],
)
def test_a_slug_is_one_spelling_for_all_that_look_alike(name: str, slug: str) -> None:
    assert slug_of(name) == slug


def test_two_administrators_at_once_do_not_undo_each_other(catalogue: FakeCatalogue) -> None:
    ours, theirs = catalogue.process()[0], catalogue.process()[0]
    video = catalogue.put()

    def written_meanwhile(card: Card) -> Card:
        theirs.change(video.id, lambda card: replace(card, director="Lang"), is_published=False)
        return replace(card, title="Alien")

    changed = ours.change(video.id, written_meanwhile)
    assert (changed.card.title, changed.card.director) == ("Alien", "Lang")
    assert not changed.is_published
    assert catalogue.videos.get(video.id) == changed
