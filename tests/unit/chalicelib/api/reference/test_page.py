"""The reference page holds all of the API document, and nothing that runs but its own script."""

import base64
import hashlib
import re
from collections.abc import Mapping
from copy import deepcopy
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

import app  # noqa: F401 - importing it registers every route
from chalicelib.api import reference
from chalicelib.api.endpoint import EVERY_API
from chalicelib.api.openapi import document
from chalicelib.api.reference.page import page

DOCUMENT = document(EVERY_API)
OPERATIONS = [
    (method.upper(), path, facts)
    for path, methods in DOCUMENT["paths"].items()
    for method, facts in methods.items()
]
SCRIPT = "</script><script>alert(1)</script> & \"quotes\" 'too'"


class Read(HTMLParser):
    """What a reader sees of the page: the text below each anchor, and where links lead."""

    VOID = frozenset({"meta", "link", "input"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text: dict[str, str] = {}
        self.links: list[str] = []
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self._open: list[str] = []
        self.feed(text)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.tags.append(tag)
        self.attributes |= named.keys()
        if tag == "a":
            self.links.append(named["href"] or "")
        if tag not in self.VOID:
            anchor = named.get("id") or ""
            assert not anchor or anchor not in self.text, f"two elements are called {anchor}"
            self._open.append(anchor)
            self.text[anchor] = ""

    def handle_endtag(self, _tag: str) -> None:
        self._open.pop()

    def handle_data(self, data: str) -> None:
        for anchor in self._open:
            self.text[anchor] += data


READ = Read(page(DOCUMENT).text)


def resolved(parameter: Mapping[str, Any]) -> Any:
    name = parameter.get("$ref", "").removeprefix("#/components/parameters/")
    return DOCUMENT["components"]["parameters"][name] if name else parameter


@pytest.mark.parametrize(("method", "path", "facts"), OPERATIONS)
def test_every_operation_is_on_the_page(method: str, path: str, facts: Mapping[str, Any]) -> None:
    text = READ.text[facts["operationId"]]
    assert f"{method} {path}" in text
    assert facts["summary"].replace("`", "") in text
    assert facts.get("description", "").replace("`", "") in text
    for parameter in facts.get("parameters", []):
        assert resolved(parameter)["name"] in text
        assert resolved(parameter).get("description", "").replace("`", "") in text
    for status in facts["responses"]:
        assert f"{status}: " in text or status == "default"
    for media_type in facts.get("requestBody", {}).get("content", {}):
        assert media_type in text


@pytest.mark.parametrize("shape", DOCUMENT["components"]["schemas"])
def test_every_shape_is_on_the_page_with_its_fields(shape: str) -> None:
    text = READ.text[f"shape-{shape}"]
    assert all(name in text for name in DOCUMENT["components"]["schemas"][shape]["properties"])


def test_every_link_leads_to_an_anchor_of_the_page_or_to_the_document() -> None:
    elsewhere = {link for link in READ.links if not link.startswith("#")}
    assert elsewhere == {"/api/openapi.json"}
    assert {link.removeprefix("#") for link in READ.links} - elsewhere <= READ.text.keys()


def test_the_features_of_the_core_api_come_before_those_of_dialects() -> None:
    features = [each for each in READ.text if each.startswith("feature-")]
    dialects = [each.split("-")[1] for each in features]
    first = dialects.count("official")
    assert first > 10
    assert set(dialects[:first]) == {"official"}
    assert {"djoser", "authemail"} <= set(dialects[first:])


def test_only_what_the_policy_names_by_its_hash_runs_and_styles() -> None:
    rendered = page(DOCUMENT)
    policy = rendered.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none'; ")
    for tag, directive in (("style", "style-src"), ("script", "script-src")):
        [text] = re.findall(rf"<{tag}>(.*?)</{tag}>", rendered.text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"; {directive} 'sha256-{digest}';" in policy
    assert {each for each in READ.attributes if each.startswith("on")} == set()
    assert "style" not in READ.attributes


def test_a_text_of_the_document_is_no_html() -> None:
    changed = deepcopy(DOCUMENT)
    changed["paths"]["/api/login/"]["post"]["summary"] = SCRIPT
    read = Read(page(changed).text)
    assert read.tags == READ.tags
    assert SCRIPT in read.text[changed["paths"]["/api/login/"]["post"]["operationId"]]


def test_a_deprecated_operation_says_so() -> None:
    changed = deepcopy(DOCUMENT)
    changed["paths"]["/api/login/"]["post"]["deprecated"] = True
    anchor = changed["paths"]["/api/login/"]["post"]["operationId"]
    assert "Deprecated" in Read(page(changed).text).text[anchor]
    assert "Deprecated" not in READ.text[anchor]


def test_what_stands_in_the_page_ends_neither_the_script_nor_the_style() -> None:
    folder = Path(reference.__file__).parent
    for name in ("search.js", "style.css"):
        assert "</" not in (folder / name).read_text(encoding="utf-8")
