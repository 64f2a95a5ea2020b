"""An export is checked whole, then imported; what is there stays as it is."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib.catalogue.model import VideoId
from chalicelib.catalogue.poster import PosterId
from chalicelib.clock import EPOCH
from chalicelib.viewing.export import AccountViewing
from infra.terminal import Refusal
from infra.transfer.export_folder import (
    ACCOUNTS,
    CATEGORIES,
    MEDIA,
    VIDEOS,
    VIEWING,
    WATCHED,
    ExportFolder,
)
from infra.transfer.export_import import ExportImport
from infra.transfer.exported import AccountLine, CategoryLine, MediaLine, VideoLine
from infra.transfer.exported_viewing import ViewingLine, WatchedLine
from infra.transfer.imported_ids import ImportedIds
from infra.transfer.report import TransferReport
from infra.transfer.source_files import MediaFolder
from tests.builders.accounts import an_account
from tests.builders.videos import a_video
from tests.fakes.poster_store import InMemoryPosterStore
from tests.fakes.viewing_stores import ViewingTable
from tests.formats.exports import ACCOUNT, CATEGORY, SECONDS, VIDEO, VIEWED, VIEWING_LINE
from tests.formats.form import MOMENT
from tests.unit.infra.transfer.conftest import FakeStage

ORIGINAL = MediaLine(VIDEO.id, "original", "videoflix-uploads", "inbox/metropolis.mov", 4)
GERMAN = MediaLine(VIDEO.id, "subtitles", "videoflix-uploads", "inbox/metropolis.de.vtt", 6, "de")
ALONE = replace(VIDEO, card=replace(VIDEO.card, trailer=None))
ALIVE = replace(ACCOUNT, expires_at=None, later_sign_ups=())


@pytest.fixture
def folder(tmp_path: Path) -> ExportFolder:
    folder = ExportFolder(tmp_path / "export")
    folder.create()
    folder.write(ACCOUNTS, [AccountLine.of(ALIVE)])
    folder.write(CATEGORIES, [CategoryLine.of(CATEGORY)])
    folder.write(VIDEOS, [VideoLine.of(ALONE)])
    folder.write(VIEWING, [VIEWING_LINE])
    folder.write(WATCHED, [WatchedLine.of(VIDEO.id, SECONDS)])
    folder.write(MEDIA, [ORIGINAL, GERMAN])
    (folder.media / "inbox").mkdir(parents=True)
    (folder.media / "inbox" / "metropolis.mov").write_bytes(b"film")
    (folder.media / "inbox" / "metropolis.de.vtt").write_bytes(b"WEBVTT")
    return folder


def imported(stage: FakeStage, folder: ExportFolder) -> TransferReport:
    stage.clock.advance(minutes=1)
    with ImportedIds() as ids:
        run = ExportImport(folder, MediaFolder(folder.media), MOMENT, ids)
        run.check()
        run.write(stage.destination)
    return run.report


def test_an_empty_stage_gets_everything(stage: FakeStage, folder: ExportFolder) -> None:
    assert imported(stage, folder).counts == {
        ("accounts", "imported"): 1,
        ("categories", "imported"): 1,
        ("videos", "imported"): 1,
        ("videos", "sent to be encoded"): 1,
        ("watched", "imported"): 1,
        ("progress", "imported"): 1,
        ("watchlists", "imported"): 1,
        ("profiles", "imported"): 2,
    }
    assert stage.accounts.by_id(ALIVE.id) == replace(ALIVE, revision=1)
    [category] = stage.categories.since(None).values()
    assert category == replace(CATEGORY, changed_at=stage.clock.now())
    video = stage.videos.get(VIDEO.id)
    assert video == replace(ALONE, changed_at=stage.clock.now())
    viewing = stage.destination.viewing
    assert viewing.profiles.of(ALIVE.id).profiles == VIEWED.profiles
    assert viewing.progress.every(ALIVE.id) == VIEWED.progress
    assert viewing.watchlists.entries(ALIVE.id) == VIEWED.watchlist
    assert viewing.watched.of(VIDEO.id) == [SECONDS]


def test_viewing_follows_its_account_and_its_videos_to_other_ids(
    stage: FakeStage, folder: ExportFolder
) -> None:
    now = stage.clock.now()
    account = stage.accounts.add(an_account(now, email=ALIVE.email))
    stage.videos.add(a_video(now, "Faust", id=VIDEO.id))
    imported(stage, folder)
    [video] = [each for each in stage.videos.since(None).values() if each and each.id != VIDEO.id]
    viewing = stage.destination.viewing
    assert [each.video_id for each in viewing.progress.every(account.id)] == [video.id]
    assert [each.video_id for each in viewing.watchlists.entries(account.id)] == [video.id]
    assert viewing.watched.of(video.id) == [SECONDS]
    assert viewing.watched.of(VIDEO.id) == []


def test_viewing_of_what_is_not_imported_is_reported(
    stage: FakeStage, folder: ExportFolder
) -> None:
    folder.write(ACCOUNTS, [])
    stage.videos.add(VIDEO)
    stage.videos.remove(VIDEO.id)
    report = imported(stage, folder)
    reason = "Not imported, and so nothing that was watched of it or by it"
    assert report.problems == {reason: [f"videos: {VIDEO.id}", f"accounts: {ALIVE.id}"]}
    assert stage.viewing == ViewingTable()


def test_a_time_to_come_hides_nothing_that_is_reported_here(
    stage: FakeStage, folder: ExportFolder
) -> None:
    [progress], [listed] = VIEWED.progress, VIEWED.watchlist
    later = MOMENT + timedelta(days=1)
    of_later = AccountViewing(
        VIEWED.profiles, [replace(progress, at=later)], [replace(listed, at=later)]
    )
    folder.write(VIEWING, [ViewingLine.of(ALIVE.id, of_later, {VIDEO.id})])
    report = imported(stage, folder)
    reason = "Of a time to come: what is here counts"
    assert report.problems == {reason: [f"video {VIDEO.id}"] * 2}
    viewing = stage.destination.viewing
    assert viewing.progress.every(ALIVE.id) == [replace(progress, at=EPOCH)]
    assert viewing.watchlists.entries(ALIVE.id) == [replace(listed, at=EPOCH)]


def test_an_export_of_an_earlier_version_has_no_viewing(
    stage: FakeStage, folder: ExportFolder
) -> None:
    for kind in (VIEWING, WATCHED):
        (folder.path / f"{kind}.jsonl").unlink()
    assert ("accounts", "imported") in imported(stage, folder).counts
    assert stage.viewing == ViewingTable()


def test_subtitles_are_sent_before_the_original(stage: FakeStage, folder: ExportFolder) -> None:
    imported(stage, folder)
    [subtitles, original] = stage.files.sent.items()
    assert subtitles == (f"uploads/{VIDEO.id}/subtitles/de.vtt", b"WEBVTT")
    assert original[0].startswith(f"uploads/{VIDEO.id}/")
    assert original[0].endswith("/source.mov")


@pytest.mark.parametrize(
    ("key", "poster"),
    [
        (f"uploads/{VIDEO.id}/posters/375663542275790", 375_663_542_275_790),
        (f"media/{VIDEO.id}/posters/375663542275790/pictures/hero.jpg", 375_663_542_275_790),
        ("posters/poster.png", 1),
    ],
)
@pytest.mark.parametrize("is_first", [True, False])
def test_an_own_poster_is_sent_beside_the_original_and_never_instead(
    stage: FakeStage, folder: ExportFolder, key: str, poster: int, *, is_first: bool
) -> None:
    line = MediaLine(VIDEO.id, "poster", "a bucket", key, 7)
    folder.write(MEDIA, [line, ORIGINAL] if is_first else [ORIGINAL, line])
    path = folder.media / key
    path.parent.mkdir(parents=True)
    path.write_bytes(b"picture")
    imported(stage, folder)
    sent = dict(stage.files.sent)
    assert sent.pop(f"uploads/{VIDEO.id}/posters/{poster}") == b"picture"
    assert [*sent.values()] == [b"film"]


def test_a_poster_that_was_removed_here_is_not_sent_again(
    stage: FakeStage, folder: ExportFolder
) -> None:
    imported(stage, folder)
    key = f"uploads/{VIDEO.id}/posters/5"
    folder.write(MEDIA, [MediaLine(VIDEO.id, "poster", "a bucket", key, 7)])
    path = folder.media / key
    path.parent.mkdir(parents=True)
    path.write_bytes(b"picture")
    InMemoryPosterStore(stage.videos).remove(VIDEO.id, PosterId(5))
    imported(stage, folder)
    assert key not in stage.files.sent


def test_a_trailer_is_followed_to_the_id_that_it_gets(
    stage: FakeStage, folder: ExportFolder
) -> None:
    teaser = replace(VIDEO, id=VideoId(11), card=replace(VIDEO.card, title="Teaser", trailer=None))
    gone = replace(VIDEO, id=VideoId(12), card=replace(VIDEO.card, trailer=VideoId(404)))
    lines = [VideoLine.of(each) for each in (VIDEO, gone, teaser)]
    folder.write(VIDEOS, lines)
    stage.videos.add(a_video(stage.clock.now(), "Other", id=VideoId(11)))
    report = imported(stage, folder)
    assert VIDEO.card.trailer == teaser.id
    trailer = stage.videos.get(VIDEO.id).card.trailer
    assert trailer not in {None, teaser.id}
    assert stage.videos.get(trailer or VIDEO.id).card.title == "Teaser"
    # Of what the export has not, the number may be that of another video here.
    assert stage.videos.get(gone.id).card.trailer is None
    reason = "Their trailer is not in the export, not imported or leads back to them: left out"
    assert report.problems == {reason: ["video 12"]}


def test_a_trailer_of_a_trailer_is_followed_in_any_order(
    stage: FakeStage, folder: ExportFolder
) -> None:
    numbers = {21: VideoId(22), 22: VideoId(23), 23: None}
    videos = [
        replace(VIDEO, id=VideoId(n), card=replace(VIDEO.card, title=f"{n}", trailer=to))
        for n, to in numbers.items()
    ]
    folder.write(VIDEOS, map(VideoLine.of, videos))
    stage.videos.add(a_video(stage.clock.now(), "Unrelated", id=VideoId(23)))
    imported(stage, folder)
    trailer = stage.videos.get(VideoId(22)).card.trailer
    assert trailer not in {None, 23}
    assert stage.videos.get(trailer or VideoId(22)).card.title == "23"
    assert stage.videos.get(VideoId(21)).card.trailer == 22


@pytest.mark.parametrize(
    ("changes", "sent"),
    [
        ({"role": "trailer"}, []),
        ({"role": "trailer", "key": "inbox/metropolis.de.vtt"}, []),
        ({"role": "mp4", "key": "inbox/metropolis.de.vtt"}, []),
        ({"role": "mp4"}, ["source.mov"]),
        ({"role": "subtitles", "language": "de"}, []),
    ],
)
def test_an_object_of_another_role_is_reported(
    stage: FakeStage, folder: ExportFolder, changes: dict[str, Any], sent: list[str]
) -> None:
    folder.write(MEDIA, [replace(ORIGINAL, **changes)])
    report = imported(stage, folder)
    assert [key.rpartition("/")[2] for key in stage.files.sent] == sent
    assert report.has_problems is not bool(sent)


def test_the_original_is_the_source_in_any_order(stage: FakeStage, folder: ExportFolder) -> None:
    (folder.media / "best.mp4").write_bytes(b"best")
    best = replace(ORIGINAL, role="mp4", key="best.mp4")
    folder.write(MEDIA, [best, ORIGINAL, replace(ORIGINAL, key="best.mp4")])
    report = imported(stage, folder)
    assert [*stage.files.sent.values()] == [b"film"]
    [named] = report.problems.values()
    assert named == [f"video {VIDEO.id}: best.mp4"] * 2


def test_of_two_accounts_of_an_id_both_are_imported(stage: FakeStage, folder: ExportFolder) -> None:
    both = [AccountLine.of(ALIVE), AccountLine.of(replace(ALIVE, email="grace@example.com"))]
    folder.write(ACCOUNTS, both)
    for _ in range(2):
        report = imported(stage, folder)
        assert report.notes == []
    assert report.counts["accounts", "here already, and unchanged"] == 2
    assert len(stage.accounts.newest(limit=9)) == 2


def test_a_second_import_changes_nothing(stage: FakeStage, folder: ExportFolder) -> None:
    imported(stage, folder)
    before = [stage.videos.since(None), stage.categories.since(None), {**stage.files.sent}]
    report = imported(stage, folder)
    assert {result for _, result in report.counts} == {"here already, and unchanged"}
    assert before == [stage.videos.since(None), stage.categories.since(None), stage.files.sent]


def test_a_category_without_other_names_is_imported_once(
    stage: FakeStage, folder: ExportFolder
) -> None:
    plain = CategoryLine.of(replace(CATEGORY, other_slugs=()))
    folder.write(CATEGORIES, [plain])
    for result in ("imported", "here already, and unchanged"):
        assert imported(stage, folder).counts["categories", result] == 1


def test_a_video_that_was_edited_here_stays(stage: FakeStage, folder: ExportFolder) -> None:
    imported(stage, folder)
    card = replace(ALONE.card, title="Metropolis (restored)", description="A city of 2026.")
    stage.videos.write(VIDEO.id, card, is_published=True)
    report = imported(stage, folder)
    assert report.counts["videos", "here already, under another title"] == 1
    assert [each.card for each in stage.videos.since(None).values() if each] == [card]


def test_a_category_gets_its_other_names_after_an_interruption(
    stage: FakeStage, folder: ExportFolder
) -> None:
    stage.categories.add(replace(CATEGORY, other_slugs=()))
    imported(stage, folder)
    [category] = stage.categories.since(None).values()
    assert category is not None
    assert category.other_slugs == CATEGORY.other_slugs


def test_a_category_that_was_renamed_here_stays(stage: FakeStage, folder: ExportFolder) -> None:
    stage.categories.add(here := replace(CATEGORY, name="Dramen", other_slugs=("x",)))
    imported(stage, folder)
    [category] = stage.categories.since(None).values()
    assert category == replace(here, changed_at=category.changed_at if category else MOMENT)


def test_a_missing_file_is_reported(stage: FakeStage, folder: ExportFolder) -> None:
    (folder.media / "inbox" / "metropolis.mov").unlink()
    report = imported(stage, folder)
    name = f"video {VIDEO.id}: inbox/metropolis.mov"
    assert report.problems == {"Their files are not there": [name]}
    assert stage.videos.get(VideoId(VIDEO.id)).is_published


def first(entries: str, /, **changes: Any) -> Callable[[Any], Any]:
    """Change the first entry of a list of a line."""
    return lambda plain: plain | {entries: [plain[entries][0] | changes, *plain[entries][1:]]}


HALF = "half \ud800"
LONG = "a" * 5000
HUGE = 10**400
BEFORE_ALL, AFTER_ALL = "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59.999999-23:59"


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        (ACCOUNTS, lambda plain: plain | {"email": "ada"}),
        (CATEGORIES, lambda plain: plain | {"slug": ""}),
        (VIDEOS, lambda plain: plain | {"title": ""}),
        (VIEWING, lambda plain: plain | {"account": 0}),
        (WATCHED, lambda plain: plain | {"seconds": 0}),
        (MEDIA, lambda plain: plain | {"size": "large"}),
        *((ACCOUNTS, lambda it, at=at: it | {"created_at": at}) for at in (BEFORE_ALL, AFTER_ALL)),
        (ACCOUNTS, lambda plain: plain | {"first_name": HALF}),
        (ACCOUNTS, lambda plain: plain | {"expires_at": AFTER_ALL}),
        (ACCOUNTS, lambda plain: plain | {"password_hash": LONG * 100}),
        (CATEGORIES, lambda plain: plain | {"name": HALF}),
        (CATEGORIES, lambda plain: plain | {"slug": LONG}),
        (CATEGORIES, lambda plain: plain | {"other_slugs": [LONG]}),
        (CATEGORIES, lambda plain: plain | {"other_slugs": [plain["slug"]]}),
        (CATEGORIES, lambda plain: plain | {"other_slugs": [*map(str, range(91))]}),
        (VIDEOS, lambda plain: plain | {"title": HALF}),
        (VIDEOS, lambda plain: plain | {"description": HALF}),
        (VIDEOS, lambda plain: plain | {"description": LONG * 100}),
        (VIDEOS, first("translations", description=HALF)),
        (VIDEOS, lambda plain: plain | {"created_at": BEFORE_ALL}),
        *((VIEWING, first("profiles", age_limit=number)) for number in (-1, 19, HUGE)),
        *((VIEWING, first("profiles", name=text)) for text in (HALF, LONG)),
        (VIEWING, first("profiles", caption_language=LONG)),
        (VIEWING, first("profiles", audio_language=LONG)),
        (VIEWING, first("profiles", pin_hash=LONG)),
        *((VIEWING, first("progress", profile=text)) for text in (HALF, LONG)),
        *((VIEWING, first("progress", **{it: HUGE})) for it in ("position", "duration", "video")),
        (VIEWING, first("progress", at=BEFORE_ALL)),
        *((VIEWING, first("watchlist", profile=text)) for text in (HALF, LONG)),
        (VIEWING, first("watchlist", at=AFTER_ALL)),
        *((WATCHED, lambda it, n=n: it | {"seconds": n}) for n in (HUGE, 1e-300, 1e300)),
        *((MEDIA, lambda it, text=text: it | {"language": text}) for text in (HALF, LONG)),
    ],
)
def test_nothing_is_imported_of_a_bad_export(
    stage: FakeStage, folder: ExportFolder, kind: str, change: Callable[[Any], Any]
) -> None:
    path = folder.path / f"{kind}.jsonl"
    head, line, *others = path.read_text().splitlines()
    path.write_text("\n".join([head, json.dumps(change(json.loads(line))), *others]))
    with pytest.raises(Refusal, match=rf"{kind}\.jsonl, line 2: "):
        imported(stage, folder)
    assert stage.accounts.newest(limit=9) == []
