"""The form of texts that people wrote in an answer: HTML, or as they were written."""

import html
from collections.abc import Mapping

from chalicelib.api.operation import Query

TEXT_FORM: Mapping[str, Query] = {
    "text": Query(
        "`plain`: text as it was written; `html`: text as HTML, the default unless the calling "
        "page is listed in `PLAIN_TEXT_ORIGINS`.",
        options=["html", "plain"],
    )
}


def said(text: str, *, is_plain: bool) -> str:
    """Return text of the catalogue, or the name of an account, a session or a file, in its form."""
    return text if is_plain else html.escape(text)
