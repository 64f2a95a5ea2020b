"""The figures of the code are counted, not estimated."""

from pathlib import Path

import pytest

from tests.architecture import figures

SOURCE = "from chalicelib.api import body, filling\nimport transcoder.proof.model\nimport json\n"


@pytest.mark.parametrize(
    ("module", "folder"),
    [
        ("app", "app"),
        ("chalicelib.errors", "chalicelib"),
        ("chalicelib.api", "chalicelib/api"),
        ("chalicelib.api.core.videos", "chalicelib/api"),
        ("transcoder.sandbox.confinement.bpf", "transcoder/sandbox"),
    ],
)
def test_a_module_belongs_to_a_folder(module: str, folder: str) -> None:
    assert figures.folder_of(module) == folder


def test_each_folder_is_one_edge_of_an_import(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (source := tmp_path / "a.py").write_text(SOURCE)
    monkeypatch.setattr(figures, "modules", lambda: [source])
    monkeypatch.setattr(figures, "_folder_of_file", lambda _: "infra")
    assert dict(figures.edges()) == {
        ("infra", "chalicelib/api"): 2,
        ("infra", "transcoder/proof"): 1,
    }


def test_the_report_has_every_figure() -> None:
    lines = figures.report().splitlines()
    numbers = {line.partition(":")[0]: line.partition(": ")[2] for line in lines}
    assert {"modules", "median size", "largest size", "product lines"} <= set(numbers)
    assert int(numbers["modules"]) == len(figures.modules()) > 300
    assert "edges between folders" in numbers
    assert "retired words" in numbers
    assert {"code over 100 columns", "prose over 100 columns"} <= set(numbers)
