"""Multipart uploads of the emulator survive its restart, complete or not at all."""

from pathlib import Path
from typing import Any

import pytest

from infra.local.kept_uploads import KeptUploads

ID = "8b3c"
ACCOUNT = "000000000000"
UPLOAD = {"bucket": "uploads", "key": "uploads/1/source.mp4", "metadata": {"a": "b"}}


def part(content: bytes, etag: str) -> dict[str, Any]:
    return {"body": content, "etag": f'"{etag}"', "size": len(content), "checksums": {}}


@pytest.fixture
def uploads(tmp_path: Path) -> KeptUploads:
    uploads = KeptUploads(tmp_path)
    uploads[ID] = {**UPLOAD, "parts": {}}
    return uploads


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.is_file()}


def test_an_upload_with_its_parts_survives_a_restart(uploads: KeptUploads, tmp_path: Path) -> None:
    uploads[ID]["parts"][2] = part(b"second", "22")
    uploads[ID]["parts"][1] = part(b"first", "11")
    again = KeptUploads(tmp_path)[ID]
    assert {name: again[name] for name in UPLOAD} == UPLOAD
    assert sorted(again["parts"]) == [1, 2]
    assert {each["etag"]: each["body"] for each in again["parts"].values()} == {
        '"11"': b"first",
        '"22"': b"second",
    }
    assert again["parts"][1]["size"] == 5


def test_the_bytes_of_a_part_are_not_kept_in_memory(uploads: KeptUploads) -> None:
    uploads[ID]["parts"][1] = part(b"first", "11")
    assert "body" not in dict(uploads[ID]["parts"][1])
    assert uploads[ID]["parts"][1]["body"] == b"first"
    with pytest.raises(KeyError):
        uploads[ID]["parts"][1]["nothing like that"]


def test_a_part_that_is_sent_again_replaces_the_one_before(
    uploads: KeptUploads, tmp_path: Path
) -> None:
    uploads[ID]["parts"][1] = part(b"first", "11")
    uploads[ID]["parts"][1] = part(b"other", "12")
    assert KeptUploads(tmp_path)[ID]["parts"][1]["body"] == b"other"
    assert files(tmp_path) == {"upload.json", "1.json", "1.12"}


def test_the_same_part_sent_again_is_the_same_part(uploads: KeptUploads, tmp_path: Path) -> None:
    uploads[ID]["parts"][1] = part(b"first", "11")
    uploads[ID]["parts"][1] = part(b"first", "11")
    assert KeptUploads(tmp_path)[ID]["parts"][1]["body"] == b"first"


def test_an_incomplete_part_is_ignored_after_a_power_failure(
    uploads: KeptUploads, tmp_path: Path
) -> None:
    uploads[ID]["parts"][1] = part(b"first", "11")
    folder = tmp_path / ACCOUNT / ID
    (folder / "1.12").write_bytes(b"other, but not yet described")
    (folder / "2.json.new").write_text("{")
    (folder / "2.22.new").write_bytes(b"sec")
    again = KeptUploads(tmp_path)[ID]["parts"]
    assert {number: each["body"] for number, each in again.items()} == {1: b"first"}


def test_a_finished_upload_leaves_nothing(uploads: KeptUploads, tmp_path: Path) -> None:
    uploads[ID]["parts"][1] = part(b"first", "11")
    del uploads[ID]
    assert ID not in uploads
    assert not files(tmp_path)
    assert ID not in KeptUploads(tmp_path)
