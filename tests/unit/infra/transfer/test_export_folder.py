"""The folder of an export is written once, whole, and read with the numbers of its lines."""

from pathlib import Path

import pytest

from infra.terminal import Refusal
from infra.transfer.export_folder import CATEGORIES, VIEWING, ExportFolder
from infra.transfer.exported import CategoryLine
from infra.transfer.exported_viewing import ProgressLine, ViewingLine
from infra.transfer.json_objects import LARGEST_OBJECT

LINES = [CategoryLine(1, "Drama", "drama", ("dramen",)), CategoryLine(2, "Komödie", "komödie")]


@pytest.fixture
def folder(tmp_path: Path) -> ExportFolder:
    folder = ExportFolder(tmp_path / "export")
    folder.create()
    return folder


def test_lines_are_read_as_they_were_written(folder: ExportFolder) -> None:
    assert folder.write(CATEGORIES, LINES) == 2
    assert list(folder.read(CATEGORIES, CategoryLine)) == [(2, LINES[0]), (3, LINES[1])]


def test_only_its_owner_reads_hashes(folder: ExportFolder) -> None:
    folder.write(CATEGORIES, LINES)
    assert folder.path.stat().st_mode & 0o777 == 0o700
    assert (folder.path / "categories.jsonl").stat().st_mode & 0o777 == 0o600


def test_an_export_is_not_overwritten(folder: ExportFolder) -> None:
    folder.write(CATEGORIES, LINES)
    with pytest.raises(Refusal, match="holds an export already"):
        folder.create()


def test_an_export_that_was_interrupted_is_none(folder: ExportFolder) -> None:
    def lines() -> object:
        yield LINES[0]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        folder.write(CATEGORIES, lines())  # type: ignore[arg-type]
    with pytest.raises(Refusal, match=r"holds no export: there is no categories\.jsonl"):
        list(folder.read(CATEGORIES, CategoryLine))


HEAD = '{"videoflix_export": 1, "holds": "categories"}\n'
BAD = {
    '{"videoflix_export": 1, "holds": "accounts"}': "line 1: this is no export of categories",
    '[{"model": "auth.user"}]': "line 1: this is no export of categories",
    '{"videoflix_export": 2, "holds": "categories"}': "line 1: a later version has written this",
    HEAD + '{"id": 1}': "line 2: CategoryLine: ",
    HEAD + '{"id": "1", "name": "Drama", "slug": "drama"}': "line 2: CategoryLine.id: int expected",
    HEAD + "\n7": "line 3: ",
    HEAD + '{"id": 1': "line 2: this is not JSON",
    "": "line 1: no text",
}


@pytest.mark.parametrize(("text", "reason"), BAD.items(), ids=list(BAD.values()))
def test_what_is_no_export_is_refused_with_its_line(
    folder: ExportFolder, text: str, reason: str
) -> None:
    (folder.path / "categories.jsonl").write_text(text)
    with pytest.raises(Refusal, match=f"categories.jsonl, {reason}"):
        list(folder.read(CATEGORIES, CategoryLine))


def test_what_an_account_watched_may_be_more_than_an_object_of_a_dump(folder: ExportFolder) -> None:
    at = "2026-01-02T03:04:05+00:00"
    line = ViewingLine(1, progress=(ProgressLine("default", 7, 1.5, 20.0, at),) * 15_000)
    folder.write(VIEWING, [line])
    assert (folder.path / "viewing.jsonl").stat().st_size > LARGEST_OBJECT
    assert [*folder.read(VIEWING, ViewingLine)] == [(2, line)]
