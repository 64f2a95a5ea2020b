"""Parsing of bodies: JSON objects and forms; all else is refused."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.api import content
from chalicelib.api.content import BodyTooLarge, UnknownContentType
from chalicelib.errors import InvalidInput

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


def parsed(raw: bytes | str, content_type: str) -> dict[str, Any]:
    read = content.read(raw, content_type)
    assert not read.is_form
    return read.fields


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "application/json; charset=utf-8",
        "Application/JSON ;x=y",
        " application/json",
    ],
)
def test_an_object_is_parsed(content_type: str) -> None:
    assert parsed(b'{"a": ["\xc3\xbc", 1]}', content_type) == {"a": ["ü", 1]}


@pytest.mark.parametrize("content_type", ["", JSON, "text/plain"])
@pytest.mark.parametrize("nothing", [b"", ""])
def test_an_empty_body_is_an_empty_object_for_any_content_type(
    nothing: bytes | str, content_type: str
) -> None:
    assert parsed(nothing, content_type) == {}


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "text/plain; application/json",
        "application/jsonp",
    ],
)
def test_content_types_without_a_preflight_are_not_parsed(content_type: str) -> None:
    with pytest.raises(UnknownContentType):
        parsed(b"{}", content_type)


@pytest.mark.parametrize(
    "raw", [b"{", b" ", b"{'a': 1}", b"\xff", b'{"a": "\xff"}', b"[" * 5000, b"9" * 5000, b"{}{}"]
)
def test_invalid_json_is_refused_in_one_sentence(raw: bytes) -> None:
    with pytest.raises(InvalidInput, match=r"^This is not valid JSON\.$"):
        parsed(raw, JSON)


@pytest.mark.parametrize("raw", [b"[]", b"null", b"7", b'"text"', b"true", b"NaN"])
def test_json_that_is_no_object_is_refused(raw: bytes) -> None:
    with pytest.raises(InvalidInput, match=r"^Send a JSON object\.$"):
        parsed(raw, JSON)


def test_a_body_has_at_most_64_kilobytes() -> None:
    largest = json.dumps({"a": "x" * (64 * 1024 - 9)}).encode()
    assert len(largest) == 64 * 1024
    assert parsed(largest, JSON)["a"]
    with pytest.raises(BodyTooLarge, match="64 kB"):
        parsed(largest + b" ", JSON)


@given(st.binary(max_size=200))
def test_bytes_are_an_object_or_refused(raw: bytes) -> None:
    try:
        fields = parsed(raw, JSON)
    except InvalidInput:
        return
    assert isinstance(fields, dict)


@pytest.mark.parametrize(
    "kind", [FORM, f"{FORM}; charset=utf-8", "Application/X-WWW-Form-Urlencoded"]
)
@pytest.mark.parametrize("raw", [b"a=1&b=x+y%C3%BC&c=&a=2", "a=1&b=x+y%C3%BC&c=&a=2"])
def test_the_form_of_a_page_is_read_as_text(kind: str, raw: bytes | str) -> None:
    read = content.read(raw, kind)
    assert read.is_form
    assert read.fields == {"a": ["1", "2"], "b": "x yü", "c": ""}


@pytest.mark.parametrize(
    "raw", [b"{}", b"a", b"a=1&&b=2", b"a=%FF", b"\xff=1", b"&".join([b"a=1"] * 201)]
)
def test_an_invalid_form_is_refused_in_one_sentence(raw: bytes) -> None:
    with pytest.raises(InvalidInput, match=r"^This is not a valid form\.$"):
        content.read(raw, FORM)


def multipart(*parts: bytes) -> bytes:
    head = b"--x\r\nContent-Disposition: form-data; "
    return b"".join(head + part + b"\r\n" for part in parts) + b"--x--\r\n"


@pytest.mark.parametrize("boundary", ["boundary=x", 'charset=utf-8; boundary="x"'])
def test_texts_of_a_multipart_form_are_read(boundary: str) -> None:
    raw = multipart(
        b'name="a"\r\n\r\nx y\xc3\xbc\r\n-x',
        b'name="b"\r\nContent-Type: text/plain\r\n\r\n',
        b'name="a"\r\n\r\n2',
        # What a page sends for a file that was not chosen.
        b'name="file"; filename=""\r\nContent-Type: application/octet-stream\r\n\r\n',
    )
    read = content.read(raw, f"multipart/form-data; {boundary}")
    assert read.is_form
    assert read.fields == {"a": ["x yü\r\n-x", "2"], "b": ""}


@pytest.mark.parametrize("named", [b'filename="film.mp4"', b"filename*=UTF-8''film.mp4"])
def test_the_field_of_a_file_says_how_files_are_sent(named: bytes) -> None:
    raw = multipart(b'name="title"\r\n\r\nM', b'name="video_file"; ' + named + b"\r\n\r\n\xff")
    with pytest.raises(InvalidInput) as refused:
        content.read(raw, "multipart/form-data; boundary=x")
    assert refused.value.fields == {
        "video_file": ["Files are not sent here: begin an upload with POST /api/uploads/."]
    }


def test_what_is_no_plain_name_of_a_field_is_not_repeated() -> None:
    raw = multipart(b'name="<img src=x>"; filename="film.mp4"\r\n\r\nx')
    with pytest.raises(InvalidInput, match="Files are not sent here") as refused:
        content.read(raw, "multipart/form-data; boundary=x")
    assert refused.value.fields == {}


def test_a_large_multipart_form_says_how_files_are_sent() -> None:
    with pytest.raises(BodyTooLarge, match="POST /api/uploads/"):
        content.read(b"x" * (content.LARGEST_BODY + 1), "multipart/form-data; boundary=x")


@pytest.mark.parametrize(
    "raw",
    [
        b"x",
        b"--x\r\n\r\n--x--"[:-2],
        multipart(b'name="a"'),
        multipart(b"\r\n\r\nx"),
        multipart(b'name="a"\r\n\r\n\xff'),
        b"--x " + multipart(b'name="a"\r\n\r\n1'),
        multipart(*[b'name="a"\r\n\r\n1'] * 201),
    ],
)
def test_an_invalid_multipart_form_is_refused(raw: bytes) -> None:
    with pytest.raises(InvalidInput, match=r"^This is not a valid form\.$"):
        content.read(raw, "multipart/form-data; boundary=x")


def test_a_multipart_form_names_its_boundary() -> None:
    with pytest.raises(InvalidInput, match=r"^This is not a valid form\.$"):
        content.read(multipart(), "multipart/form-data")


def test_content_is_hidden_in_logs() -> None:
    assert "secret" not in repr(content.read(b"password=secret", FORM))
