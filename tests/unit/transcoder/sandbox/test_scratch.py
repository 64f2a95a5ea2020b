"""A worker's folder is its own, goes with it, and never outlives it for long."""

import subprocess
import sys
from pathlib import Path

from transcoder.sandbox import scratch


def test_the_folder_goes_with_its_worker(tmp_path: Path) -> None:
    with scratch.claimed(tmp_path / "work") as folder:
        (folder / "half").write_bytes(b"made")
    assert not folder.exists()


def test_workers_have_folders_of_their_own(tmp_path: Path) -> None:
    with scratch.claimed(tmp_path) as one, scratch.claimed(tmp_path) as other:
        assert one != other
        assert one.exists()
        assert other.exists()


def test_what_a_killed_worker_left_is_cleared_away(tmp_path: Path) -> None:
    code = f"""
import os
from pathlib import Path
from transcoder.sandbox import scratch
with scratch.claimed(Path({str(tmp_path)!r})):
    os.kill(os.getpid(), 9)
"""
    subprocess.run([sys.executable, "-c", code], check=False)
    (left,) = tmp_path.iterdir()
    with scratch.claimed(tmp_path):
        assert not left.exists()
