"""The values of a large JSON array, or of JSON lines, read one by one in bounded memory."""

import codecs
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from infra.terminal import Refusal

_BLOCK_BYTES = 256 * 1024
# Of one object of a dump. Read, it needs up to thirty times as many bytes.
LARGEST_OBJECT = 1024**2  # characters
# Lists and objects inside of each other: what is deeper could be read, and not be written again.
DEEPEST = 100
# An error this close to the end of a window may be that of a word that is cut there.
_LONGEST_WORD = 16  # characters
_SPACE = re.compile(r"[ \t\r\n]*")
# The longer ones first: one begins as another does.
_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
# How compressed files begin, and what unpacks them; `dumpdata --output` writes all but the last.
_PACKED = {
    b"\x1f\x8b": "gunzip",
    b"BZh": "bunzip2",
    b"\xfd7zX": "unxz",
    b"\x5d\0\0": "unlzma",
    b"PK\x03\x04": "unzip",
}
_LONGEST_MARK = 4


class Unreadable(Refusal):
    """The file is not what it has to be, from this line on."""

    def __init__(self, path: Path, line: int, reason: str) -> None:
        super().__init__(f"{path}, line {line}: {reason}")


@dataclass(frozen=True, slots=True)
class JsonFile:
    path: Path
    # Empty: that of the byte order mark, or UTF-8.
    encoding: str = ""
    largest: int = LARGEST_OBJECT

    def values(self) -> Iterator[tuple[int, Any]]:
        """Yield each value with the number of its line; raise `Unreadable`."""
        blocks = _blocks(self.path, self.encoding or _encoding_of(self.path))
        window = _Window(self.path, blocks, self.largest)
        if window.peek() == "[":
            yield from _array(window)
        elif window.peek() == "{":
            yield from _lines(window)
        else:
            window.refuse("expected JSON that begins with [ or {" if window.peek() else "no text")


def is_deep(value: list[Any] | dict[str, Any]) -> bool:
    """Return whether a value has more than `DEEPEST` lists and objects inside of each other."""
    level = [value]
    for _ in range(DEEPEST):
        lists = (each.values() if isinstance(each, dict) else each for each in level)
        level = [each for inner in lists for each in inner if isinstance(each, list | dict)]
        if not level:
            return False
    return True


def _array(window: "_Window") -> Iterator[tuple[int, Any]]:
    window.step()
    separator = "," if window.peek() != "]" else window.step()
    while separator == ",":
        yield window.value()
        separator = window.peek()
        if separator not in (",", "]"):
            window.refuse("expected , or ]" if separator else "the file ends before its last ]")
        window.step()
    if window.peek():
        window.refuse("text after the last ]")


def _lines(window: "_Window") -> Iterator[tuple[int, Any]]:
    while window.peek():
        yield window.value()


class _Window:
    """The text around the position in a file."""

    def __init__(self, path: Path, blocks: Iterator[str], largest: int) -> None:
        self._path, self._blocks, self._largest = path, blocks, largest
        self._text, self._at, self._line = "", 0, 1
        self._decoder = json.JSONDecoder(parse_constant=_no_constant)

    def peek(self) -> str:
        """Return the next character that is no space; empty at the end of the file."""
        while True:
            match = _SPACE.match(self._text, self._at)
            self._advance(match.end() if match else self._at)
            if self._at < len(self._text) or not self._grow():
                return self._text[self._at : self._at + 1]

    def step(self) -> str:
        self._at += 1
        return self._text[self._at - 1]

    def value(self) -> tuple[int, Any]:
        """Return the line and the next value, and move behind it."""
        self.peek()
        line = self._line
        while True:
            try:
                value, end = self._decoder.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                is_full = len(self._text) - self._at > self._largest
                if is_full and self._may_be_cut(error):
                    self._refuse_large()
                if is_full or not self._grow():
                    self._advance(error.pos)
                    self.refuse(f"this is not JSON: {error.msg}")
            except (RecursionError, ValueError) as error:
                self.refuse(f"this JSON cannot be read: {error}")
            else:
                self._require_usual(value, end)
                self._advance(end)
                return line, value

    def _require_usual(self, value: Any, end: int) -> None:
        if end - self._at > self._largest:
            self._refuse_large()
        if isinstance(value, list | dict) and is_deep(value):
            self.refuse(f"more than {DEEPEST} lists and objects inside of each other")

    def _may_be_cut(self, error: json.JSONDecodeError) -> bool:
        """Return whether the error may be that the window ends before the value."""
        is_at_the_end = error.pos >= len(self._text) - _LONGEST_WORD
        return is_at_the_end or error.msg.startswith("Unterminated string")

    def _refuse_large(self) -> NoReturn:
        self.refuse(
            f"an object that begins here has more than {self._largest:,} characters; "
            "if its model is not imported, leave it out with dumpdata --exclude"
        )

    def refuse(self, reason: str) -> NoReturn:
        raise Unreadable(self._path, self._line, reason)

    def _advance(self, to: int) -> None:
        self._line += self._text.count("\n", self._at, to)
        self._at = to

    def _grow(self) -> bool:
        """Read at least as much as is left, so that long values are copied a few times only."""
        left = self._text[self._at :]
        blocks, missing = [left], max(1, min(len(left), self._largest + 1 - len(left)))
        while missing > 0 and (block := next(self._blocks, "")):
            blocks.append(block)
            missing -= len(block)
        if len(blocks) == 1:
            return False
        self._text, self._at = "".join(blocks), 0
        return True


def _blocks(path: Path, encoding: str) -> Iterator[str]:
    """Yield the text of the file; raise `Unreadable`."""
    decoder, line, block = _decoder_of(encoding), 1, b"\0"
    with path.open("rb") as file:
        while block:
            block = file.read(_BLOCK_BYTES)
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeError as error:
                reason = f"this is not {encoding}; say with --encoding what it is"
                raise Unreadable(path, line + _lines_before(error, encoding), reason) from error
            line += text.count("\n")
            if text:
                yield text


def _lines_before(error: UnicodeError, encoding: str) -> int:
    """Return how many lines end before the error; without its position, none."""
    if not isinstance(error, UnicodeDecodeError):
        return 0
    # Encodings of names of hosts, such as idna, replace nothing.
    with suppress(UnicodeError):
        return error.object[: error.start].decode(encoding, errors="replace").count("\n")
    return 0


def _decoder_of(encoding: str) -> codecs.IncrementalDecoder:
    try:
        # Others than those of texts cannot encode one, even an empty one.
        "".encode(encoding)
        is_utf8 = codecs.lookup(encoding).name == "utf-8"
        # With or without a byte order mark.
        return codecs.getincrementaldecoder("utf-8-sig" if is_utf8 else encoding)()
    except (LookupError, ValueError):
        raise Refusal(f"There is no encoding {encoding!r}.") from None


def _encoding_of(path: Path) -> str:
    """Return the encoding by the byte order mark; raise `Refusal` if the file is compressed."""
    with path.open("rb") as file:
        beginning = file.read(_LONGEST_MARK)
    for mark, program in _PACKED.items():
        if beginning.startswith(mark):
            raise Refusal(f"{path} is compressed. Unpack it first, with {program}.")
    return next((name for mark, name in _MARKS.items() if beginning.startswith(mark)), "utf-8")


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")
