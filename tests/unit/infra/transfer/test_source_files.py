"""Files are taken from inside of the folder of media alone."""

from pathlib import Path

import pytest

from infra.transfer.source_files import MediaFolder


@pytest.fixture
def media(tmp_path: Path) -> MediaFolder:
    (folder := tmp_path / "media" / "videos").mkdir(parents=True)
    (folder / "a.mp4").write_bytes(b"film")
    (folder / "empty.mp4").touch()
    (tmp_path / "secret.mp4").write_bytes(b"secret")
    (folder / "link.mp4").symlink_to(tmp_path / "secret.mp4")
    return MediaFolder(tmp_path / "media")


@pytest.mark.parametrize("name", ["videos/a.mp4", "/videos/a.mp4", "videos/../videos/a.mp4"])
def test_a_file_inside_is_taken(media: MediaFolder, name: str) -> None:
    file = media.file(name)
    assert file is not None
    assert file.read_bytes() == b"film"


@pytest.mark.parametrize(
    "name",
    [
        *("", "videos", "videos/b.mp4", "videos/empty.mp4", "../secret.mp4"),
        *("videos/link.mp4", "videos/\0.mp4", "x" * 5000),
    ],
)
def test_any_other_name_is_no_file(media: MediaFolder, name: str) -> None:
    assert media.file(name) is None
