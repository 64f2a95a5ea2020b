"""People, tags, languages, ratings, dates and trailers of a dump become those of its videos."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chalicelib.catalogue.model import MOST_CAST, MOST_TAGS, Video, VideoId
from tests.builders.dumps import a_media_folder, a_video_row
from tests.builders.videos import a_video
from tests.unit.infra.transfer.conftest import FakeStage

FILE = "videos/metropolis.mp4"
NOT_IN_DUMP = "Some of their {} are not in the dump, and are left out"
BAD_DATES = "Their dates cannot be kept: they are drafts without dates"
NO_TRAILER = (
    "Their trailer is no other video of the dump, is not imported or leads back to them: left out"
)

HELM = {
    "model": "catalogue.person",
    "pk": 4,
    "fields": {"name": "Brigitte Helm", "bio": "x" * 500, "slug": "helm"},
}
ABEL = {
    "model": "cast.actor",
    "pk": "a-uuid",
    "fields": {"first_name": "Alfred", "last_name": "Abel"},
}
LANG = {"model": "catalogue.director", "pk": 9, "fields": {"full_name": "Fritz Lang"}}
TOWERS = {"model": "taggit.tag", "pk": 4, "fields": {"name": "Towers", "slug": "towers"}}


def imported(
    stage: FakeStage, folder: Path, *others: object, **fields: Any
) -> tuple[Video, list[str]]:
    """Import a video; return it, and what the report says of it."""
    media = a_media_folder(folder, FILE)
    report = stage.import_rows(folder, [a_video_row(7, **fields), *others], media=media)
    assert report.unmapped.keys() <= {("catalogue.person", "bio")}
    return stage.videos.get(VideoId(7)), list(report.problems)


@pytest.mark.parametrize(
    "value",
    [
        [4, "a-uuid"],
        [["Brigitte Helm"], ["Abel"]],
        ["Brigitte Helm", "Alfred Abel"],
        "Brigitte Helm, Alfred Abel",
        "Brigitte Helm\nAlfred Abel; brigitte helm",
        '["Brigitte Helm", "Alfred Abel"]',
        [{"name": "Brigitte Helm", "role": "Maria"}, {"name": "Alfred Abel"}],
    ],
)
def test_people_are_named_by_keys_texts_and_lists(
    stage: FakeStage, tmp_path: Path, value: object
) -> None:
    video, problems = imported(stage, tmp_path, HELM, ABEL, actors=value)
    assert (video.card.cast, problems) == (("Brigitte Helm", "Alfred Abel"), [])


@pytest.mark.parametrize("value", ["a-uuid", ["a-uuid"]])
def test_a_key_may_be_a_text(stage: FakeStage, tmp_path: Path, value: object) -> None:
    video, problems = imported(stage, tmp_path, ABEL, director=value, cast=value)
    assert (video.card.director, video.card.cast) == ("Alfred Abel", ("Alfred Abel",))
    assert problems == []


@pytest.mark.parametrize("value", [9, [9], "Fritz Lang", ["Fritz Lang"], '["Fritz Lang"]'])
def test_a_director_is_a_text_or_a_reference(
    stage: FakeStage, tmp_path: Path, value: object
) -> None:
    video, problems = imported(stage, tmp_path, LANG, director=value)
    assert (video.card.director, problems) == ("Fritz Lang", [])


@pytest.mark.parametrize(
    "value", ["\ud800Helm", ["\ud800Helm"], [{"name": "\ud800Helm"}], '["\\ud800Helm"]']
)
def test_names_can_be_stored_as_text(stage: FakeStage, tmp_path: Path, value: object) -> None:
    fields = dict.fromkeys(("cast", "tags", "director"), value)
    video, _ = imported(stage, tmp_path, **fields, category="\ud800Helm")
    card = video.card
    assert (card.cast, card.tags) == (("?Helm",), ("?Helm",))
    assert (card.director, card.category) == ("?Helm", "?Helm")


@pytest.mark.parametrize("text", ["[" * 100_000, "[" * 101 + "1" + "]" * 101])
def test_a_deep_list_is_a_text(stage: FakeStage, tmp_path: Path, text: str) -> None:
    video, problems = imported(stage, tmp_path, cast=text)
    assert (video.card.cast, problems) == ((), [])


def test_several_directors_are_one_text(stage: FakeStage, tmp_path: Path) -> None:
    video, _ = imported(stage, tmp_path, LANG, HELM, directors=[9, 4])
    assert video.card.director == "Fritz Lang, Brigitte Helm"


@pytest.mark.parametrize("value", [[4], ["Towers"], "towers, Towers"])
def test_tags_are_no_people(stage: FakeStage, tmp_path: Path, value: object) -> None:
    video, problems = imported(stage, tmp_path, TOWERS, HELM, tags=value)
    assert ([each.lower() for each in video.card.tags], problems) == (["towers"], [])


def test_who_is_not_in_the_dump_is_reported(stage: FakeStage, tmp_path: Path) -> None:
    video, problems = imported(stage, tmp_path, HELM, cast=[4, 5], tags=[6, None, "x", "!"])
    assert (video.card.cast, video.card.tags) == (("Brigitte Helm",), ("x",))
    assert problems == [NOT_IN_DUMP.format("cast"), NOT_IN_DUMP.format("tags")]


def test_too_many_and_too_long_names_are_cut_and_reported(stage: FakeStage, tmp_path: Path) -> None:
    many = [f"n{number}" for number in range(MOST_CAST + MOST_TAGS)]
    video, problems = imported(stage, tmp_path, cast=many, tags=["x" * 101, *many])
    assert (len(video.card.cast), len(video.card.tags)) == (MOST_CAST, MOST_TAGS)
    assert problems == [
        "Of more than 50 cast, the first ones count",
        "Names of tags have more than 100 characters, and are cut",
        "Of more than 30 tags, the first ones count",
    ]


def test_a_person_without_a_name_is_left_out(stage: FakeStage, tmp_path: Path) -> None:
    nobody = {"model": "catalogue.person", "pk": 5, "fields": {"name": "!"}}
    _, problems = imported(stage, tmp_path, nobody)
    assert problems == ["People and tags without a letter or digit in their name are left out"]


@pytest.mark.parametrize(
    ("value", "code", "number"),
    [("de", "de", 0), ("DE-at", "de", 0), ("pt_BR", "pt", 0), ("German", "", 1), (7, "", 1)],
)
def test_a_language_is_a_code(
    stage: FakeStage, tmp_path: Path, value: object, code: str, number: int
) -> None:
    video, problems = imported(stage, tmp_path, original_language=value)
    assert (video.card.original_language, len(problems)) == (code, number)


@pytest.mark.parametrize(
    ("value", "age"),
    [(0, 0), (12, 12), ("FSK 16", 16), ("PG-13", 13), ("18+", 18), ("R", None), (21, None),
     ("6-12", None), (-5, None), (True, None), (3, None), ("11", None), ("PEGI 3", 3), (7, 7)],
)  # fmt: skip
def test_a_rating_is_an_age(
    stage: FakeStage, tmp_path: Path, value: object, age: int | None
) -> None:
    video, problems = imported(stage, tmp_path, fsk=value)
    assert (video.card.age_rating, bool(problems)) == (age, age is None)


DRAMA = {"model": "catalogue.genre", "pk": 3, "fields": {"name": "Drama"}}
CRIME = {"model": "catalogue.genre", "pk": 4, "fields": {"name": "Crime"}}


@pytest.mark.parametrize(
    ("fields", "category", "genre"),
    [
        ({"category": None, "genre": 3}, "Drama", "Drama"),
        ({"category": None, "genre": [4, 3]}, "Crime", "Crime, Drama"),
        ({"category": "Films", "genre": 3}, "Films", "Drama"),
        ({"category": None, "genre": "Drama"}, "Drama", "Drama"),
    ],
)
def test_a_genre_is_a_name_and_no_key(
    stage: FakeStage, tmp_path: Path, fields: dict[str, object], category: str, genre: str
) -> None:
    video, problems = imported(stage, tmp_path, DRAMA, CRIME, **fields)
    assert (video.card.category, video.card.genre) == (category, genre)
    assert len(problems) == isinstance(fields["genre"], list)


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"category": None, "genre": 9}, "Their category is not in the dump"),
        ({"genre": 9}, "genre is no text, and is left out"),
        ({"license_type": 7}, "license_type is no text, and is left out"),
    ],
)
def test_a_key_of_what_is_not_in_the_dump_is_no_text(
    stage: FakeStage, tmp_path: Path, fields: dict[str, object], problem: str
) -> None:
    video, problems = imported(stage, tmp_path, DRAMA, **fields)
    assert (video.card.genre, video.card.license_type, problems) == ("", "", [problem])


def test_the_year_of_a_release_is_a_text(stage: FakeStage, tmp_path: Path) -> None:
    video, problems = imported(stage, tmp_path, release=1927)
    assert (video.card.release, problems) == ("1927", [])


def test_dates_are_kept(stage: FakeStage, tmp_path: Path) -> None:
    dates = {"publish_at": "2026-05-06T08:00:00+02:00", "available_until": "2027-01-01"}
    video, problems = imported(stage, tmp_path, **dates)
    assert video.card.publish_at == datetime(2026, 5, 6, 6, tzinfo=UTC)
    assert video.card.rights_until == datetime(2027, 1, 1, tzinfo=UTC)
    assert (video.is_published, problems) == (True, [])


def test_dates_without_an_effect_are_left_out(stage: FakeStage, tmp_path: Path) -> None:
    dates = {"publish_at": "1960-01-01", "rights_until": "9999-12-31T23:59:59Z"}
    video, problems = imported(stage, tmp_path, **dates)
    assert (video.card.publish_at, video.card.rights_until) == (None, None)
    assert (video.is_published, problems) == (True, [])


@pytest.mark.parametrize(
    "dates",
    [
        {"rights_until": "soon"},
        {"publish_at": 5},
        {"publish_at": "2300-01-01"},
        {"rights_until": "1960-01-01"},
        {"publish_at": "2027-01-01", "rights_until": "2026-01-01"},
    ],
)
def test_no_viewer_sees_a_video_whose_dates_have_no_meaning(
    stage: FakeStage, tmp_path: Path, dates: dict[str, object]
) -> None:
    video, problems = imported(stage, tmp_path, **dates)
    assert not video.is_published
    assert (video.card.publish_at, video.card.rights_until) == (None, None)
    assert BAD_DATES in problems


@pytest.mark.parametrize("reference", [8, ["Teaser"]])
def test_a_trailer_may_be_anywhere_in_the_dump(
    stage: FakeStage, tmp_path: Path, reference: object
) -> None:
    video, problems = imported(stage, tmp_path, a_video_row(8, "Teaser"), trailer=reference)
    assert (video.card.trailer, problems) == (VideoId(8), [])


def test_a_trailer_is_followed_to_the_id_that_it_gets(stage: FakeStage, tmp_path: Path) -> None:
    stage.videos.add(a_video(stage.clock.now(), "Other", id=VideoId(8)))
    video, _ = imported(stage, tmp_path, a_video_row(8, "Teaser"), trailer=8)
    assert video.card.trailer
    assert stage.videos.get(video.card.trailer).card.title == "Teaser"


@pytest.mark.parametrize("before", [8, 9])
def test_a_trailer_may_have_a_trailer(stage: FakeStage, tmp_path: Path, before: int) -> None:
    teaser, other = a_video_row(8, "Teaser", trailer=9), a_video_row(9, "Teaser of the teaser")
    rows = [teaser, other] if before == 8 else [other, teaser]
    video, problems = imported(stage, tmp_path, *rows, trailer=8)
    assert (video.card.trailer, problems) == (VideoId(8), [])
    assert stage.videos.get(VideoId(8)).card.trailer == 9


@pytest.mark.parametrize("reference", [7, 9, "https://example.com/teaser", ["x"], {"a": 1}])
def test_what_is_no_other_video_is_no_trailer(
    stage: FakeStage, tmp_path: Path, reference: object
) -> None:
    video, problems = imported(stage, tmp_path, trailer=reference)
    assert (video.card.trailer, problems) == (None, [NO_TRAILER])


def test_a_second_import_changes_nothing(stage: FakeStage, tmp_path: Path) -> None:
    rows = (HELM, a_video_row(8, "Teaser"))
    first, _ = imported(stage, tmp_path, *rows, cast=[4], trailer=8)
    again, problems = imported(stage, tmp_path, *rows, cast=[4], trailer=8)
    assert (again, problems) == (first, [])
