"""The form of catalogue text in an answer: HTML, or as it was written."""

import html
from collections.abc import Mapping
from typing import Any

from chalicelib.api.operation import Query
from chalicelib.api.request import Call

_OPTIONS = {is_plain: {"": is_plain, "html": False, "plain": True} for is_plain in (False, True)}
TEXT_FORM: Mapping[str, Query] = {
    "text": Query(
        "`plain`: text as it was written; `html`: text as HTML, the default unless the calling "
        "page is listed in `PLAIN_TEXT_ORIGINS`.",
        options=["html", "plain"],
    )
}


def text_is_plain(call: Call[Any]) -> bool:
    """Return whether the caller gets text as it was written; refuse an unknown form."""
    return call.query_option("text", _OPTIONS[call.text_is_plain])


def said(text: str, *, is_plain: bool) -> str:
    return text if is_plain else html.escape(text)
