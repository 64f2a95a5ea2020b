"""What a copy of the catalogue tells: the same as the videos that were written into it."""

import random
import threading
from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from chalicelib.adapters.sqlite import catalogue_file
from chalicelib.adapters.sqlite.catalogue_file import CatalogueFile
from chalicelib.catalogue.audience import Audience
from chalicelib.catalogue.damage import Decodable
from chalicelib.catalogue.listing import Selection
from chalicelib.catalogue.model import (
    Card,
    CompleteMedia,
    EncodeStatus,
    EncodeSummary,
    Failure,
    Revision,
    Translation,
    Video,
    VideoId,
)
from chalicelib.catalogue.names import folded
from chalicelib.catalogue.ports import Changes
from chalicelib.language import Language
from tests.builders.videos import a_category, a_published_video, complete_media
from tests.fakes.clock import HandClock

NOW = HandClock().now()
EVERYTHING = Selection(Audience.ADMINISTRATORS)
GROWING = EncodeSummary(Revision(1), EncodeStatus.PROCESSING, 15, is_playable=True)
WHOLE_VIDEO = Video(
    VideoId(7),
    Card(
        "Metropolis",
        description="A city\nof the future",
        category="Drama",
        is_trailer=True,
        director="Fritz Lang",
        cast=("Brigitte Helm", "Gustav Fr\N{LATIN SMALL LETTER O WITH DIAERESIS}hlich"),
        tags=("silent", "city"),
        original_language="de",
        genre="Science fiction",
        release="1927",
        license_type="public domain",
        license_url="https://example.org/",
        age_rating=0,
        publish_at=NOW,
        rights_until=NOW + timedelta(days=30),
        trailer=VideoId(11),
        translations={Language.GERMAN: Translation("Metropolis", "Eine Stadt")},
    ),
    created_at=NOW,
    changed_at=NOW + timedelta(milliseconds=1),
    is_published=True,
    encode=EncodeSummary(
        Revision(3),
        EncodeStatus.FAILED,
        40,
        is_playable=True,
        failure=Failure("corrupt", "It is damaged."),
        decodable=Decodable(0.5, 0.25),
        was_refused=True,
        accepted=Decodable(0.5, 0.25),
        sent_at=NOW - timedelta(minutes=1),
        source_size=2**50 + 1,
    ),
    media=replace(
        complete_media(),
        mp4_name="metropolis",
        mp4_only_heights=(120,),
        keeps_pictures=True,
        decodable=Decodable(0.9, 1),
        is_damage_accepted=True,
        since=NOW,
    ),
    awaits_upload="upload",
)


def copy_of(videos: Iterable[Video]) -> CatalogueFile:
    copy = CatalogueFile()
    copy.apply(Changes({each.id: each for each in videos}, {}))
    return copy


video = partial(a_published_video, NOW)


def test_every_field_of_a_video_is_kept() -> None:
    for each in (WHOLE_VIDEO, video("plain")):
        entry = copy_of([each]).entry(each.id)
        assert entry is not None
        assert entry.video == each


@pytest.mark.parametrize("kind", [Card, EncodeSummary, CompleteMedia])
def test_the_whole_video_of_these_tests_has_no_default(kind: type[Any]) -> None:
    [sample] = [
        each
        for each in (WHOLE_VIDEO.card, WHOLE_VIDEO.encode, WHOLE_VIDEO.media)
        if isinstance(each, kind)
    ]
    assert [each.name for each in fields(kind) if getattr(sample, each.name) == each.default] == []


def test_lists_are_in_order_and_go_on_where_a_page_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue_file, "_READ_AT_ONCE", 7)
    videos = [video(f"{n}", created_at=NOW + timedelta(seconds=n // 3)) for n in range(50)]
    shuffled = random.Random(1).sample(videos, len(videos))  # noqa: S311
    copy = copy_of(shuffled)
    ordered = sorted(videos, key=lambda each: (each.created_at, each.id), reverse=True)
    assert [each.video for each in copy.entries(EVERYTHING)] == ordered
    page = copy.page(EVERYTHING, skip=10, most=5)
    assert [each.video for each in page] == ordered[10:15]
    rest = replace(EVERYTHING, after=page[-1].position)
    assert [each.video for each in copy.entries(rest)] == ordered[15:]
    assert copy.count(rest) == 35


@pytest.mark.parametrize("number", range(40))
def test_a_search_finds_what_holds_every_word_and_nothing_else(number: int) -> None:
    chance = random.Random(number)  # noqa: S311
    alphabet = "abcäß \"'%_*-()日本"
    texts = ["".join(chance.choices(alphabet, k=chance.randint(1, 30))) for _ in range(60)]
    copy = copy_of(video(text or "x") for text in texts)
    for length in (1, 2, 3, 4, 6):
        text = chance.choice(texts)
        begin = chance.randrange(len(text))
        words = folded(text[begin : begin + length]).split()
        expected = {each for each in texts if all(word in folded(each) for word in words)}
        searched = replace(EVERYTHING, search=" ".join(words))
        listed = {each.video.card.title for each in copy.entries(searched)}
        assert listed == expected, words


def test_a_category_has_the_videos_of_all_its_names() -> None:
    drama = a_category(NOW)
    first, second = (
        video("first", card=Card("first", category="Drama")),
        video("second", card=Card("second", category="Stage Plays")),
    )
    copy = copy_of([first, second])

    def listed(category: str) -> set[str]:
        chosen = copy.entries(replace(EVERYTHING, category=category))
        return {each.video.card.title for each in chosen}

    assert (listed("drama"), listed("Stage Plays"), listed("Comedy")) == (
        {"first"},
        {"second"},
        set(),
    )
    assert copy.apply(Changes({}, {drama.id: drama.renamed("Stage Plays")}))
    assert listed("drama") == listed("stage plays") == {"first", "second"}
    entry = copy.entry(first.id)
    assert entry is not None
    assert entry.category == "Stage Plays"
    assert copy.apply(Changes({}, {drama.id: None}))
    assert listed("Drama") == {"first"}


PEOPLE = ("Fritz Lang", "Thea von Harbou", "Lil Dagover", "Ann E Lee", "Anne Lee", "Lang")
TAGS = ("silent", "Silent Film", "film", "C", "\u6620\u753b")


@pytest.mark.parametrize("number", range(20))
def test_labels_and_ratings_choose_what_has_them_all_and_nothing_else(number: int) -> None:
    chance = random.Random(number)  # noqa: S311

    def a_card() -> Card:
        return Card(
            "a film",
            director=chance.choice(("", *PEOPLE, "Fritz Lang, Lil Dagover")),
            cast=tuple(chance.sample(PEOPLE, 2)),
            tags=tuple(chance.sample(TAGS, 2)),
            original_language=chance.choice(("", "de", "en")),
            age_rating=chance.choice((None, 0, 12, 18)),
        )

    videos = [video("", card=a_card()) for _ in range(60)]
    copy = copy_of([])
    # What is written over leaves nothing behind.
    for cards in ([a_card() for _ in videos], [each.card for each in videos]):
        pairs = zip(videos, cards, strict=True)
        copy.apply(Changes({each.id: replace(each, card=card) for each, card in pairs}, {}))
    for person in ("", *PEOPLE):
        tag, language = chance.choice(("", *TAGS)), chance.choice(("", "de", "en"))
        rating = chance.choice((None, 0, 12, 18))
        expected = {
            each.id
            for each in videos
            if person in ("", *each.card.director.split(", "), *each.card.cast)
            and tag in ("", *each.card.tags)
            and language in ("", each.card.original_language)
            and (rating is None or each.card.is_within(rating))
        }
        chosen = Selection(
            person=person.upper(), tag=tag.upper(), language=language, rating_max=rating
        )
        assert {each.video.id for each in copy.entries(chosen)} == expected
        assert copy.count(chosen) == len(expected)


def test_dates_follow_each_other_and_choose_what_viewers_see() -> None:
    dates = [NOW + timedelta(seconds=n) for n in range(4)]
    a, b = video("a", card=Card("a", publish_at=dates[1])), video("b")
    c = video("c", card=Card("c", publish_at=dates[0], rights_until=dates[3]))
    copy = copy_of([a, b, c])

    def seen(n: int) -> set[str]:
        return {each.video.card.title for each in copy.entries(Selection(at=dates[n]))}

    assert [copy.next_date(each) for each in (NOW - timedelta(seconds=1), *dates)] == [
        dates[0], dates[1], dates[3], dates[3], None,
    ]  # fmt: skip
    assert [seen(n) for n in range(4)] == [
        {"b", "c"},
        {"a", "b", "c"},
        {"a", "b", "c"},
        {"a", "b"},
    ]
    assert [{each.video.id for each in copy.begun(date)} for date in dates[:2]] == [
        {c.id},
        {a.id, c.id},
    ]
    assert copy.count(Selection(at=dates[3])) == 2
    assert copy.count(Selection()) == 3


COMPLETE = video("complete")
DRAFT = replace(COMPLETE, is_published=False)
TRASHED = replace(COMPLETE, trashed_at=NOW)
EARLY = replace(COMPLETE, media=None, encode=GROWING)
RENEWED = replace(COMPLETE, encode=replace(GROWING, revision=Revision(2)))


@pytest.mark.parametrize(
    ("before", "after", "is_seen"),
    [
        (None, COMPLETE, True),
        (None, DRAFT, False),
        (None, EARLY, True),
        (COMPLETE, COMPLETE, False),
        (COMPLETE, replace(COMPLETE, changed_at=NOW + timedelta(seconds=1)), False),
        (COMPLETE, RENEWED, False),
        (COMPLETE, replace(COMPLETE, card=Card("other")), True),
        (COMPLETE, replace(COMPLETE, media=complete_media(2)), True),
        (COMPLETE, DRAFT, True),
        (DRAFT, COMPLETE, True),
        (DRAFT, replace(DRAFT, card=Card("other")), False),
        (EARLY, replace(EARLY, encode=replace(GROWING, percent=20)), True),
        (COMPLETE, None, True),
        (DRAFT, None, False),
        (COMPLETE, TRASHED, True),
        (TRASHED, COMPLETE, True),
        (DRAFT, replace(DRAFT, trashed_at=NOW), False),
        (TRASHED, replace(TRASHED, card=Card("other")), False),
        (TRASHED, None, False),
        (None, None, False),
    ],
)
def test_it_tells_whether_viewers_see_a_change(
    before: Video | None, after: Video | None, *, is_seen: bool
) -> None:
    copy = copy_of([each for each in (before,) if each])
    earlier = copy.entry(COMPLETE.id)
    assert (earlier and earlier.video) == before
    assert copy.apply(Changes({COMPLETE.id: after}, {})) is is_seen
    entry = copy.entry(COMPLETE.id)
    assert (entry and entry.video) == after


def test_encodes_under_way_are_listed_drafts_as_well(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(catalogue_file, "_READ_AT_ONCE", 2)
    under_way = [
        *(video(f"{n}", encode=GROWING, is_published=n % 2 == 0) for n in range(5)),
        video("waiting", encode=replace(GROWING, status=EncodeStatus.PENDING)),
    ]
    others = [
        video("complete"),
        video("failed", encode=replace(GROWING, status=EncodeStatus.FAILED)),
        video("empty", media=None, encode=EncodeSummary()),
    ]
    copy = copy_of([*others, *under_way])
    listed = {each.video.id for each in copy.under_way()}
    assert listed == {each.id for each in under_way}


def test_what_was_written_to_a_file_is_read_from_it_and_can_be_changed(tmp_path: Path) -> None:
    category = a_category(NOW).renamed("Plays")
    copy = copy_of([WHOLE_VIDEO, COMPLETE])
    copy.apply(Changes({}, {category.id: category}))
    copy.write_to(tmp_path / "copy")
    again = CatalogueFile(tmp_path / "copy")
    (tmp_path / "copy").unlink()
    assert [each.video for each in again.entries(EVERYTHING)] == [
        each.video for each in copy.entries(EVERYTHING)
    ]
    assert (again.names, again.has_ratings) == (copy.names, True)
    assert again.changed_at == WHOLE_VIDEO.changed_at
    assert again.apply(Changes({WHOLE_VIDEO.id: None}, {}))
    assert not again.has_ratings
    assert again.count(replace(EVERYTHING, search="metropolis")) == 0
    assert again.count(replace(EVERYTHING, category="drama")) == 1


def test_threads_read_while_others_write() -> None:
    videos = [video(f"{n}") for n in range(200)]
    copy = copy_of(videos)
    counts: set[int] = set()

    def read() -> None:
        counts.update(len(list(copy.entries(EVERYTHING))) for _ in range(20))

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for n in range(50):
        changed = [replace(each, card=Card(f"{n}")) for each in videos[:20]]
        copy.apply(Changes({each.id: each for each in changed}, {}))
    for thread in threads:
        thread.join()
    assert counts == {200}


def test_categories_are_counted_by_their_slugs_for_each_audience() -> None:
    krimi = a_category(NOW, "Krimi")
    copy = copy_of(
        [
            video("a", card=Card("a", category="Krimi", age_rating=6)),
            video("b", card=Card("b", category="krimi", age_rating=16)),
            video("c", card=Card("c", category="Drama"), is_published=False),
            video("d", card=Card("d")),
        ]
    )
    copy.apply(Changes({}, {krimi.id: krimi.renamed("Crime")}))
    assert copy.counts(Selection()) == {"krimi": 2, "": 1}
    assert copy.counts(Selection(age_limit=6)) == {"krimi": 1}
    assert copy.counts(EVERYTHING) == {"krimi": 2, "drama": 1, "": 1}


@pytest.mark.parametrize(
    "change",
    [{"card": Card("bad", cast=("\ud800",))}, {"encode": EncodeSummary(source_size=2**63)}],
)
def test_a_video_that_no_row_can_hold_is_missing_from_the_lists_alone(
    change: dict[str, Any],
) -> None:
    good, bad = video("good"), video("bad")
    spoilt = replace(bad, **change)
    for copy in (copy_of([good, spoilt]), copy_of([good, bad])):
        copy.apply(Changes({bad.id: spoilt}, {}))
        assert [each.video for each in copy.entries(EVERYTHING)] == [good]
        assert copy.entry(bad.id) is None
        copy.apply(Changes({bad.id: bad}, {}))
        assert copy.count(EVERYTHING) == 2
