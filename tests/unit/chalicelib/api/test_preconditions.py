"""Which versions the header `If-Match` names, by the grammar of RFC 9110."""

from typing import Any, cast

import pytest

from chalicelib.api.preconditions import CONDITIONAL, known_versions, tagged
from chalicelib.api.reply import Prerendered
from chalicelib.api.request import Call
from chalicelib.catalogue.versions import KnownVersions
from chalicelib.errors import InvalidInput


class Request:
    def __init__(self, headers: dict[str, str]) -> None:
        self.headers = headers


def known(text: str | None) -> KnownVersions | None:
    headers = {} if text is None else {"if-match": text}
    call: Call[Any] = cast("Any", Call)(Request(headers), None, {}, None, {"title": "x"})
    return known_versions(call)


def test_without_the_header_and_with_an_asterisk_any_version_is_changed() -> None:
    assert known(None) is known("*") is known(" * ") is None


@pytest.mark.parametrize(
    ("text", "versions"),
    [
        ('"a"', ["a"]),
        ('"a:rest"', ["a"]),
        ('"a", "b"', ["a", "b"]),
        (' ,"a" ,,\t"b", ', ["a", "b"]),
        ('"a,b"', ["a,b"]),
        ('""', [""]),
        ('W/"a"', []),
        ('W/"a", "b"', ["b"]),
        ('"\xe4"', ["\xe4"]),
    ],
)
def test_strong_tags_are_versions_and_weak_ones_none(text: str, versions: list[str]) -> None:
    assert known(text) == KnownVersions(versions, {"title": "x"})


@pytest.mark.parametrize(
    "text", ["", " ", ",", "a", '"a', 'a"', '"a" "b"', '"a b"', "'a'", '*, "a"', 'w/"a"', 'W/ "a"']
)
def test_what_is_no_list_of_tags_is_refused_and_not_ignored(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        known(text)
    assert list(refused.value.fields) == ["If-Match"]


def test_the_tag_of_an_answer_names_its_version_and_differs_with_all_else() -> None:
    first, second = (tagged(Prerendered.of({"percent": each}), "v.1") for each in (1, 2))
    assert first.etag != second.etag
    assert known(first.etag) == known(second.etag) == KnownVersions(["v.1"], {"title": "x"})
    assert first.is_known(first.etag)


def test_every_change_of_a_video_and_of_a_category_reads_it() -> None:
    from chalicelib.api.core import categories, curation

    changes = {
        (each.method, each.path)
        for each in (*categories.api.operations, *curation.api.operations)
        if each.method in ("PATCH", "PUT", "DELETE")
    }
    assert changes == CONDITIONAL
