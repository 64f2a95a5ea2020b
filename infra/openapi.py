"""Write docs/openapi.json from the routes, for readers who run nothing."""

import json

import app  # noqa: F401 - importing it registers every route
from chalicelib.api.endpoint import EVERY_API
from chalicelib.api.openapi import document
from infra.root import ROOT

DESTINATION = ROOT / "docs" / "openapi.json"


def text() -> str:
    return json.dumps(document(EVERY_API), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    DESTINATION.write_text(text(), encoding="utf-8")
