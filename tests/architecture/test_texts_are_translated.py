"""What the API says to people it says in every language; each catalogue of texts is whole."""

import ast
import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from string import Formatter

import pytest

from chalicelib.api.translation import CATALOGUES
from chalicelib.language import Language

# Begins and ends as a sentence does.
SENTENCE = re.compile(r"[A-Z].*[.!?]", re.DOTALL)
# For readers of the API document, which is English.
DOCUMENT = Path("docs/openapi.json").read_text(encoding="utf-8").replace('\\"', '"')
FILES = {Path(*module.split(".")).with_suffix(".py") for module in CATALOGUES.values()}
MODULES = [path for path in Path("chalicelib").rglob("*.py") if path not in FILES]
# Said where no sentence begins large and ends with a full stop.
FRAGMENTS = {"Login successful", "Token refreshed", "{option}, {field}: {said}"}


every_catalogue = pytest.mark.parametrize("module", CATALOGUES.values())


def texts(module: str) -> Mapping[str, str]:
    found: Mapping[str, str] = import_module(module).TEXTS
    return found


def docstrings(tree: ast.AST) -> set[int]:
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef)
    bodies = [node.body for node in ast.walk(tree) if isinstance(node, kinds) and node.body]
    first = [body[0].value for body in bodies if isinstance(body[0], ast.Expr)]
    return {id(each) for each in first}


def sentences() -> Iterator[tuple[str, str]]:
    """Every sentence of the code, and where it stands; `{}` for a value inside an f-string."""
    for path in MODULES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        left_out = docstrings(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                left_out |= {id(each) for each in node.values}
                text = text_of(node)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                text = "" if id(node) in left_out else node.value
            else:
                continue
            if SENTENCE.fullmatch(text):
                yield text, f"{path}:{node.lineno}"


def is_documentation(text: str) -> bool:
    pattern = ".*".join(re.escape(part) for part in text.split("{}"))
    return re.search(pattern, DOCUMENT) is not None


def measurements() -> Iterator[tuple[str, str]]:
    """What the transcoder adds to a reason, where it is a sentence; and where it stands."""
    for path in Path("transcoder").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id="Refused"), args=[_, detail]):
                    text = text_of(detail)
                    if SENTENCE.fullmatch(text):
                        yield text, f"{path}:{node.lineno}"


def text_of(node: ast.expr) -> str:
    """A text as it stands there, with `{}` for each value."""
    match node:
        case ast.Constant(value=str() as text):
            return text
        case ast.JoinedStr():
            return "".join(text_of(each) for each in node.values)
    return "{}"


def test_every_language_but_the_one_of_the_code_has_a_catalogue() -> None:
    assert CATALOGUES.keys() == set(Language) - {Language.ENGLISH}


@every_catalogue
def test_every_sentence_of_the_code_is_in_the_catalogue(module: str) -> None:
    missing = {
        where: text
        for text, where in [*sentences(), *measurements()]
        if text not in texts(module) and not is_documentation(text)
    }
    assert missing == {}, f"add them to {module}; one with values is a Text(...)"


@every_catalogue
def test_every_text_of_the_catalogue_is_said_somewhere(module: str) -> None:
    said = {text for text, _ in [*sentences(), *measurements()]} | FRAGMENTS
    assert texts(module).keys() - said == set()


@every_catalogue
def test_every_text_has_both_languages_and_the_same_values(module: str) -> None:
    def values(text: str) -> list[str]:
        return sorted(name for _, name, _, _ in Formatter().parse(text) if name is not None)

    wrong = [
        english
        for english, theirs in texts(module).items()
        if not theirs.strip() or values(english) != values(theirs)
    ]
    assert wrong == []
    same = {english for english, theirs in texts(module).items() if english == theirs}
    assert same == {"{option}, {field}: {said}"}


@every_catalogue
def test_no_text_of_the_catalogue_is_translated_twice(module: str) -> None:
    text = Path(*module.split(".")).with_suffix(".py").read_text(encoding="utf-8")
    keys = [
        key.value
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Dict)
        for key in node.keys
        if isinstance(key, ast.Constant)
    ]
    assert len(keys) == len(set(keys)) == len(texts(module)) > 100


def test_people_read_of_e_mail_in_one_spelling() -> None:
    # As the clients we serve were promised it.
    promised = {"An email has been sent to reset your password."}
    mails = [path.read_text(encoding="utf-8") for path in Path("templates").glob("*/en/*")]
    told = {text for text, _ in sentences()} | set(mails)
    assert {text for text in told if re.search(r"\bemails?\b", text, re.IGNORECASE)} == promised
