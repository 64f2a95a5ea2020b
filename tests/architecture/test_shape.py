"""Rules of shape that no linter knows."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

from tests.architecture.glossary import tree_of

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
    assert lines_of(path) <= LONGEST_MODULE, "give one of its subjects a module of its own"


@pytest.mark.parametrize("package", PACKAGES)
def test_half_of_the_modules_fit_on_a_screen(package: str) -> None:
    sizes = {path: size for path in Path(package).rglob("*.py") if (size := lines_of(path))}
    larger = sorted((size, str(path)) for path, size in sizes.items() if size > LARGEST_MEDIAN)
    too_many = len(larger) - (len(sizes) - 1) // 2
    assert too_many <= 0, (
        f"Half of the modules of {package} have at most {LARGEST_MEDIAN} lines. Shorten {too_many}"
        f" of those with a few more, or split a large one by subject: {larger[: too_many + 5]}"
    )


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert FORBIDDEN_NAMES & {path.name for path in SOURCES} == set()


def test_app_only_registers() -> None:
    tree = tree_of(Path("app.py"))
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
    assert lines_of(Path("app.py")) <= 120


def modules_with_routes(folder: Path) -> set[str]:
    """Modules that define an `api`, whose routes exist as soon as `app.py` registers it."""
    return {
        ".".join(path.with_suffix("").parts).removesuffix(".__init__")
        for path in folder.rglob("*.py")
        if re.search(r"^api\b.* = ", path.read_text(encoding="utf-8"), re.MULTILINE)
    }


def registered_in(source: str) -> set[str]:
    """Modules that the loop of `app.py` names."""
    tree = ast.parse(source)
    modules = {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    [loop] = [node for node in tree.body if isinstance(node, ast.For)]
    return {modules[node.id] for node in ast.walk(loop.iter) if isinstance(node, ast.Name)}


def test_app_registers_every_module_with_routes() -> None:
    api = Path("chalicelib/api")
    modules = modules_with_routes(api / "core") | modules_with_routes(api / "dialects")
    assert len(modules) > 10
    assert registered_in(Path("app.py").read_text(encoding="utf-8")) == modules


def test_a_module_may_be_registered_by_another_name() -> None:
    source = "from a import b\nfrom c.d import b as d_b\nfor api in (b, d_b): register(api)\n"
    assert registered_in(source) == {"a.b", "c.d.b"}


# What stands around the features.
AROUND = {"adapters", "api", "events", "wiring"}
PACKAGES_OF_LAMBDA = {path.parent.name for path in Path("chalicelib").glob("*/__init__.py")}
FEATURES = PACKAGES_OF_LAMBDA - AROUND


@pytest.mark.parametrize("feature", sorted(FEATURES))
def test_every_feature_has_its_model_and_its_ports(feature: str) -> None:
    files = {path.name for path in Path("chalicelib", feature).iterdir()}
    assert {"model.py", "ports.py"} <= files


def test_every_folder_with_a_service_is_a_feature() -> None:
    assert {"accounts", "catalogue", "encoding", "ingest", "playback", "viewing"} <= FEATURES
    assert AROUND <= PACKAGES_OF_LAMBDA


def test_no_feature_knows_chalice_or_aws() -> None:
    config = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))
    [closed] = [
        contract["source_modules"]
        for contract in config["tool"]["importlinter"]["contracts"]
        if contract["name"] == "Features know neither Chalice nor AWS"
    ]
    assert {f"chalicelib.{feature}" for feature in FEATURES} - {*closed} == set()


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
