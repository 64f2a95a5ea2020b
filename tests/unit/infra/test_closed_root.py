"""The files of the transcoder's image that do not come from packages."""

import os
from pathlib import Path

from infra import closed_root


def test_generated_files_name_the_user_and_hold_no_certificates(tmp_path: Path) -> None:
    (tmp_path / "usr/bin").mkdir(parents=True)
    closed_root._add_generated_files(tmp_path, os.getuid())
    added = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")}
    # FFmpeg speaks no TLS, and botocore brings its own certificates.
    assert added == {
        *("etc", "etc/group", "etc/nsswitch.conf", "etc/os-release", "etc/passwd"),
        *("tmp", "usr", "usr/bin", "usr/bin/python3", "work"),
    }
