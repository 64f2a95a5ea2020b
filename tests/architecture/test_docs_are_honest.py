"""What is documented is what is there."""

import ast
import re
from pathlib import Path

from infra import openapi

README = Path("README.md").read_text(encoding="utf-8")
SETTINGS = Path("docs/settings.md").read_text(encoding="utf-8")
PAGES = [Path("README.md"), Path("CONTRIBUTING.md"), *Path("docs").glob("*.md")]
LONGEST_README = 130


def test_the_written_api_document_is_the_one_the_routes_make() -> None:
    written = Path("docs/openapi.json").read_text(encoding="utf-8")
    assert written == openapi.text(), "run `make openapi`"


def test_every_setting_is_on_the_page_of_settings() -> None:
    tree = ast.parse(Path("chalicelib/settings.py").read_text(encoding="utf-8"))
    texts = {str(node.value) for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    named = {text for text in texts if re.fullmatch(r"[A-Z]+(_[A-Z]+)*", text)}
    named |= {"MAIL_LINK_OFFICIAL_ACTIVATION", "MAIL_LINK_OFFICIAL_RESET"}
    missing = sorted(name for name in named if f"`{name}`" not in SETTINGS and name != "OFFICIAL")
    assert len(named) > 8
    assert missing == []


def test_the_readme_is_read_in_a_minute() -> None:
    assert len(README.splitlines()) <= LONGEST_README


def test_every_make_target_that_a_page_names_exists() -> None:
    makefile = Path("Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    named = set(re.findall(r"`make ([a-z-]+)\b", text))
    assert named - targets == set()
    assert {"run", "test", "mail"} <= named


def test_the_version_is_one() -> None:
    from chalicelib.api.openapi import VERSION

    assert f'version = "{VERSION}"' in Path("pyproject.toml").read_text(encoding="utf-8")


def test_every_decision_is_in_the_index() -> None:
    folder = Path("docs/decisions")
    index = (folder / "README.md").read_text(encoding="utf-8")
    decisions = sorted(path.name for path in folder.glob("[0-9]*.md"))
    assert len(decisions) >= 5
    assert [name for name in decisions if name not in index] == []
