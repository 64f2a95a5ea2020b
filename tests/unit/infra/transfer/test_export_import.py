"""An export is checked whole, then imported; what is there stays as it is."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chalicelib.catalogue.model import VideoId
from infra.terminal import Refusal
from infra.transfer.export_folder import ACCOUNTS, CATEGORIES, MEDIA, VIDEOS, ExportFolder
from infra.transfer.export_import import ExportImport
from infra.transfer.exported import AccountLine, CategoryLine, MediaLine, VideoLine
from infra.transfer.imported_ids import ImportedIds
from infra.transfer.report import Report
from infra.transfer.source_files import MediaFolder
from tests.formats.exports import ACCOUNT, CATEGORY, VIDEO
from tests.formats.form import MOMENT
from tests.unit.infra.transfer.conftest import FakeStage

ORIGINAL = MediaLine(VIDEO.id, "original", "videoflix-uploads", "inbox/metropolis.mov", 4)
GERMAN = MediaLine(VIDEO.id, "subtitles", "videoflix-uploads", "inbox/metropolis.de.vtt", 6, "de")
ALIVE = replace(ACCOUNT, expires_at=None, later_sign_ups=())


@pytest.fixture
def folder(tmp_path: Path) -> ExportFolder:
    folder = ExportFolder(tmp_path / "export")
    folder.create()
    folder.write(ACCOUNTS, [AccountLine.of(ALIVE)])
    folder.write(CATEGORIES, [CategoryLine.of(CATEGORY)])
    folder.write(VIDEOS, [VideoLine.of(VIDEO)])
    folder.write(MEDIA, [ORIGINAL, GERMAN])
    (folder.media / "inbox").mkdir(parents=True)
    (folder.media / "inbox" / "metropolis.mov").write_bytes(b"film")
    (folder.media / "inbox" / "metropolis.de.vtt").write_bytes(b"WEBVTT")
    return folder


def imported(stage: FakeStage, folder: ExportFolder) -> Report:
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
    }
    assert stage.accounts.by_id(ALIVE.id) == replace(ALIVE, revision=1)
    [category] = stage.categories.since(None).values()
    assert category == replace(CATEGORY, changed_at=stage.clock.now())
    video = stage.videos.get(VIDEO.id)
    assert video == replace(VIDEO, changed_at=stage.clock.now())


def test_subtitles_are_sent_before_the_original(stage: FakeStage, folder: ExportFolder) -> None:
    imported(stage, folder)
    [subtitles, original] = stage.files.sent.items()
    assert subtitles == (f"uploads/{VIDEO.id}/subtitles/de.vtt", b"WEBVTT")
    assert original[0].startswith(f"uploads/{VIDEO.id}/")
    assert original[0].endswith("/source.mov")


def test_a_second_import_changes_nothing(stage: FakeStage, folder: ExportFolder) -> None:
    imported(stage, folder)
    before = [stage.videos.since(None), stage.categories.since(None), {**stage.files.sent}]
    report = imported(stage, folder)
    assert {result for _, result in report.counts} == {"here already, and unchanged"}
    assert before == [stage.videos.since(None), stage.categories.since(None), stage.files.sent]


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


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        (ACCOUNTS, lambda plain: plain | {"email": "ada"}),
        (CATEGORIES, lambda plain: plain | {"slug": ""}),
        (VIDEOS, lambda plain: plain | {"title": ""}),
        (MEDIA, lambda plain: plain | {"size": "large"}),
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
