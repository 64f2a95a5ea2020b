"""A dump is checked whole before anything is written, and can be imported again at any point."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chalicelib.catalogue.model import VideoId
from infra.transfer.json_objects import Unreadable
from infra.transfer.result import NEW
from tests.builders.accounts import an_account
from tests.builders.dumps import (
    a_category_row,
    a_media_folder,
    a_progress_row,
    a_user,
    a_video_row,
)
from tests.unit.infra.transfer.conftest import FakeStage


@pytest.mark.parametrize(
    "bad",
    [
        *(7, "text", [], {}, {"model": "auth.user"}),
        *({"model": 7, "fields": {}}, {"model": "auth.user", "fields": []}),
    ],
)
def test_nothing_is_imported_of_what_is_no_dump(
    stage: FakeStage, tmp_path: Path, bad: object
) -> None:
    with pytest.raises(Unreadable, match="line 1: expected an object of manage"):
        stage.import_rows(tmp_path, [a_user(1), a_category_row(), bad])
    assert stage.accounts.newest(limit=9) == []
    assert stage.categories.since(None) == {}


def test_what_is_not_mapped_is_listed(stage: FakeStage, tmp_path: Path) -> None:
    rows = [
        a_user(1, birthday="1999-01-01", newsletter=False, nothing=None),
        a_video_row(1, thumbnail="a.jpg"),
        {"model": "shop.order", "pk": 1, "fields": {"sum": 3}},
        {"model": "shop.order", "pk": 2, "fields": {"sum": 4}},
        {"model": "sessions.session", "pk": "x", "fields": {"session_data": "x"}},
    ]
    report = stage.import_rows(tmp_path, rows)
    assert report.unmapped == {
        ("auth.user", "birthday"): 1,
        ("auth.user", "newsletter"): 1,
        ("shop.order", ""): 2,
    }
    assert report.remade == {("catalogue.video", "thumbnail"): 1}


def test_all_fields_of_a_known_project_are_decided(stage: FakeStage, tmp_path: Path) -> None:
    """Those of the djoser backend."""
    media = a_media_folder(tmp_path, "videos/metropolis.mp4")
    user = a_user(1, phone="1234", adress="Pariser Platz 1", custom="x")
    made: dict[str, Any] = {
        "thumb": "a.jpg",
        "hero_frame": "b.jpg",
        "source_variants": [{"name": "480p"}],
    }
    video = a_video_row(1, source_url="https://a.example/1", url="https://a.example/", **made)
    report = stage.import_rows(tmp_path, [user, video], media=media)
    assert {name for _, name in report.remade} == {*made}
    lost = {"phone", "adress", "custom", "source_url", "url"}
    assert {name for _, name in report.left_out} == lost
    assert report.unmapped == {}
    assert not report.has_problems


def test_a_complete_repetition_reports_only_what_it_left_itself(
    stage: FakeStage, tmp_path: Path
) -> None:
    rows = [
        a_user(1, password="md5$a$b"),
        a_video_row(1, video_file="videos/gone.mp4"),
        a_progress_row(position=200, duration=100),
    ]
    media = a_media_folder(tmp_path, "videos/metropolis.mp4")
    first = stage.import_rows(tmp_path, rows, media=media)
    assert len(first.problems) == 3
    again = stage.import_rows(tmp_path, rows, media=media)
    assert (again.problems, again.has_problems) == ({}, False)
    assert again.counts["videos", "of them still without a file"] == 1
    stage.videos.begin_encode(VideoId(1))
    third = stage.import_rows(tmp_path, [*rows, a_user(2, "grace@example.com", password="x")])
    assert [*third.problems.values()] == [["auth.user 2"]]
    # The first one may have been interrupted before it said so.
    assert ["auth.user 1"] in third.earlier.values()
    assert third.counts["videos", "of them still without a file"] == 0


@pytest.mark.parametrize("time", [{}, {"date_joined": None}], ids=["dated", "undated"])
def test_only_what_an_earlier_import_left_makes_one_a_repetition(
    stage: FakeStage, tmp_path: Path, time: dict[str, Any]
) -> None:
    stage.accounts.add(an_account(stage.clock.now(), "root@example.com", is_admin=True))
    rows = [a_user(7, "root@example.com", **time), a_user(8, **time)]
    fresh = stage.import_rows(tmp_path, rows)
    assert fresh.counts["accounts", "here already, and unchanged"] == 1
    assert fresh.notes == []
    again = stage.import_rows(tmp_path, [*rows, a_user(9, "grace@example.com", **time)])
    assert len(again.notes) == 1


class Killed(BaseException):
    pass


def kill_at(stage: FakeStage, count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """End the import before or after one of its writes."""
    left = [count]

    def dying(write: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            left[0] -= 1
            if left[0] == 0:
                raise Killed
            result = write(*args, **kwargs)
            left[0] -= 1
            if left[0] == 0:
                raise Killed
            return result

        return call

    for target, name in (
        (stage.accounts, "add"),
        (stage.videos, "add"),
        (stage.categories, "add"),
        (stage.files, "send"),
        (stage.destination.viewing.progress, "record"),
    ):
        monkeypatch.setattr(target, name, dying(getattr(target, name)))


ROWS = [
    *(a_progress_row(number, video) for number in (1, "uuid") for video in (2, "uuid")),
    *(a_user(number, f"user{number}@example.com") for number in range(1, 4)),
    a_user("uuid", "grace@example.com"),
    a_category_row(3, "Comedy"),
    *(a_video_row(number, category=3) for number in range(1, 3)),
    a_video_row("uuid", "Faust"),
    a_user(9, "alan@example.com", password="x"),
    a_video_row(9, "Spies", video_file="gone.mp4"),
]


@pytest.mark.parametrize("count", range(1, 33))
def test_an_import_continues_after_it_was_killed(
    tmp_path: Path, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    media = a_media_folder(tmp_path, "videos/metropolis.mp4")
    whole, killed = FakeStage.empty(), FakeStage.empty()
    report = whole.import_rows(tmp_path, ROWS, media=media)
    with monkeypatch.context() as context:
        kill_at(killed, count, context)
        with pytest.raises(Killed):
            killed.import_rows(tmp_path, ROWS, media=media)
    again = killed.import_rows(tmp_path, ROWS, media=media)
    assert contents(killed) == contents(whole)
    named = [each for entry in again.as_json()["problems"] for each in entry["objects"]]
    # If nothing was left to do, all had been imported.
    is_rest = any(result in NEW for _, result in again.counts)
    every = [each for objects in report.problems.values() for each in objects]
    assert sorted(named) == (sorted(every) if is_rest else [])


def contents(stage: FakeStage) -> object:
    videos = stage.videos.since(None).values()
    return (
        stage.accounts.newest(limit=99),
        {each.id: (each.card, each.is_published, each.created_at) for each in videos if each},
        {each.slug: each.name for each in stage.categories.since(None).values() if each},
        stage.files.sent,
        stage.viewing.viewed,
    )
