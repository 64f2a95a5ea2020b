"""An installation that fails says so in one sentence and leaves nothing half made."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.integration.supervised import REPOSITORY


def test_without_a_network_one_sentence_says_so(tmp_path: Path) -> None:
    (tmp_path / "infra").mkdir()
    shutil.copy(REPOSITORY / "infra" / "install.py", tmp_path / "infra")
    (tmp_path / "requirements-dev.txt").write_text("videoflix-needs-this==1.0\n")
    result = subprocess.run(
        [sys.executable, "infra/install.py", ".venv"],
        cwd=tmp_path,
        env={
            "PATH": os.environ["PATH"],
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_INDEX_URL": "http://127.0.0.1:1/simple",
            "PIP_RETRIES": "0",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    log = tmp_path / ".local" / "install.log"
    assert result.returncode == 1
    assert result.stderr.strip() == (
        "Videoflix could not be installed: the package index is out of reach "
        f"(is there a network, does it need a proxy?). The full log: {log}"
    )
    assert "videoflix-needs-this" in log.read_text()
    assert not (tmp_path / ".venv").exists()
