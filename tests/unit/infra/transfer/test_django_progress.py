"""Progress of a dump becomes that of the account's default profile; newer progress stays."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib.accounts.model import AccountId
from chalicelib.catalogue.model import VideoId
from chalicelib.clock import EPOCH
from chalicelib.viewing.model import DEFAULT_PROFILE, ViewingKey
from chalicelib.viewing.progress import DatedReport, Progress, unwatched
from infra.transfer.report import TransferReport
from infra.transfer.result import Result
from tests.builders.accounts import an_account
from tests.builders.dumps import a_progress_row, a_user, a_video_row
from tests.builders.videos import a_video
from tests.unit.infra.transfer.conftest import FakeStage

UPDATED = datetime(2023, 6, 7, 8, 9, 10, 111000, UTC)
KEY = ViewingKey(AccountId(1), DEFAULT_PROFILE, VideoId(1))
IMPORTED = Progress(DEFAULT_PROFILE, VideoId(1), 42.5, 100.0, UPDATED)
NO_USER = "Their user is not imported, or several have its key: not imported"
NO_VIDEO = "Their video is not imported, or several have its key: not imported"
NO_TIME = "Without a time, or one to come: what is here already counts"
NO_POSITION = "Without a position: not imported"
BEYOND = "Beyond the end of the video: imported as watched to its end"


def problems(report: TransferReport) -> set[str]:
    """The reasons that are about progress."""
    return {
        reason
        for reason, names in report.problems.items()
        if any(name.startswith("catalogue.watchprogress") for name in names)
    }


def import_progress(stage: FakeStage, folder: Path, **fields: Any) -> TransferReport:
    rows = [a_progress_row(**fields), a_user(), a_video_row()]
    return stage.import_rows(folder, rows)


def progress(stage: FakeStage, key: ViewingKey = KEY) -> Progress | None:
    return stage.destination.viewing.progress.get(key)


def times(stage: FakeStage) -> tuple[float, float] | None:
    stored = progress(stage)
    return (stored.position, stored.duration) if stored else None


def test_a_position_becomes_that_of_the_default_profile(stage: FakeStage, tmp_path: Path) -> None:
    report = import_progress(stage, tmp_path)
    assert progress(stage) == IMPORTED
    assert report.counts["progress", Result.IMPORTED] == 1
    assert (problems(report), report.unmapped) == (set(), {})


def test_a_repetition_changes_nothing(stage: FakeStage, tmp_path: Path) -> None:
    import_progress(stage, tmp_path)
    report = import_progress(stage, tmp_path, position=99)
    assert report.counts["progress", Result.PRESENT] == 1
    assert progress(stage) == IMPORTED


@pytest.mark.parametrize("later", [-1, 1])
def test_the_newer_one_counts(stage: FakeStage, tmp_path: Path, later: int) -> None:
    at = UPDATED + timedelta(milliseconds=later)
    stage.destination.viewing.progress.record(KEY, DatedReport(7, 100, at, unwatched(at)))
    import_progress(stage, tmp_path)
    assert times(stage) == ((42.5, 100) if later < 0 else (7, 100))


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"position": "42.50", "duration": "100"}, (42.5, 100)),
        ({"position": "00:01:30.250000", "duration": "1 00:02:00"}, (90.25, 86520)),
        # A duration that is not known is that of the video.
        ({"duration": None}, (42.5, 0)),
        ({"duration": 0}, (42.5, 0)),
        ({"position": 0}, (0, 100)),
        # Watched to the end, as players of dialect djoser close a video, or by a flag.
        ({"position": 0, "duration": 0}, (0, 0)),
        ({"completed": True}, (100, 100)),
        ({"completed": True, "duration": None}, (0, 0)),
        ({"completed": True, "position": None}, (100, 100)),
        ({"completed": False}, (42.5, 100)),
    ],
)
def test_times_are_seconds(
    stage: FakeStage, tmp_path: Path, fields: dict[str, Any], expected: tuple[float, float]
) -> None:
    report = import_progress(stage, tmp_path, **fields)
    assert times(stage) == expected
    assert problems(report) == set()


@pytest.mark.parametrize(
    "fields",
    [{"position": 0, "duration": None}, {"position": 0, "duration": 0, "completed": False}],
)
def test_what_was_not_begun_is_left_out(
    stage: FakeStage, tmp_path: Path, fields: dict[str, Any]
) -> None:
    report = import_progress(stage, tmp_path, **fields)
    assert times(stage) is None
    assert report.counts["progress", Result.NOT_BEGUN] == 1
    assert problems(report) == set()


BAD_POSITION = "position is no time in a video, and is left out"
BAD_DURATION = "duration is no time in a video, and is left out"


@pytest.mark.parametrize(
    ("fields", "expected", "reasons"),
    [
        ({"position": 100.5}, (100, 100), {BEYOND}),
        ({"position": -0.5}, None, {BAD_POSITION, NO_POSITION}),
        ({"position": "-3"}, None, {BAD_POSITION, NO_POSITION}),
        ({"position": 1_000_001}, None, {BAD_POSITION, NO_POSITION}),
        ({"position": 10**400}, None, {BAD_POSITION, NO_POSITION}),
        ({"position": True}, None, {BAD_POSITION, NO_POSITION}),
        ({"position": [3]}, None, {BAD_POSITION, NO_POSITION}),
        ({"position": "half"}, None, {BAD_POSITION, NO_POSITION}),
        ({"position": None}, None, {NO_POSITION}),
        ({"duration": -1}, (42.5, 0), {BAD_DURATION}),
        ({"user": 2}, None, {NO_USER}),
        ({"user": None}, None, {NO_USER}),
        ({"user": ["ada"]}, None, {NO_USER}),
        ({"video": 2}, None, {NO_VIDEO}),
        ({"video": "1"}, None, {NO_VIDEO}),
        ({"user": 2, "video": 2}, None, {NO_USER, NO_VIDEO}),
    ],
)
def test_what_does_not_fit_is_reported(
    stage: FakeStage,
    tmp_path: Path,
    fields: dict[str, Any],
    expected: tuple[float, float] | None,
    reasons: set[str],
) -> None:
    report = import_progress(stage, tmp_path, **fields)
    assert times(stage) == expected
    assert problems(report) == reasons
    assert report.counts["progress", Result.REFUSED] == (expected is None)


@pytest.mark.parametrize("updated", [None, "2999-01-01T00:00:00Z", "1969-01-01T00:00:00Z"])
def test_a_time_that_could_hide_later_progress_is_the_earliest_one(
    stage: FakeStage, tmp_path: Path, updated: str | None
) -> None:
    report = import_progress(stage, tmp_path, updated=updated)
    stored = progress(stage)
    assert stored
    assert stored.at == EPOCH
    is_early = updated is not None and updated.startswith("1969")
    assert problems(report) == (set() if is_early else {NO_TIME})


@pytest.mark.parametrize("reference", [1, ["ada@example.com"], ["ada"]])
def test_users_and_videos_are_known_by_primary_and_natural_keys(
    stage: FakeStage, tmp_path: Path, reference: object
) -> None:
    video = 1 if reference == 1 else ["Metropolis"]
    rows = [a_progress_row(reference, video), a_user(username="ada"), a_video_row()]
    stage.import_rows(tmp_path, rows)
    assert progress(stage) == IMPORTED


def test_users_without_a_primary_key_are_known_by_their_natural_one(
    stage: FakeStage, tmp_path: Path
) -> None:
    user = a_user()
    del user["pk"]
    stage.import_rows(tmp_path, [user, a_video_row(), a_progress_row(["ada@example.com"])])
    [account] = stage.accounts.newest(limit=9)
    assert progress(stage, ViewingKey(account.id, DEFAULT_PROFILE, VideoId(1))) == IMPORTED


def test_a_key_of_two_users_is_of_neither(stage: FakeStage, tmp_path: Path) -> None:
    rows = [
        a_user(1, username="grace@example.com"),
        a_user(2, "grace@example.com", username="grace"),
        a_video_row(),
        a_progress_row(["grace@example.com"]),
    ]
    assert problems(stage.import_rows(tmp_path, rows)) == {NO_USER}
    assert stage.viewing.viewed == {}


def test_progress_follows_its_user_and_its_video_to_other_ids(
    stage: FakeStage, tmp_path: Path
) -> None:
    now = stage.clock.now()
    stage.accounts.add(an_account(now, id=AccountId(1), email="grace@example.com"))
    stage.videos.add(a_video(now, "Faust", id=VideoId(1)))
    import_progress(stage, tmp_path)
    [key] = stage.viewing.viewed
    assert stage.accounts.by_id(key.account_id).email == "ada@example.com"
    assert stage.videos.get(key.video_id).card.title == "Metropolis"


def test_an_account_that_is_here_already_gets_its_progress(
    stage: FakeStage, tmp_path: Path
) -> None:
    account = stage.accounts.add(an_account(stage.clock.now(), email="ada@example.com"))
    import_progress(stage, tmp_path)
    assert progress(stage, ViewingKey(account.id, DEFAULT_PROFILE, VideoId(1))) == IMPORTED


def test_addresses_that_differ_only_by_case_do_not_mix_progress(
    stage: FakeStage, tmp_path: Path
) -> None:
    rows = [a_user(1), a_user(2, "ADA@example.com"), a_video_row(), a_progress_row(2)]
    assert problems(stage.import_rows(tmp_path, rows)) == {NO_USER}
    assert stage.viewing.viewed == {}


def test_progress_of_a_video_that_was_deleted_here_is_reported(
    stage: FakeStage, tmp_path: Path
) -> None:
    stage.import_rows(tmp_path, [a_video_row()])
    stage.videos.remove(VideoId(1))
    assert problems(import_progress(stage, tmp_path)) == {NO_VIDEO}
