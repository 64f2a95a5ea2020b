"""A sentence of the transcoder with a name in it has a template that keeps the name as it is."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.glossary import tree_of
from tests.architecture.test_texts_are_translated import (
    CATALOGUES,
    SENTENCE,
    every_catalogue,
    is_seen,
    text_of,
    texts,
)

NAME = "{text}"
# What these hold, or return, is written in digits; any other value is a name.
NUMBERS = frozenset({
    "number", "track", "tracks", "sound", "stream",
    "first", "last", "most", "times", "count", "pictures", "rows", "recordings", "others",
    "earlier", "early", "declared", "fps", "held", "seconds", "displayed", "percent", "hidden",
    "silent", "heard", "long_side", "short_side", "chunk_count", "most_streams",
    "MOST_LEAD_SECONDS", "MOST_OTHERS", "MOST_SOUNDS", "_ALIKE",
    "_percent", "_spoken", "_whole", "_shortly", "len",
})  # fmt: skip


def named() -> Iterator[tuple[str, str]]:
    """Every sentence with a value that is no number, and where it stands."""
    for path in filter(is_seen, Path("transcoder").rglob("*.py")):
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.JoinedStr) and SENTENCE.fullmatch(text_of(node)):
                text = "".join(NAME if is_name(each) else text_of(each) for each in node.values)
                if NAME in text:
                    yield text, f"{path}:{node.lineno}"


def is_name(value: ast.expr) -> bool:
    if not isinstance(value, ast.FormattedValue) or value.format_spec is not None:
        return False
    return name_of(value.value) not in NUMBERS and not isinstance(value.value, ast.BinOp)


def name_of(value: ast.expr) -> str:
    match value:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Call(func=function):
            return name_of(function)
    return ast.unparse(value)


@every_catalogue
def test_a_sentence_with_a_name_has_a_template_that_keeps_the_name(catalogue: Path) -> None:
    said = dict(named())
    assert {where: text for text, where in said.items() if text not in texts(catalogue)} == {}
    assert len(said) > 2


def test_each_name_in_a_template_stands_between_words() -> None:
    """One in a sentence, not first, and between words, as the translation expects."""
    templates = [each for path in CATALOGUES.values() for each in texts(path) if NAME in each]
    assert sorted(templates) == sorted({text for text, _ in named()} & {*templates})
    for each in templates:
        around, after = each.split(NAME)
        assert around.rpartition("{}")[2].strip()
        assert after
        assert "{" not in after
