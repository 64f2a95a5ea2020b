"""What the transcoder's image holds besides packages and our code."""

import os
from pathlib import Path

from infra import closed_root


def test_besides_packages_there_is_what_names_the_user_and_nothing_to_trust(tmp_path: Path) -> None:
    (tmp_path / "usr/bin").mkdir(parents=True)
    closed_root._add_what_no_package_holds(tmp_path, os.getuid())
    added = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")}
    # FFmpeg speaks no TLS, and botocore brings its own certificates.
    assert added == {
        *("etc", "etc/group", "etc/nsswitch.conf", "etc/os-release", "etc/passwd"),
        *("tmp", "usr", "usr/bin", "usr/bin/python3", "work"),
    }
