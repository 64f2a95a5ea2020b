"""Markdown, YAML and settings are as narrow as code; tables, commands and links are no prose."""

import re
from pathlib import Path

import pytest

FOLDERS = ("docs", "tests", "chalicelib")
PAGES = [*Path().glob("*.md"), *(page for each in FOLDERS for page in Path(each).rglob("*.md"))]
PATTERNS = ("*.y*ml", "infra/**/*.y*ml", "*.template")
TEMPLATES = [path for pattern in PATTERNS for path in Path().glob(pattern)]
COLUMNS = 100
COMMANDS = re.compile(r"^ *```.*?^ *```$", re.MULTILINE | re.DOTALL)


def wide_prose(page: Path) -> list[str]:
    prose = COMMANDS.sub("", page.read_text(encoding="utf-8")).splitlines()
    wide = [line for line in prose if len(line) > COLUMNS]
    return [line for line in wide if not line.startswith("|") and "://" not in line]


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_prose_keeps_to_the_columns_of_code(page: Path) -> None:
    assert wide_prose(page) == []


@pytest.mark.parametrize("template", TEMPLATES, ids=str)
def test_templates_keep_to_the_columns_of_code(template: Path) -> None:
    lines = template.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if len(line) > COLUMNS] == []


def test_all_templates_are_looked_at() -> None:
    names = {path.as_posix() for path in TEMPLATES}
    assert {"docker-compose.localstack.yml", ".checkov.yaml"} < names
    assert {"infra/templates/watch.yaml", "infra/compose/ministack.yml"} < names
    assert {".env.template", "deploy.env.template"} < names
