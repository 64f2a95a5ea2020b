"""Dumps are read value by value; what is none is refused with its line."""

import bz2
import gzip
import json
import lzma
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from infra.terminal import Refusal
from infra.transfer.json_objects import LARGEST_OBJECT, JsonFile, Unreadable

VALUES = [{"model": "a.b", "text": "ä €\n😀", "n": [1, {"x": None}]}, {"model": "a.c"}]


def values(folder: Path, content: bytes, encoding: str = "") -> list[tuple[int, Any]]:
    (path := folder / "dump.json").write_bytes(content)
    return list(JsonFile(path, encoding).values())


def text(folder: Path, content: bytes, encoding: str = "") -> str:
    with pytest.raises(Refusal) as refused:
        values(folder, content, encoding)
    return str(refused.value).removeprefix(f"{folder}/")


@pytest.mark.parametrize("indent", [None, 2])
def test_an_array_is_read_value_by_value(tmp_path: Path, indent: int | None) -> None:
    read = values(tmp_path, json.dumps(VALUES, indent=indent).encode())
    assert [value for _, value in read] == VALUES


def test_json_lines_are_read_with_their_numbers(tmp_path: Path) -> None:
    lines = "\r\n".join(json.dumps(each) for each in VALUES)
    assert values(tmp_path, f"\n{lines}\n\n".encode()) == [(2, VALUES[0]), (3, VALUES[1])]


def test_an_empty_array_has_no_values(tmp_path: Path) -> None:
    assert values(tmp_path, b" [ ]\n") == []


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"], ids=["plain", "mark", "16", "32"]
)
def test_a_byte_order_mark_says_the_encoding(tmp_path: Path, encoding: str) -> None:
    content = json.dumps(VALUES, ensure_ascii=False).encode(encoding)
    assert [value for _, value in values(tmp_path, content)] == VALUES


def test_another_encoding_is_read_if_it_is_named(tmp_path: Path) -> None:
    content = '[\n"a",\n"Müller"]'.encode("latin-1")
    assert values(tmp_path, content, "latin-1") == [(2, "a"), (3, "Müller")]
    refusal = "dump.json, line 3: this is not utf-8; say with --encoding what it is"
    assert text(tmp_path, content) == refusal


@pytest.mark.parametrize(
    "encoding", ["latin-99", "base64", "zip", "rot13", "hex", "undefined", "\0", "\ud800"]
)
def test_an_encoding_that_does_not_exist_is_refused(tmp_path: Path, encoding: str) -> None:
    assert text(tmp_path, b"[]", encoding) == f"There is no encoding {encoding!r}."


@pytest.mark.parametrize("encoding", ["utf-16", "punycode", "idna"])
def test_a_text_of_another_encoding_is_refused(tmp_path: Path, encoding: str) -> None:
    content = '["' + "ü" * 70 + '"]'
    refusal = f"dump.json, line 1: this is not {encoding}; say with --encoding what it is"
    assert text(tmp_path, content.encode(), encoding) == refusal


BAD = {
    b"": "line 1: no text",
    b"\n\n<html>": "line 3: expected JSON that begins with [ or {",
    b"[1,\n2\n": "line 3: the file ends before its last ]",
    b"[1,\n2\n3]": "line 3: expected , or ]",
    b"[1]\nx": "line 2: text after the last ]",
    b'[{"a":\n1,\n]': "line 3: this is not JSON: Expecting property name enclosed in double quotes",
    b'[{"a":\n"b': "line 2: this is not JSON: Unterminated string starting at",
    b"[\nNaN]": "line 2: this JSON cannot be read: NaN is no number of JSON",
    b"[\n" + b"[" * 100_000: "line 2: this JSON cannot be read: maximum recursion depth exceeded",
    b"[\n"
    + b"[" * 101
    + b"]" * 102: "line 2: more than 100 lists and objects inside of each other",
    b'[{"a":' * 51
    + b"0"
    + b"}]" * 51: "line 1: more than 100 lists and objects inside of each other",
    b"[" + b"9" * 5000 + b"]": "line 1: this JSON cannot be read: Exceeds the limit (4300 digits)",
}


@pytest.mark.parametrize("value", ["[" * 101 + "]" * 101, '[{"a":' * 50 + "0" + "}]" * 50])
def test_lists_and_objects_may_be_inside_of_each_other(tmp_path: Path, value: str) -> None:
    assert values(tmp_path, value.encode()) == [(1, each) for each in json.loads(value)]


@pytest.mark.parametrize(
    ("pack", "program"),
    [(gzip.compress, "gunzip"), (bz2.compress, "bunzip2"), (lzma.compress, "unxz")],
)
def test_a_compressed_dump_has_to_be_unpacked(
    tmp_path: Path, pack: Callable[[bytes], bytes], program: str
) -> None:
    refusal = text(tmp_path, pack(json.dumps(VALUES).encode()))
    assert refusal == f"dump.json is compressed. Unpack it first, with {program}."


@pytest.mark.parametrize(("mark", "program"), [(b"\x5d\0\0\x80", "unlzma"), (b"PK\3\4", "unzip")])
def test_so_has_one_in_an_older_or_another_archive(
    tmp_path: Path, mark: bytes, program: str
) -> None:
    assert text(tmp_path, mark).endswith(f"with {program}.")


@pytest.mark.parametrize(("content", "reason"), BAD.items(), ids=list(BAD.values()))
def test_what_is_no_dump_is_refused_with_its_line(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    assert text(tmp_path, content).startswith(f"dump.json, {reason}")


def test_values_longer_than_a_block_are_read(tmp_path: Path) -> None:
    long = ["x" * 1_000_000, "ü" * 700_001, 7]
    read = values(tmp_path, json.dumps(long, ensure_ascii=False).encode())
    assert [value for _, value in read] == long


def test_a_value_without_an_end_is_not_read_whole(tmp_path: Path) -> None:
    (path := tmp_path / "dump.json").write_bytes(b'["' + b"x" * 60_000_000)
    with pytest.raises(Unreadable, match="line 1: an object that begins here has more than"):
        list(JsonFile(path).values())


def test_the_documentation_names_the_limit() -> None:
    page = " ".join(Path("docs/import.md").read_text(encoding="utf-8").split())
    assert f"at most {LARGEST_OBJECT:,} characters (`LARGEST_OBJECT`" in page


def test_an_object_is_read_up_to_a_limit(tmp_path: Path) -> None:
    longest = "x" * (LARGEST_OBJECT - 2)
    read = values(tmp_path, f'["{longest}",\n"{longest}"]'.encode())
    assert [value for _, value in read] == [longest, longest]
    refusal = text(tmp_path, f'[\n"{longest}",\n"{longest}x"]'.encode())
    assert refusal == (
        "dump.json, line 3: an object that begins here has more than 1,048,576 characters; "
        "if its model is not imported, leave it out with dumpdata --exclude"
    )


@pytest.mark.parametrize("values", ["1,", '"x",', "true,", "[],", r'"\u00fc",', '{"a":1},'])
def test_where_a_window_ends_is_no_error(tmp_path: Path, values: str) -> None:
    for shift in range(8):
        refusal = text(tmp_path, f"[[{' ' * shift}{values * 1_000_000}".encode())
        assert "line 1: an object that begins here has more than 1,048,576" in refusal


def test_what_is_no_json_is_said_also_of_a_large_file(tmp_path: Path) -> None:
    refusal = text(tmp_path, b'[{"a":\n1 2' + b",3" * 2_000_000)
    assert refusal == "dump.json, line 2: this is not JSON: Expecting ',' delimiter"


def test_a_value_of_many_lists_needs_little_memory(tmp_path: Path) -> None:
    (path := tmp_path / "dump.json").write_bytes(b"[[" + b"[]," * 5_000_000 + b"[]]]")
    program = [sys.executable, "-c", MEASURE, str(path)]
    done = subprocess.run(program, capture_output=True, check=True, text=True)
    before, after = map(int, done.stdout.split())
    assert (after - before) / 1024 < MOST_MEGABYTES


MOST_MEGABYTES = 46
MEASURE = """
import resource, sys
from pathlib import Path
from infra.transfer.json_objects import JsonFile, Unreadable
def peak():
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
peak()
try:
    list(JsonFile(Path(sys.argv[1])).values())
except Unreadable:
    peak()
"""
