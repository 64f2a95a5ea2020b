"""Prerendered bodies and their ETags."""

import re

import pytest

from chalicelib.api.reply import Prerendered


def test_a_tag_is_strong_and_belongs_to_the_text() -> None:
    rendered: Prerendered[list[str]] = Prerendered.of(["Grüße"])
    assert rendered.text == '["Grüße"]'
    assert re.fullmatch(r'"[0-9a-f]{24}"', rendered.etag)
    assert rendered == Prerendered.written(rendered.text)
    assert rendered.etag != Prerendered.of(["Gruß"]).etag


@pytest.mark.parametrize(
    ("sent", "is_known"),
    [
        ("{}", True),
        ("W/{}", True),
        ('"a", {} , "b"', True),
        ('"a",W/{}', True),
        ("*", True),
        ("", False),
        ('"a"', False),
        ('"a", W/"b"', False),
    ],
)
def test_a_client_knows_a_text_by_its_tag(sent: str, *, is_known: bool) -> None:
    rendered: Prerendered[list[str]] = Prerendered.of([])
    assert rendered.is_known(sent.replace("{}", rendered.etag)) is is_known
