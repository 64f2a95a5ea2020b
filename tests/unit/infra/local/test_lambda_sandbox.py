"""The sandbox refuses what a read-only file system refuses, and nothing else."""

import errno
import os
from pathlib import Path

import pytest

from infra.local.lambda_sandbox import refuse_to_write


@pytest.fixture
def task_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the unpacked zip, below the temporary folder as in the emulator."""
    root = tmp_path / "code"
    root.mkdir()
    monkeypatch.setenv("LAMBDA_TASK_ROOT", str(root))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return root


def is_refused(event: str, *arguments: object) -> bool:
    try:
        refuse_to_write(event, arguments)
    except OSError as refusal:
        return refusal.errno == errno.EROFS
    return False


@pytest.mark.parametrize("flags", [os.O_WRONLY, os.O_RDWR, os.O_RDONLY | os.O_CREAT])
def test_nothing_is_written_beside_the_code(task_root: Path, flags: int) -> None:
    assert is_refused("open", str(task_root / "app.pyc"), None, flags)


@pytest.mark.parametrize("event", ["os.mkdir", "os.remove", "os.rename"])
def test_nothing_is_changed_beside_the_code(task_root: Path, event: str) -> None:
    assert is_refused(event, task_root / "folder", -1)


@pytest.mark.usefixtures("task_root")
def test_nothing_is_written_elsewhere() -> None:
    assert is_refused("open", "/home/ada/cache", "w", os.O_WRONLY)


def test_the_code_can_be_read(task_root: Path) -> None:
    assert not is_refused("open", str(task_root / "app.py"), "r", os.O_RDONLY | os.O_CLOEXEC)


def test_the_temporary_folder_can_be_written(task_root: Path) -> None:
    assert not is_refused("open", task_root.parent / "scratch", "w", os.O_WRONLY)
    assert not is_refused("open", os.devnull, "w", os.O_WRONLY)


@pytest.mark.usefixtures("task_root")
def test_an_open_file_may_be_opened_again_by_its_descriptor() -> None:
    assert not is_refused("open", 1, "w", os.O_WRONLY)
