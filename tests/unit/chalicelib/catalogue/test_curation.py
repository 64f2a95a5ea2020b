"""What administrators may write, and what follows from it."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.catalogue.curation import Curation, canonical
from chalicelib.catalogue.model import (
    BadTitle,
    Card,
    Category,
    CategoryNotFound,
    CategoryTaken,
    Translation,
    Video,
    VideoId,
    VideoNotFound,
    VideoTaken,
    category_id_of,
    slug_of,
)
from chalicelib.catalogue.snapshot import Audience, Selection
from chalicelib.language import Language
from tests.builders.catalogue import FakeCatalogue
from tests.builders.videos import a_published_video


@pytest.fixture
def curation(catalogue: FakeCatalogue) -> Curation:
    return catalogue.process()[0]


def names(curation: Curation) -> list[str]:
    return [each.name for each in curation.cache.snapshot().categories]


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
    video = curation.add(Card("Metropolis"))
    for is_published in (None, False, True, True, None, False, False):
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


def test_a_category_comes_into_being_with_the_first_video_that_names_it(
    curation: Curation,
) -> None:
    video = curation.add(Card("Metropolis", category="Science Fiction"))
    curation.add(Card("Alien", category="SCIENCE FICTION"))
    assert names(curation) == ["Science Fiction"]
    curation.change(video.id, lambda card: replace(card, category="Drama"))
    assert names(curation) == ["Drama", "Science Fiction"]


def test_a_category_that_was_removed_comes_back_only_when_named_again(
    curation: Curation,
) -> None:
    video = curation.add(Card("Metropolis", category="Drama"))
    curation.remove_category(category_id_of("drama"))
    curation.change(video.id, lambda card: replace(card, title="Alien"))
    assert names(curation) == []
    curation.add(Card("Nosferatu", category="Drama"))
    assert names(curation) == ["Drama"]


def test_two_processes_that_create_a_category_at_once_create_one(catalogue: FakeCatalogue) -> None:
    ours, theirs = catalogue.process()[0], catalogue.process()[0]
    theirs.cache.snapshot()
    ours.add(Card("a", category="Drama"))
    theirs.add(Card("b", category="drama"))
    catalogue.clock.advance(seconds=2)
    assert names(ours) == names(theirs) == ["Drama"]


def test_a_category_is_added_once_and_removed_once(curation: Curation) -> None:
    drama = curation.add_category("Drama")
    with pytest.raises(CategoryTaken):
        curation.add_category(" drama ")
    curation.remove_category(drama.id)
    with pytest.raises(CategoryNotFound):
        curation.remove_category(drama.id)


def listed(process: Curation, category: str) -> list[tuple[str, str]]:
    entries = process.cache.snapshot().chosen(Selection(Audience.CURATORS, category=category))
    return sorted((each.video.card.title, each.category) for each in entries)


def test_videos_go_with_a_category_to_its_new_name(catalogue: FakeCatalogue) -> None:
    ours, theirs = catalogue.process()[0], catalogue.process()[0]
    ours.add(Card("Metropolis", category="Drama"))
    assert listed(theirs, "Drama") == [("Metropolis", "Drama")]
    ours.rename_category(category_id_of("drama"), " Stage\tPlays ")
    ours.add(Card("Nosferatu", category="stage plays"))
    catalogue.clock.advance(seconds=2)
    ours.add(Card("Faust", category="DRAMA"))
    catalogue.clock.advance(seconds=2)
    titles = [(title, "Stage Plays") for title in ("Faust", "Metropolis", "Nosferatu")]
    for process in (ours, theirs):
        assert names(process) == ["Stage Plays"]
        assert listed(process, "drama") == listed(process, "Stage Plays") == titles


def test_videos_stay_with_a_category_that_is_renamed_again_and_again(curation: Curation) -> None:
    drama = curation.add_category("Drama")
    for name in ("Plays", "Theatre", "Drama", "Stage"):
        curation.add(Card(name, category=name if name == "Drama" else drama.name))
        drama = curation.rename_category(drama.id, name)
    assert len(listed(curation, "plays")) == 4
    assert {name for _, name in listed(curation, "drama")} == {"Stage"}
    assert names(curation) == ["Stage"]


def test_without_their_category_videos_keep_the_name_they_were_filed_under(
    curation: Curation,
) -> None:
    curation.add(Card("Metropolis", category="Drama"))
    curation.rename_category(category_id_of("drama"), "Plays")
    curation.remove_category(category_id_of("drama"))
    assert listed(curation, "drama") == [("Metropolis", "Drama")]
    assert names(curation) == []


def test_a_category_that_is_renamed_to_its_own_name_is_not_written(
    curation: Curation, catalogue: FakeCatalogue
) -> None:
    drama = curation.add_category("Drama")
    catalogue.clock.advance(seconds=1)
    assert curation.rename_category(drama.id, " Drama ").changed_at == drama.changed_at


def test_a_category_has_only_so_many_names(curation: Curation) -> None:
    drama = curation.add_category("Drama")
    for number in range(50):
        drama = curation.rename_category(drama.id, f"Plays {number}")
    with pytest.raises(BadTitle):
        curation.rename_category(drama.id, "One more")
    curation.remove_category(drama.id)


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
    ],
)
def test_what_cannot_be_kept_is_refused_by_name(field: str, value: str) -> None:
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


def test_names_of_categories_that_look_alike_are_one_name(curation: Curation) -> None:
    curation.add(Card("Metropolis", category="Drama"))
    curation.add(Card("Faust", category="Dra\u00adma"))
    persian = curation.add_category("می\u200cروم")
    assert persian.name == "می\u200cروم"
    for taken in ("\u202eDrama", "Dra\u200dma", "میروم"):
        with pytest.raises(CategoryTaken):
            curation.add_category(taken)
    assert len(listed(curation, "Dra\u2060ma")) == 2


def stored_before(catalogue: FakeCatalogue, name: str, slug: str) -> Category:
    """A category of the time when slugs kept invisible characters."""
    category = Category(category_id_of(slug), name, slug, changed_at=catalogue.clock.now())
    catalogue.categories.add(category)
    return category


def stored_video(catalogue: FakeCatalogue, category: str) -> Video:
    video = replace(
        a_published_video(catalogue.clock.now()), card=Card("Metropolis", category=category)
    )
    catalogue.videos.add(video)
    return video


@pytest.mark.parametrize(
    ("name", "slug"),
    [("می\u200cروم", "می-روم"), ("Dra\u00adma", "dra-ma"), ("Dra\u202ema", "dra-ma")],
)
def test_a_stored_category_with_invisible_characters_keeps_its_videos(
    catalogue: FakeCatalogue, curation: Curation, name: str, slug: str
) -> None:
    category, video = stored_before(catalogue, name, slug), stored_video(catalogue, name)
    for asked in (name, slug):
        assert listed(curation, asked) == [("Metropolis", name)]
    with pytest.raises(CategoryTaken):
        curation.add_category(name)
    other = curation.add_category("Other")
    with pytest.raises(CategoryTaken):
        curation.rename_category(other.id, name)
    curation.change(video.id, lambda card: replace(card, genre="x"))
    curation.add(Card("Faust", category=name))
    renamed = curation.rename_category(category.id, "Krimi")
    curation.change(video.id, lambda card: replace(card, genre="y"))
    curation.add(Card("Nosferatu", category=name))
    assert renamed.slug == slug
    titles = [(title, "Krimi") for title in ("Faust", "Metropolis", "Nosferatu")]
    assert listed(curation, slug) == titles


def test_of_two_stored_categories_that_look_alike_either_can_be_renamed(
    catalogue: FakeCatalogue, curation: Curation
) -> None:
    hidden = stored_before(catalogue, "Dra\u00adma", "dra-ma")
    stored_before(catalogue, "Drama", "drama")
    assert curation.rename_category(hidden.id, "Plays").name == "Plays"
    assert names(curation) == ["Drama", "Plays"]


def test_a_stored_category_gets_the_clean_spelling_of_its_name(
    catalogue: FakeCatalogue, curation: Curation
) -> None:
    category = stored_before(catalogue, "Dra\u00adma", "dra-ma")
    stored_video(catalogue, "Dra\u00adma")
    assert curation.rename_category(category.id, "Drama").name == "Drama"
    assert listed(curation, "Drama") == listed(curation, "dra-ma") == [("Metropolis", "Drama")]


def test_a_search_finds_what_looks_as_it_was_typed(
    catalogue: FakeCatalogue, curation: Curation
) -> None:
    catalogue.put("Metro\u00adpolis")
    chosen = curation.cache.snapshot().chosen
    for typed in ("metropolis", "metro\u200bpolis"):
        assert len(chosen(Selection(Audience.CURATORS, search=typed))) == 1


def test_a_category_of_dots_alone_is_refused(curation: Curation) -> None:
    with pytest.raises(BadTitle):
        curation.add_category("...")


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


def test_ids_of_categories_are_numbers_that_javascript_holds() -> None:
    ids = {category_id_of(slug) for slug in ("drama", "action", "comedy")}
    assert len(ids) == 3
    assert max(ids) < 2**53


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
