"""All that is written by hand keeps to one width; tables, commands and links are no prose."""

import re
from pathlib import Path

import pytest

from tests.architecture.glossary import PACKAGES, sources

FOLDERS = ("docs", "tests", "chalicelib")
PAGES = [*Path().glob("*.md"), *(page for each in FOLDERS for page in Path(each).rglob("*.md"))]
PATTERNS = ("*.y*ml", "infra/**/*.y*ml", "*.template")
TEMPLATES = [path for pattern in PATTERNS for path in Path().glob(pattern)]
# Without mails, in which a paragraph is a line, and without what others wrote.
OTHER = [
    *map(Path, ("Makefile", "pyproject.toml", ".ci/run")),
    *(path for folder in ("infra", "transcoder") for path in Path(folder).rglob("Dockerfile")),
    *(
        path
        for folder in ("web", "infra", "tests")
        for ending in ("js", "css", "html")
        for path in Path(folder).rglob(f"*.{ending}")
        if path.parts[:2] != ("web", "vendor")
    ),
]
# What ruff passes over counts too: comments for tools, and links.
CODE = sources(*PACKAGES)
COLUMNS = 100
COMMANDS = re.compile(r"^ *```.*?^ *```$", re.MULTILINE | re.DOTALL)


def wide_prose(page: Path) -> list[str]:
    prose = COMMANDS.sub("", page.read_text(encoding="utf-8")).splitlines()
    wide = [line for line in prose if len(line) > COLUMNS]
    return [line for line in wide if not line.startswith("|") and "://" not in line]


def wide_lines(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [f"{path}:{at}" for at, line in enumerate(lines, start=1) if len(line) > COLUMNS]


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_prose_keeps_to_the_columns_of_code(page: Path) -> None:
    assert wide_prose(page) == []


@pytest.mark.parametrize("path", [*TEMPLATES, *OTHER], ids=str)
def test_other_files_keep_to_the_columns_of_code(path: Path) -> None:
    assert wide_lines(path) == []


def test_code_keeps_to_its_columns() -> None:
    assert len(CODE) > 900
    assert [line for path in CODE for line in wide_lines(path)] == []


def test_all_kinds_are_looked_at() -> None:
    names = {path.as_posix() for path in (*TEMPLATES, *OTHER)}
    assert {"web/watch.js", "web/style.css", "web/index.html", "transcoder/Dockerfile"} < names
    assert {"infra/compose/Dockerfile", "infra/local/mailbox/style.css"} < names
    assert {"docker-compose.localstack.yml", ".checkov.yaml"} < names
    assert {"infra/templates/watch.yaml", "infra/compose/ministack.yml"} < names
    assert {".env.template", "deploy.env.template"} < names
