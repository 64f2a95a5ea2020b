"""What the API says to people it says in every language; each catalogue of texts is whole."""

import ast
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from string import Formatter

import pytest

from chalicelib.api.report_values import translated_values
from chalicelib.api.translation import LANGUAGES
from chalicelib.language import Language
from tests.architecture.glossary import tree_of

# Begins and ends as a sentence does.
SENTENCE = re.compile(r"[A-Z].*[.!?]", re.DOTALL)
# For readers of the API document, which is English.
DOCUMENT = Path("docs/openapi.json").read_text(encoding="utf-8").replace('\\"', '"')
# Of these, texts are read by SQLite alone.
STATEMENTS = Path("chalicelib/adapters/sqlite")
MODULES = [each for each in Path("chalicelib").rglob("*.py") if not each.is_relative_to(STATEMENTS)]
CATALOGUES = {path.stem: path for path in LANGUAGES.iterdir()}
# Said where no sentence begins large and ends with a full stop.
FRAGMENTS = {
    "Login successful",
    "Token refreshed",
    "{option}, {field}: {said}",
    "Continue watching",
    "My list",
    "New",
    "Because you watched {video}",
    "There is no report, because the encode failed before it was checked. {reason}",
    "{}% of the file lies behind the end of the video; it is not used.",
    "{}% of the pictures are missing in the file.",
    "{}% of the pictures could not be read whole.",
    "{}% of the sound could not be decoded.",
}
# In what checks expect and measure: no sentences, and written by the transcoder.
VALUES = frozenset(json.loads(CATALOGUES["de"].read_text(encoding="utf-8"))["values of checks"])
# Halves of what checks say, which are translated as a whole.
HALVES = {
    ", as far as it tells",
    ", as accepted by an administrator",
    "at least {}{}",
    "{} on average, {} at most",
    "{}: {}, of {} kbit/s",
    "multivariant: {}",
    "{} before it",
    "one picture comes",
    "{} pictures come",
}
# Stored by earlier versions, and still read.
STORED = {
    "About {}% of the file, at its end, are other streams.",
    "Sound track {}: {}% of it cannot be decoded.",
    "Sound track {}: {}% of it cannot be decoded ({} s of silence).",
    "This file is not a video.",
    "This file holds sound, but no moving picture.",
    "The file says it holds a video, but there is no picture in it.",
    "The picture is stored in a way we cannot read.",
    "The video is longer than this site allows.",
    "The file is larger than this site allows.",
    "The picture is larger than this site allows.",
    "The file holds more tracks than this site allows.",
    "Encoding this video would cost more than this site allows.",
    "Encoding took longer than it is allowed to.",
    "Encoding needs more memory than it is allowed to take.",
    "Encoding needs more disk space than it is allowed to take.",
    "The transcoder broke down over this file several times.",
    "The result did not pass its own checks and was not published.",
    (
        "The result did not pass its own checks and was not published: please try again, or convert"
        " the video to MP4 with H.264 first."
    ),
    "Its edit list ends with a pause: please export the video without edits.",
    "Too much of the picture cannot be read.",
    "Too much of the video cannot be read.",
    "Only {}% of it can be read.",
    "{}% of the pictures could not be read whole; others stand in.",
    "{} pictures cannot be shown in their place.",
    "Stream {} was left out: a sound track.",
    "Sound track {}: its clock is off by {}%; its speed was corrected.",
    "Sound track {}: its times do not fit its sample rate; they were not used.",
    "Stream {} was left out: another picture.",
    "Not shown is one picture before the first that needs no other.",
    "Not shown are {} pictures before the first that needs no other.",
    "Published with damage, accepted.",
    "The decoder complained once.",
    "The decoder complained {} times.",
    "This codec does not tell damage from pictures.",
    "In this codec not all damage can be measured; a whole source is not affected.",
    "Of one picture a second, {} are shown.",
}
# Read only by operators and developers of the transcoder, in its log or a terminal, or by SQLite.
UNSEEN = (
    Path("transcoder/sandbox/confinement"),
    Path("transcoder/tasks/context.py"),
    Path("transcoder/commands.py"),
)


every_catalogue = pytest.mark.parametrize("catalogue", CATALOGUES.values(), ids=CATALOGUES)


def texts(catalogue: Path) -> Mapping[str, str]:
    groups = json.loads(catalogue.read_text(encoding="utf-8"))
    return {text: theirs for group in groups.values() for text, theirs in group.items()}


def said_by(catalogue: Path) -> set[str]:
    """The texts as in the code, where a name looks like any other value."""
    return {text.replace("{text}", "{}") for text in texts(catalogue)}


def docstrings(tree: ast.AST) -> set[int]:
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef)
    bodies = [node.body for node in ast.walk(tree) if isinstance(node, kinds) and node.body]
    first = [body[0].value for body in bodies if isinstance(body[0], ast.Expr)]
    return {id(each) for each in first}


def sentences(paths: Iterable[Path] = MODULES) -> Iterator[tuple[str, str]]:
    """Every sentence of the code, and where it stands."""
    return ((text, where) for text, where in strings(paths) if SENTENCE.fullmatch(text))


def strings(paths: Iterable[Path]) -> Iterator[tuple[str, str]]:
    """Every text of the code, and where it stands; `{}` for a value inside an f-string."""
    for path in paths:
        tree = tree_of(path)
        left_out = docstrings(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                left_out |= {id(each) for each in node.values}
                text = text_of(node)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                text = "" if id(node) in left_out else node.value
            else:
                continue
            yield text, f"{path}:{node.lineno}"


def is_documentation(text: str) -> bool:
    pattern = ".*".join(re.escape(part) for part in text.split("{}"))
    return re.search(pattern, DOCUMENT) is not None


def measurements() -> Iterator[tuple[str, str]]:
    """What the transcoder adds to a reason or notes in a report; and where it stands."""
    yield from sentences(filter(is_seen, Path("transcoder").rglob("*.py")))


def is_seen(path: Path) -> bool:
    return not any(path.is_relative_to(unseen) for unseen in UNSEEN)


def text_of(node: ast.expr) -> str:
    """A text as it stands there, with `{}` for each value."""
    match node:
        case ast.Constant(value=str() as text):
            return text
        case ast.JoinedStr():
            return "".join(text_of(each) for each in node.values)
    return "{}"


def test_every_language_but_the_one_of_the_code_has_a_catalogue() -> None:
    assert CATALOGUES.keys() == {str(each) for each in Language} - {"en"}


@every_catalogue
def test_every_sentence_of_the_code_is_in_the_catalogue(catalogue: Path) -> None:
    missing = {
        where: text
        for text, where in [*sentences(), *measurements()]
        if text not in said_by(catalogue) and not is_documentation(text)
    }
    assert missing == {}, f"add them to {catalogue}; one with values is a Text(...)"


@pytest.mark.parametrize("language", [each for each in Language if each is not Language.ENGLISH])
def test_every_value_and_fault_of_a_check_is_translated(language: Language) -> None:
    said = {
        text: where
        for text, where in strings(Path("transcoder/proof").rglob("*.py"))
        if re.search(r"[a-z]{2}.* | .*[a-z]{2}", text) and not SENTENCE.fullmatch(text)
    }
    assert len(said) > 60
    english = {
        text: where
        for text, where in said.items()
        if translated_values(filled := text.replace("{}", "7"), language) == filled
    }
    assert english.keys() == HALVES, english


@every_catalogue
def test_every_text_of_the_catalogue_is_said_somewhere(catalogue: Path) -> None:
    said = {text for text, _ in [*sentences(), *measurements()]} | FRAGMENTS | VALUES | STORED
    assert said_by(catalogue) - said == set()


@every_catalogue
def test_every_text_has_both_languages_and_the_same_values(catalogue: Path) -> None:
    def values(text: str) -> list[str]:
        return sorted(name for _, name, _, _ in Formatter().parse(text) if name is not None)

    wrong = [
        english
        for english, theirs in texts(catalogue).items()
        if not theirs.strip() or values(english) != values(theirs)
    ]
    assert wrong == []
    same = {english for english, theirs in texts(catalogue).items() if english == theirs}
    assert same == {"{option}, {field}: {said}"}


@every_catalogue
def test_no_text_of_the_catalogue_is_translated_twice(catalogue: Path) -> None:
    # As pairs, for in a dictionary the second would replace the first.
    text = catalogue.read_text(encoding="utf-8")
    groups: list[tuple[str, list[tuple[str, str]]]] = json.loads(text, object_pairs_hook=list)
    keys = [key for _, group in groups for key, _ in group]
    assert len(keys) == len(set(keys)) == len(texts(catalogue)) > 100


def test_people_read_of_e_mail_in_one_spelling() -> None:
    # As the clients we serve were promised it.
    promised = {
        "An email has been sent to reset your password.",
        "Email address changed.",
        "Email address verified.",
        "Enter a valid email address.",
    }
    mails = [path.read_text(encoding="utf-8") for path in Path("templates").glob("*/en/*")]
    texts = {text for text, _ in sentences()} | set(mails)
    assert {text for text in texts if re.search(r"\bemails?\b", text, re.IGNORECASE)} == promised


def test_a_video_is_called_a_video_and_never_by_the_name_of_its_field() -> None:
    said = {text for catalogue in CATALOGUES.values() for text in texts(catalogue)}
    assert [text for text in sorted(said) if re.search(r"\btitles?\b", text, re.IGNORECASE)] == []


def test_what_is_said_of_a_file_is_said_of_a_file_in_german_too() -> None:
    """`Its …` is `Ihre …`, of the file (die Datei): a neighbour of another gender names another."""
    german = texts(CATALOGUES["de"])
    notes = [theirs for text, theirs in german.items() if text.startswith("Its ")]
    assert len(notes) > 5
    assert [each for each in notes if re.match(r"Sein", each)] == []
