"""Rules of shape that no linter knows."""

import ast
from pathlib import Path

import pytest

LONGEST_MODULE = 300
LARGEST_MEDIAN = 90
FORBIDDEN_NAMES = {"utils.py", "helpers.py", "common.py", "base.py", "misc.py"}
SOURCES = sorted([Path("app.py"), *Path("chalicelib").rglob("*.py"), *Path("infra").rglob("*.py")])


def lines_of(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_a_module_fits_in_the_head(path: Path) -> None:
    assert lines_of(path) <= LONGEST_MODULE


def test_half_of_the_modules_fit_on_a_screen() -> None:
    sizes = sorted(size for path in SOURCES if (size := lines_of(path)))
    assert sizes[len(sizes) // 2] <= LARGEST_MEDIAN


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert FORBIDDEN_NAMES & {path.name for path in SOURCES} == set()


def test_app_only_registers() -> None:
    tree = ast.parse(Path("app.py").read_text(encoding="utf-8"))
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    decisions = [
        node for node in ast.walk(tree) if isinstance(node, (ast.If, ast.While, ast.Try, ast.Match))
    ]
    allowed = {"chalice.app", "chalicelib.api.core", "chalicelib.events", "chalicelib.naming"}
    assert imported <= allowed
    assert decisions == []
    assert lines_of(Path("app.py")) <= 100


@pytest.mark.parametrize("feature", ["accounts", "catalogue", "playback"])
def test_every_feature_has_its_model_and_its_ports(feature: str) -> None:
    files = {path.name for path in Path("chalicelib", feature).iterdir()}
    assert {"model.py", "ports.py"} <= files
