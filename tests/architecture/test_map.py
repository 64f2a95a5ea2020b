"""Every module has a unit test beside its name, or a row in the map that names its test."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

from tests.architecture.reached import product_modules, reached_from

TESTS = Path("tests")
UNIT = TESTS / "unit"
TEMPLATES = Path("infra/templates")
ROW = re.compile(r"^\| `(.+\.py)` \| `(.+)` \|$", re.MULTILINE)
ROUTE = re.compile(r"^@api\.[a-z]+\(\s*\"(/[^\"]+)\"", re.MULTILINE)
MAP = {
    Path(module): TESTS / test_file
    for module, test_file in ROW.findall((TESTS / "map.md").read_text(encoding="utf-8"))
}
MODULES = product_modules()
UNIT_FILES = sorted(UNIT.rglob("test_*.py"))


def subject_of(unit_file: Path) -> Path | None:
    """The module, or the template, that a unit file has its name and its folder from."""
    folder = unit_file.parent.relative_to(UNIT)
    name = unit_file.stem.removeprefix("test_")
    subjects = [*MODULES, *TEMPLATES.glob("*.yaml"), TEMPLATES / "templates"]
    named = [
        subject
        for subject in subjects
        if subject.parent == folder and f"{name}_".startswith(f"{subject.stem}_")
    ]
    return max(named, key=lambda subject: len(subject.stem), default=None)


def fault_of(module: Path, rows: Mapping[Path, Path], units: Mapping[Path, Path]) -> str:
    """Why the test of a module cannot be looked up, or does not test it."""
    if module in units and module in rows:
        return "has a unit file: remove its row"
    if (test_file := units.get(module) or rows.get(module)) is None:
        return "has neither a unit file nor a row"
    if not test_file.is_file():
        return f"{test_file} does not exist"
    if module not in reached(test_file):
        return f"no test in {test_file} uses it"
    return ""


@cache
def reached(test_file: Path) -> frozenset[Path]:
    return reached_from(test_file)


UNITS = {subject: path for path in UNIT_FILES if (subject := subject_of(path))}


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_a_module_has_a_test_that_uses_it(module: Path) -> None:
    assert fault_of(module, MAP, UNITS) == ""


@pytest.mark.parametrize("unit_file", UNIT_FILES, ids=str)
def test_a_unit_file_is_where_its_module_is(unit_file: Path) -> None:
    assert subject_of(unit_file), "no module of this name in the mirrored folder"


@pytest.mark.parametrize("module", sorted(Path("chalicelib/api/core").glob("*.py")), ids=str)
def test_the_test_of_a_route_sends_requests_to_it(module: Path) -> None:
    # Every test of the API imports the app, and with it every view.
    routes = ROUTE.findall(module.read_text(encoding="utf-8"))
    sent = MAP[module].read_text(encoding="utf-8") if routes else ""
    assert not routes or any(re.search(pattern_of(route), sent) for route in routes)


def pattern_of(route: str) -> str:
    return "/".join("[^/]+" if part[:1] == "{" else re.escape(part) for part in route.split("/"))


def test_every_row_is_about_a_module() -> None:
    assert set(MAP) - set(MODULES) == set()


PLACEHOLDERS = {
    "no test": "from infra.openapi import text\n\nTEXT = text()\n",
    "an import alone": "from infra.openapi import text\n\ndef test_it():\n    assert True\n",
    "another module": "from infra import root\n\ndef test_it():\n    assert root.ROOT\n",
}


@pytest.mark.parametrize("content", PLACEHOLDERS.values(), ids=PLACEHOLDERS)
def test_a_placeholder_is_no_test(tmp_path: Path, content: str) -> None:
    (placeholder := tmp_path / "test_it.py").write_text(content)
    fault = fault_of(Path("infra/openapi.py"), {Path("infra/openapi.py"): placeholder}, {})
    assert fault == f"no test in {placeholder} uses it"


@pytest.mark.parametrize(
    "content",
    [
        "from infra.openapi import text\n\ndef test_it():\n    assert text()\n",
        "from infra import openapi\n\ndef test_it():\n    assert openapi.text()\n",
        "def test_it():\n    from infra import openapi\n    assert openapi.text()\n",
        "PROGRAM = 'infra.openapi'\n\ndef test_it(run):\n    assert run(PROGRAM)\n",
    ],
)
def test_a_use_is_seen(tmp_path: Path, content: str) -> None:
    (test_file := tmp_path / "test_it.py").write_text(content)
    assert Path("infra/openapi.py") in reached_from(test_file)


def test_a_missing_test_is_reported() -> None:
    module, gone = Path("infra/openapi.py"), Path("tests/test_gone.py")
    assert fault_of(module, {}, {}) == "has neither a unit file nor a row"
    assert fault_of(module, {module: gone}, {}) == f"{gone} does not exist"
    assert fault_of(module, {module: gone}, {module: gone}) == "has a unit file: remove its row"
