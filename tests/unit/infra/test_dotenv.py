"""A `.env` file is read in its usual spellings."""

from pathlib import Path

import pytest

from infra import dotenv
from infra.terminal import Refusal


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("NAME=value", "value"),
        ("NAME = value ", "value"),
        ("export NAME=value", "value"),
        ("NAME=", ""),
        ("NAME='single # quoted'", "single # quoted"),
        ('NAME="double quoted" # why', "double quoted"),
        ("NAME=two words # why", "two words"),
        ("NAME=http://127.0.0.1/#/page?uid={uid}&token={token}", None),
        ("NAME=a=b", "a=b"),
        ("NAME=Videoflix <noreply@videoflix.test>", "Videoflix <noreply@videoflix.test>"),
    ],
)
def test_a_line_is_a_setting(line: str, value: str | None) -> None:
    assert dotenv.parse(line, name=".env") == {
        "NAME": line.removeprefix("NAME=") if value is None else value
    }


def test_comments_and_empty_lines_are_no_settings() -> None:
    assert dotenv.parse("# a comment\n\n   \n  # NAME=value\nA=1\r\nB=2\n", name=".env") == {
        "A": "1",
        "B": "2",
    }


@pytest.mark.parametrize("line", ["NAME", "1NAME=x", "NAME='open", 'NAME="a" b', "=x"])
def test_an_invalid_line_is_named_with_its_number(line: str) -> None:
    with pytest.raises(Refusal, match=r"^\.env, line 2: this is not of the form NAME=value\.$"):
        dotenv.parse(f"A=1\n{line}\n", name=".env")


def test_no_file_means_no_settings(tmp_path: Path) -> None:
    assert dotenv.read(tmp_path / ".env") == {}


def test_a_file_saved_by_windows_is_read(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"\xef\xbb\xbfNAME=value\r\n")
    assert dotenv.read(tmp_path / ".env") == {"NAME": "value"}
