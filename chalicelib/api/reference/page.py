"""The reference page: the whole API document, readable without scripts and searchable with one."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from chalicelib.api.reference.elements import add, html_of
from chalicelib.api.reference.operations import Feature, add_feature, features_of
from chalicelib.api.reference.shapes import add_shapes, add_type
from chalicelib.api.reply import MEDIA_TYPES, Page, Prerendered

_FOLDER = Path(__file__).parent
_POLICY = (
    "default-src 'none'; style-src {style}; script-src {script}; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def page(document: Mapping[str, Any]) -> Prerendered[Page]:
    """Render the document as a page that runs its own script and nothing else."""
    style, script = _read("style.css"), _read("search.js")
    headers = {
        "Content-Type": MEDIA_TYPES[Page],
        "Content-Security-Policy": _POLICY.format(style=_source(style), script=_source(script)),
    }
    return Prerendered.written(_html(document, style, script), headers)


def _html(document: Mapping[str, Any], style: str, script: str) -> str:
    features = features_of(document)
    title = f"{document['info']['title']} API"
    root = Element("html", {"lang": "en"})
    _add_head(root, title, style)
    body = add(root, "body")
    header = add(body, "header")
    add(header, "h1", title)
    # The script shows it, because without one it would do nothing.
    search = add(header, "div", id="search", role="search", hidden="")
    add(search, "label", "Search operations", for_="words")
    add(search, "input", id="words", type="search", autocomplete="off")
    add(search, "span", id="hits", role="status")
    _add_contents(body, features)
    main = add(body, "main")
    _add_introduction(main, document)
    for feature in features:
        add_feature(main, feature, document)
    shapes = add(main, "section", id="shapes")
    add(shapes, "h2", "Shapes")
    add_shapes(shapes, document["components"]["schemas"])
    # Appended as text of its element: the serializer writes scripts as they are.
    add(body, "script").text = script
    return html_of(root)


def _add_head(root: Element, title: str, style: str) -> None:
    head = add(root, "head")
    add(head, "meta", charset="utf-8")
    add(head, "meta", name="viewport", content="width=device-width")
    add(head, "meta", name="color-scheme", content="light dark")
    add(head, "title", title)
    # Otherwise browsers ask for /favicon.ico.
    add(head, "link", rel="icon", href="data:,")
    add(head, "style").text = style


def _add_contents(body: Element, features: Sequence[Feature]) -> None:
    contents = add(body, "nav")
    contents.set("aria-label", "Contents")
    lines = add(contents, "ul")
    headings = [("introduction", "Introduction"), ("errors", "Errors")]
    headings += [(each.anchor, each.heading) for each in features]
    for anchor, heading in [*headings, ("shapes", "Shapes")]:
        add(add(lines, "li"), "a", heading, href=f"#{anchor}")


def _add_introduction(main: Element, document: Mapping[str, Any]) -> None:
    section = add(main, "section", id="introduction")
    add(section, "h2", "Introduction")
    add(section, "p", document["info"]["description"])
    line = add(section, "p", f"Version {document['info']['version']}, OpenAPI: ")
    add(line, "a", "openapi.json", href="/api/openapi.json")
    errors = add(main, "section", id="errors")
    add(errors, "h2", "Errors")
    refused = document["components"]["responses"]["Refused"]
    add(errors, "p", refused["description"])
    for media_type, media in refused["content"].items():
        add_type(add(errors, "p", f"`{media_type}`: "), media["schema"])


def _read(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


def _source(text: str) -> str:
    """Return the source expression that allows this inline text alone."""
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"
