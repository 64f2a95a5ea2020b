"""Videos of a dump keep their texts, their time and their state; their files are sent."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chalicelib.catalogue.model import Card, Translation, Video, VideoId
from chalicelib.language import Language
from tests.builders.dumps import a_category_row, a_media_folder, a_video_row
from tests.builders.videos import a_video
from tests.unit.infra.transfer.conftest import FakeStage

FILE = "videos/metropolis.mp4"
DRAFT = "they are drafts without media"


def imported(stage: FakeStage, folder: Path, *others: object, **fields: Any) -> Video:
    media = a_media_folder(folder, FILE)
    report = stage.import_rows(folder, [a_video_row(7, **fields), *others], media=media)
    assert report.problems == {}
    return stage.videos.get(VideoId(7))


def test_a_video_keeps_its_id_texts_and_time(stage: FakeStage, tmp_path: Path) -> None:
    video = imported(
        stage,
        tmp_path,
        is_trailer=True,
        genre="Science fiction",
        release="1927-01-10",
        director="Fritz Lang",
        license_type="CC BY",
        license_url="https://example.com/license",
    )
    assert video.card == Card(
        title="Metropolis",
        description="A city.",
        category="Drama",
        is_trailer=True,
        genre="Science fiction",
        release="1927-01-10",
        director="Fritz Lang",
        license_type="CC BY",
        license_url="https://example.com/license",
    )
    assert video.created_at == datetime(2023, 5, 6, 7, 8, 9, 987000, UTC)
    assert video.is_published


def test_the_file_is_sent_as_an_upload_of_the_video(stage: FakeStage, tmp_path: Path) -> None:
    imported(stage, tmp_path)
    [(key, content)] = stage.files.sent.items()
    assert content == b"the file videos/metropolis.mp4"
    kind, video, upload, name = key.split("/")
    assert (kind, video, len(upload), name) == ("uploads", "7", 32, "source.mp4")


def test_a_draft_stays_a_draft(stage: FakeStage, tmp_path: Path) -> None:
    assert not imported(stage, tmp_path, is_published=False).is_published


@pytest.mark.parametrize("flag", ["is_published", "is_draft"])
def test_a_video_is_a_draft_if_it_is_unknown_whether_it_is_public(
    stage: FakeStage, tmp_path: Path, flag: str
) -> None:
    media = a_media_folder(tmp_path, FILE)
    report = stage.import_rows(tmp_path, [a_video_row(7, **{flag: "perhaps"})], media=media)
    assert not stage.videos.get(VideoId(7)).is_published
    assert [*report.problems] == [f"{flag} is neither true nor false: what opens nothing counts"]


def test_what_is_marked_as_a_draft_is_one(stage: FakeStage, tmp_path: Path) -> None:
    assert not imported(stage, tmp_path, is_draft=True).is_published


@pytest.mark.parametrize(
    ("name", "media", "reason"),
    [
        ("", True, "Without a file"),
        (None, True, "Without a file"),
        ("videos/gone.mp4", True, "Their file is missing, empty or outside of --media"),
        ("../../etc/passwd", True, "Their file is missing, empty or outside of --media"),
        (FILE, False, "Without --media"),
    ],
)
def test_a_video_without_its_file_becomes_a_draft(
    stage: FakeStage, tmp_path: Path, name: str, media: bool, reason: str
) -> None:
    folder = a_media_folder(tmp_path, FILE) if media else None
    report = stage.import_rows(tmp_path, [a_video_row(7, video_file=name)], media=folder)
    assert report.problems == {f"{reason}: {DRAFT}": ["catalogue.video 7"]}
    assert not stage.videos.get(VideoId(7)).is_published
    assert stage.files.sent == {}


@pytest.mark.parametrize("reference", [3, ["drama"], ["Drama"], "Drama", [3], [["drama"]]])
def test_a_category_is_named_by_key_natural_key_or_text(
    stage: FakeStage, tmp_path: Path, reference: object
) -> None:
    # The row may come after the videos that refer to it.
    video = imported(stage, tmp_path, a_category_row(3), category=reference)
    assert video.card.category == "Drama"
    assert [each.name for each in stage.categories.since(None).values() if each] == ["Drama"]


def test_a_category_that_is_not_in_the_dump_is_reported(stage: FakeStage, tmp_path: Path) -> None:
    media = a_media_folder(tmp_path, FILE)
    report = stage.import_rows(tmp_path, [a_video_row(7, category=9)], media=media)
    assert report.problems == {"Their category is not in the dump": ["catalogue.video 7"]}
    assert stage.videos.get(VideoId(7)).card.category == ""


def test_of_several_categories_the_first_counts(stage: FakeStage, tmp_path: Path) -> None:
    rows = [a_category_row(3), a_category_row(4, "Comedy"), a_video_row(7, category=[4, 3])]
    report = stage.import_rows(tmp_path, rows, media=a_media_folder(tmp_path, FILE))
    assert list(report.problems) == ["Of several categories of a video, the first one counts"]
    assert stage.videos.get(VideoId(7)).card.category == "Comedy"


@pytest.mark.parametrize(
    "others",
    [
        {"title_de": "Metropolis!", "description_de": "Eine Stadt."},
        {"rows": [{"language_code": "de", "master": 7}]},
    ],
    ids=["fields", "a model"],
)
def test_translations_are_kept(stage: FakeStage, tmp_path: Path, others: dict[str, Any]) -> None:
    texts = {"title": "Metropolis!", "description": "Eine Stadt."}
    rows = [
        {"model": "catalogue.videotranslation", "pk": 1, "fields": row | texts}
        for row in others.pop("rows", [])
    ]
    video = imported(stage, tmp_path, *rows, **others)
    german = Translation("Metropolis!", "Eine Stadt.")
    assert video.card.translations == {Language.GERMAN: german}


def test_texts_that_break_a_rule_are_mended_and_reported(stage: FakeStage, tmp_path: Path) -> None:
    row = a_video_row(7, title=" \n", description="x" * 6000, license_url="javascript:alert(1)")
    report = stage.import_rows(tmp_path, [row], media=a_media_folder(tmp_path, FILE))
    card = stage.videos.get(VideoId(7)).card
    assert (card.title, len(card.description), card.license_url) == ("metropolis", 5000, "")
    assert list(report.problems) == [
        "Without a title: that of the file is used",
        "description has more than 5000 characters, and is cut",
        "The URL of their license is none, and is left out",
    ]


def test_a_second_import_changes_nothing(stage: FakeStage, tmp_path: Path) -> None:
    rows = [a_video_row(7), a_video_row("uuid", "Faust", created_at=None)]
    media = a_media_folder(tmp_path, FILE)
    stage.import_rows(tmp_path, rows, media=media)
    before, sent = stage.videos.since(None), dict(stage.files.sent)
    report = stage.import_rows(tmp_path, rows, media=media)
    assert report.counts == {
        ("categories", "here already, and unchanged"): 1,
        ("videos", "here already, and unchanged"): 2,
    }
    assert (stage.videos.since(None), stage.files.sent) == (before, sent)


def test_what_was_changed_here_stays(stage: FakeStage, tmp_path: Path) -> None:
    video = imported(stage, tmp_path)
    changed = replace(video.card, title="Metropolis (restored)")
    stage.videos.write(video.id, changed, is_published=False)
    assert imported(stage, tmp_path).card == changed


@pytest.mark.parametrize(
    "changed",
    [{"title": "Metropolis (restored)"}, {"description": "A city of 2026."}],
    ids=["title", "description"],
)
@pytest.mark.parametrize("time", [{}, {"created_at": None}], ids=["dated", "undated"])
def test_a_video_that_was_edited_here_is_not_imported_again(
    stage: FakeStage, tmp_path: Path, changed: dict[str, Any], time: dict[str, Any]
) -> None:
    video = imported(stage, tmp_path, **time)
    stage.videos.write(video.id, replace(video.card, **changed), is_published=True)
    media = a_media_folder(tmp_path, FILE)
    report = stage.import_rows(tmp_path, [a_video_row(7, **time)], media=media)
    became = "under another title" if "title" in changed else "and unchanged"
    assert report.counts["videos", f"here already, {became}"] == 1
    assert len(stage.videos.since(None)) == 1


def test_of_two_dumps_both_videos_of_an_id_and_a_time_are_imported(
    stage: FakeStage, tmp_path: Path
) -> None:
    rows = [a_video_row(7), a_video_row(7, "Faust", description="A bet.")]
    media = a_media_folder(tmp_path, FILE)
    reports = [stage.import_rows(tmp_path, [row], media=media) for row in (*rows, *rows)]
    titles = sorted(each.card.title for each in stage.videos.since(None).values() if each)
    assert titles == ["Faust", "Metropolis"]
    reason = "Another video here has their id and time, and other texts: imported under another id"
    assert [each.problems for each in reports] == [{}, {reason: ["catalogue.video 7"]}, {}, {}]
    assert reports[1].counts["videos", "imported under another id"] == 1
    assert reports[3].counts["videos", "here already, and unchanged"] == 1


def test_media_that_are_made_again_are_no_problem(stage: FakeStage, tmp_path: Path) -> None:
    rows = [a_video_row(7, thumbnail="a.jpg", video_480p="b.mp4", hls_playlist="c", duration=3)]
    report = stage.import_rows(tmp_path, rows, media=a_media_folder(tmp_path, FILE))
    assert {name for _, name in report.remade} == {
        *("thumbnail", "video_480p", "hls_playlist", "duration")
    }
    assert not report.has_problems


def test_a_video_that_was_deleted_here_does_not_come_back(stage: FakeStage, tmp_path: Path) -> None:
    imported(stage, tmp_path)
    stage.videos.remove(VideoId(7))
    media = a_media_folder(tmp_path, FILE)
    report = stage.import_rows(tmp_path, [a_video_row(7)], media=media)
    assert report.counts["videos", "deleted here, and not imported again"] == 1


def test_an_id_of_another_video_is_replaced(stage: FakeStage, tmp_path: Path) -> None:
    here = a_video(stage.clock.now(), id=VideoId(7))
    stage.videos.add(here)
    media = a_media_folder(tmp_path, FILE)
    for result in ("imported under another id", "here already, and unchanged"):
        report = stage.import_rows(tmp_path, [a_video_row(7)], media=media)
        assert report.counts["videos", result] == 1
    assert stage.videos.get(VideoId(7)).created_at == here.created_at
    assert len(stage.videos.since(None)) == 2
    assert len(stage.files.sent) == 1


def test_a_file_is_sent_unless_its_encode_has_begun(stage: FakeStage, tmp_path: Path) -> None:
    imported(stage, tmp_path)
    stage.files.sent.clear()
    imported(stage, tmp_path)
    assert len(stage.files.sent) == 1
    stage.files.sent.clear()
    stage.videos.begin_encode(VideoId(7))
    imported(stage, tmp_path)
    assert stage.files.sent == {}
