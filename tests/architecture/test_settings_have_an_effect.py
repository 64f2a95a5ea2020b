"""What can be set is read, what is read is documented, and everything offered is used."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml

from tests.architecture.glossary import tree_of

SOURCES = [
    Path("app.py"),
    *(
        path
        for package in ("chalicelib", "transcoder", "infra")
        for path in sorted(Path(package).rglob("*.py"))
    ),
]
TREES = {path: tree_of(path) for path in SOURCES}
DECLARING = [path for path in SOURCES if path.name in {"settings.py", "options.py", "stages.py"}]
# Decided once, so that later steps follow it: what none reads is decided in vain.
PLAN = Path("chalicelib/encoding/plan.py")
NAME = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+|STAGE|PREFIX|WORKERS|STORYBOARD|FIREWALL")
DOCUMENTS = ("docs/settings.md", ".env.template", "deploy.env.template")
# Read by Compose itself, or by the emulator that it starts.
COMPOSE = "\n".join(
    path.read_text(encoding="utf-8")
    for path in [Path("docker-compose.localstack.yml"), *Path("infra/compose").glob("*.yml")]
)
# Options that only a test passes, because it wants less than the whole.
FOR_TESTS = {"deploy.templates"}
# Methods of attributes, which PynamoDB calls.
OF_PYNAMODB = {"serialize", "deserialize"}


def fields_of(path: Path) -> Iterator[tuple[str, str]]:
    for kind in ast.walk(TREES[path]):
        if isinstance(kind, ast.ClassDef):
            for field in kind.body:
                if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
                    yield kind.name, field.target.id


@cache
def attributes_read() -> set[str]:
    return {
        node.attr
        for tree in TREES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load)
    }


def texts_of(path: Path) -> set[str]:
    return {
        node.value
        for node in ast.walk(TREES[path])
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def names_read() -> set[str]:
    """Names of environment variables, wherever in the code they stand as a text of their own."""
    return {text for path in SOURCES for text in texts_of(path) if NAME.fullmatch(text)}


def names_documented(document: str) -> set[str]:
    text = Path(document).read_text(encoding="utf-8")
    if document.endswith(".md"):
        rows = re.findall(r"^\| (`[A-Z][^|]*) \|", text, re.MULTILINE)
        return {name for row in rows for name in re.findall(r"`([A-Z][A-Z0-9_]*)`", row)}
    return set(re.findall(r"^#?([A-Z][A-Z0-9_]*)=", text, re.MULTILINE))


@pytest.mark.parametrize(
    ("path", "field"),
    [
        pytest.param(path, field, id=f"{kind}.{field}")
        for path in [*DECLARING, PLAN]
        for kind, field in fields_of(path)
    ],
)
def test_what_is_set_or_planned_is_read_somewhere(path: Path, field: str) -> None:
    assert field in attributes_read(), f"{path} declares {field}, and nothing reads it"


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_setting_that_is_documented_exists(document: str) -> None:
    documented = names_documented(document)
    assert len(documented) > 10
    by_compose = {name for name in documented if f"${{{name}" in COMPOSE}
    assert documented - names_read() - by_compose == set()


def test_every_setting_of_the_transcoder_is_documented_and_passed_on_by_compose() -> None:
    names = {text for text in texts_of(Path("transcoder/settings.py")) if NAME.fullmatch(text)}
    assert len(names) > 15
    assert names - names_documented("docs/settings.md") - {"CATALOGUE_TABLE"} == set()
    own = yaml.safe_load(Path("docker-compose.localstack.yml").read_text(encoding="utf-8"))
    passed = own["services"]["transcoder"]["environment"].keys()
    # The image says where it works.
    assert names - passed - {"WORK_FOLDER"} == set()


def test_every_setting_of_the_start_is_documented() -> None:
    names = {text for text in texts_of(Path("infra/local/settings.py")) if NAME.fullmatch(text)}
    inner = {"SUPERUSER_", "AWS_"}
    of_programs = {name for name in names if name.startswith(("AWS_", "NO_PROXY", "PYTHON"))}
    needed = names - of_programs - inner
    assert len(needed) > 8
    assert needed - names_documented("docs/settings.md") == set()


def test_every_setting_in_the_template_of_a_deploy_is_read() -> None:
    from infra.deploy.options import NAMES

    assert names_documented("deploy.env.template") == NAMES
    assert NAMES - texts_of(Path("infra/deploy/options.py")) == set()


def test_every_option_with_a_default_is_used() -> None:
    """A keyword that no call of the product passes is a branch that only tests take."""
    passed = {
        keyword.arg
        for tree in TREES.values()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        for keyword in call.keywords
    }
    idle = {
        f"{function.name}.{option.arg}"
        for tree in TREES.values()
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for option, default in zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True)
        if default is not None and option.arg not in passed
    }
    assert idle - FOR_TESTS == set()


def test_every_name_of_the_product_is_used_by_the_product() -> None:
    """What only a test calls is no feature."""
    used = {name for tree in TREES.values() for name in names_used(tree)} | OF_PYNAMODB
    idle = {
        f"{path}: {name}"
        for path, tree in TREES.items()
        for name in names_defined(tree)
        if name not in used and not name.startswith("__")
    }
    assert idle == set()


def names_used(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Load()) | ast.Attribute(attr=name):
                yield name
            case ast.ImportFrom(names=imported):
                yield from (each.name for each in imported)
            case ast.Constant(value=str(name)):
                yield name


def names_defined(tree: ast.Module) -> Iterator[str]:
    """Functions and classes that no decorator registers, and constants of the module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield from () if node.decorator_list else (node.name,)
    for node in tree.body:
        for target in node.targets if isinstance(node, ast.Assign) else ():
            yield from (target.id,) if isinstance(target, ast.Name) else ()


def test_the_stage_of_the_api_has_one_name() -> None:
    named = [
        str(path)
        for path, tree in TREES.items()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        for keyword in call.keywords
        if keyword.arg == "stageName" and isinstance(keyword.value, ast.Constant)
    ]
    assert named == []
