"""Rules of shape that no linter knows."""

import ast
import tomllib
from pathlib import Path

import pytest

LONGEST_MODULE = 300
LARGEST_MEDIAN = 90
FORBIDDEN_NAMES = {"utils.py", "helpers.py", "common.py", "base.py", "misc.py"}
PACKAGES = ("chalicelib", "transcoder", "infra")
SOURCES = sorted(
    [Path("app.py"), *(path for package in PACKAGES for path in Path(package).rglob("*.py"))]
)


def lines_of(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_a_module_fits_in_the_head(path: Path) -> None:
    assert lines_of(path) <= LONGEST_MODULE


@pytest.mark.parametrize("package", PACKAGES)
def test_half_of_the_modules_fit_on_a_screen(package: str) -> None:
    sizes = sorted(size for path in Path(package).rglob("*.py") if (size := lines_of(path)))
    assert sizes[len(sizes) // 2] <= LARGEST_MEDIAN


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert FORBIDDEN_NAMES & {path.name for path in SOURCES} == set()


def test_app_only_registers() -> None:
    tree = ast.parse(Path("app.py").read_text(encoding="utf-8"))
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    decisions = [
        node for node in ast.walk(tree) if isinstance(node, (ast.If, ast.While, ast.Try, ast.Match))
    ]
    allowed = {
        "chalice.app",
        "chalicelib.api",
        "chalicelib.api.core",
        "chalicelib.api.dialect",
        "chalicelib.api.dialects",
        "chalicelib.api.dialects.authemail",
        "chalicelib.api.dialects.djoser",
        "chalicelib.events",
        "chalicelib.naming",
    }
    assert imported <= allowed
    assert decisions == []
    assert lines_of(Path("app.py")) <= 100


# What stands around the features.
AROUND = {"adapters", "api", "events", "wiring"}
FEATURES = sorted(path.parent.name for path in Path("chalicelib").glob("*/__init__.py"))


@pytest.mark.parametrize("feature", sorted({*FEATURES} - AROUND))
def test_every_feature_has_its_model_and_its_ports(feature: str) -> None:
    files = {path.name for path in Path("chalicelib", feature).iterdir()}
    assert {"model.py", "ports.py"} <= files


def test_every_folder_with_a_service_is_a_feature() -> None:
    assert {"accounts", "catalogue", "encoding", "ingest", "playback"} <= {*FEATURES} - AROUND
    assert {*FEATURES} >= AROUND


def test_every_package_is_under_the_rules_of_import() -> None:
    config = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))
    rules = config["tool"]["importlinter"]
    packages = {path.parent.name for path in Path().glob("*/__init__.py")} - {"tests"}
    assert packages == set(PACKAGES) == set(rules["root_packages"])
    layered = {
        container
        for contract in rules["contracts"]
        for container in contract.get("containers", [])
        if contract["type"] == "layers" and contract.get("exhaustive")
    }
    assert packages <= layered
