"""Which videos are like another one, for whom, and in what order."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.adapters.sqlite import similar
from chalicelib.adapters.sqlite.catalogue_file import CatalogueFile
from chalicelib.catalogue.audience import Audience
from chalicelib.catalogue.listing import Selection
from chalicelib.catalogue.model import Card, Video, VideoId
from chalicelib.catalogue.ports import Changes
from tests.builders.videos import a_category
from tests.unit.chalicelib.adapters.sqlite.test_search import GROWING, NOW, copy_of, video


def like(copy: CatalogueFile, to: Video, most: int = 100, **selection: Any) -> list[str]:
    numbers = copy.similar(to.id, Selection(**selection), most=most)
    return [entry.video.card.title for each in numbers if (entry := copy.entry(each))]


# So that a word of two videos is a seldom one.
OTHERS = [video(f"Nothing {word}", category="Other") for word in "abcdefghijkl"]


def test_people_count_most_then_genre_category_and_words() -> None:
    moon = video(
        "Woman in the Moon",
        "A rocket flies to the satellite.",
        category="Drama",
        director="Fritz Lang",
        genre="Science fiction",
    )
    copy = copy_of(
        moon,
        video("Journey", "They build a rocket."),
        video("Kitchen", category="Drama"),
        video("Robots", genre="Science fiction"),
        video("Spies", director="Fritz Lang"),
        *OTHERS,
    )
    assert like(copy, moon) == ["Spies", "Robots", "Kitchen", "Journey"]


def test_each_says_what_it_has_in_common_that_counts_most() -> None:
    moon = video(
        "Woman in the Moon",
        "A rocket flies to the satellite.",
        category="Drama",
        cast=("Gerda Maurus", "Willy Fritsch"),
        tags=("space", "silent"),
        genre="Science fiction",
    )
    copy = copy_of(
        moon,
        video("Journey", "They build a rocket."),
        video("Kitchen", category="Drama"),
        video("Robots", genre="Science fiction", category="Drama"),
        video("Comet", tags=("Space",)),
        # Two tags are more than one person.
        video("Stars", tags=("space", "silent"), director="Willy Fritsch"),
        video("Spies", director="Willy Fritsch, Someone"),
        *OTHERS,
    )
    reasons = copy.similar(moon.id, Selection(), most=100)
    titles = {
        entry.video.card.title: reasons[each] for each in reasons if (entry := copy.entry(each))
    }
    assert titles == {
        "Stars": "tag",
        "Spies": "person",
        "Robots": "genre",
        "Comet": "tag",
        "Kitchen": "category",
        "Journey": "words",
    }
    assert next(iter(titles)) == "Stars"


def test_what_has_more_in_common_is_first_and_of_equal_videos_the_newest() -> None:
    spies = video("Spies", director="Fritz Lang", category="Drama")
    copy = copy_of(
        spies,
        video("Fury", director="Fritz Lang"),
        video("Destiny", director="Fritz Lang", category="Drama"),
        video("Harakiri", director="Fritz Lang"),
        *OTHERS,
    )
    assert like(copy, spies) == ["Destiny", "Harakiri", "Fury"]
    assert like(copy, spies, most=1) == ["Destiny"]


def test_a_word_of_many_videos_says_nothing_and_of_one_neither() -> None:
    many = [video(f"Common {word}") for word in "abcdef"]
    copy = copy_of(*many, video("Metropolis"))
    assert like(copy, many[0]) == []


def test_translations_have_words_as_well() -> None:
    moon = video("Frau im Mond", "Zur Rakete")
    copy = copy_of(moon, video("Die Rakete"), *OTHERS)
    assert like(copy, moon) == ["Die Rakete"]


@pytest.mark.parametrize("text", ['"', "'", "*", "NOT x", "title:x", "😀", "\0", "-"])
def test_no_text_is_a_query(text: str) -> None:
    odd = video(text, text, category=text, director=text, genre=text)
    assert like(copy_of(odd, *OTHERS), odd) == []


def test_a_category_is_the_same_by_every_name_of_it() -> None:
    before, now = a_category(NOW, "Krimi"), a_category(NOW, "Krimi").renamed("Crime")
    spies = video("Spies", category="Krimi")
    copy = copy_of(spies, video("Fury", category="Crime"), *OTHERS)
    assert like(copy, spies) == []
    copy.apply(Changes({}, {before.id: now}))
    assert like(copy, spies) == ["Fury"]


def test_no_viewer_gets_what_is_not_for_him() -> None:
    spies = video("Spies", director="Fritz Lang", age_rating=6)
    copy = copy_of(
        spies,
        video("Fury", director="Fritz Lang", age_rating=16),
        video("Trailer", director="Fritz Lang", is_trailer=True, age_rating=0),
        replace(video("Draft", director="Fritz Lang", age_rating=0), is_published=False),
        replace(video("Growing", director="Fritz Lang", age_rating=0), encode=GROWING, media=None),
        *OTHERS,
    )
    assert like(copy, spies) == ["Trailer", "Fury"]
    assert like(copy, spies, is_trailer=False) == ["Fury"]
    assert like(copy, spies, age_limit=12) == ["Trailer"]
    assert like(copy, spies, audience=Audience.EARLY_VIEWERS, age_limit=12) == [
        "Growing", "Trailer",
    ]  # fmt: skip


def test_there_is_enough_however_many_may_not_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(similar, "_READ_AT_ONCE", 2)
    spies = video("Spies", director="Fritz Lang")
    those = [video(f"{n}", director="Fritz Lang", age_rating=18 * (n > 3)) for n in range(9)]
    assert like(copy_of(spies, *those), spies, age_limit=6) == ["3", "2", "1", "0"]


def test_of_each_fact_the_newest_videos_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(similar, "_MOST_SHARING", 2)
    spies = video("Spies", director="Fritz Lang")
    copy = copy_of(*(video(f"{n}", director="Fritz Lang") for n in range(9)), spies)
    assert like(copy, spies) == ["8", "7"]


def test_what_is_changed_or_gone_is_like_others_no_more() -> None:
    spies, fury = (video(title, director="Fritz Lang") for title in ("Spies", "Fury"))
    copy = copy_of(spies, fury)
    assert like(copy, spies) == ["Fury"]
    copy.apply(Changes({fury.id: replace(fury, card=Card("Fury"))}, {}))
    assert like(copy, spies) == []
    copy.apply(Changes({spies.id: None}, {}))
    assert like(copy, spies) == []
    assert like(copy, replace(spies, id=VideoId(1))) == []
