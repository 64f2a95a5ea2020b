"""The SBOM has a document for each part, made from its pinned requirements."""

import subprocess
import sys
from pathlib import Path

import pytest

from infra import pinned, sbom

# Writes what it was called with into the file it was asked for.
TOOL = "import pathlib, sys; pathlib.Path(sys.argv[-1]).write_text(' '.join(sys.argv[1:]))"


def test_a_document_is_written_for_each_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pinned, "command", lambda *called: [sys.executable, "-c", TOOL, *called])
    written = sbom.write(tmp_path / "sbom")
    assert [path.name for path in written] == [
        "api.cdx.json",
        "transcoder.cdx.json",
        "local.cdx.json",
    ]
    for part, path in zip(("api", "transcoder", "local"), written, strict=True):
        called = path.read_text(encoding="utf-8").split()
        assert called[0] == pinned.CYCLONEDX
        assert str(pinned.REQUIREMENTS[part]) in called


def test_a_tool_that_fails_fails_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pinned, "command", lambda *_: ["false"])
    with pytest.raises(subprocess.CalledProcessError):
        sbom.write(tmp_path)
