"""What is stored or queued is a promise: written as the newest golden file says, and read for ever.

`python -m tests.formats` writes the next golden file of a format that has changed.
"""

import ast
import json
from collections.abc import Iterator
from dataclasses import MISSING, fields, is_dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from chalicelib.adapters.dynamodb import catalogue_tables
from chalicelib.adapters.dynamodb.account_tables import AccountsRow
from chalicelib.adapters.dynamodb.catalogue_tables import CatalogueRow
from chalicelib.adapters.dynamodb.viewing_tables import ViewingRow
from chalicelib.catalogue import asset as assets
from chalicelib.catalogue.asset import Asset
from chalicelib.encoding.messages import UnreadableTask
from chalicelib.encoding.plan import UnreadablePlan
from chalicelib.language import Language
from tests.architecture.glossary import tree_of
from tests.formats.every import FORMATS
from tests.formats.form import GOLDEN, HASHES, Format
from tests.formats.media import playlists
from transcoder.planning import grids

EACH = [pytest.param(each, id=each.name) for each in FORMATS.values()]
EACH_VERSION = [
    pytest.param(each, version, id=f"{each.name}-{version}")
    for each in FORMATS.values()
    for version in each.versions
]
CHANGED = """
The written form of `{name}` has changed, and installations hold what {newest}.json shows.
Leave that file as it is, run `python -m tests.formats {name}`, which writes {next}.json, and say in
tests/formats what the older ones are read as, where that differs.
The rules are in docs/data.md, under "Changing a stored format".
"""
# Between a process and its child, which are of one version.
PIPED = {"Question", "Facts"}
# Read by people and by operators' programs only.
WRITE_ONLY = {"Proof"}
SOURCES = [*Path("chalicelib").rglob("*.py"), *Path("transcoder").rglob("*.py")]


@pytest.mark.parametrize("form", EACH)
def test_a_format_is_written_as_its_newest_golden_file_says(form: Format) -> None:
    assert form.is_written_as(form.newest), CHANGED.format(
        name=form.name, newest=form.newest, next=form.newest + 1
    )


@pytest.mark.parametrize(("form", "version"), EACH_VERSION)
def test_every_version_that_was_ever_written_is_read(form: Format, version: int) -> None:
    expected = form.expected_of(version)
    if isinstance(expected, type) and issubclass(expected, Exception):
        with pytest.raises(expected):
            form.read(form.golden(version))
    else:
        assert form.read(form.golden(version)) == expected


@pytest.mark.parametrize("form", EACH)
def test_golden_files_are_numbered_without_a_gap(form: Format) -> None:
    assert list(form.versions) == list(range(1, form.newest + 1))
    assert form.newest


def test_no_golden_file_has_changed_since_it_was_written() -> None:
    pairs = [line.split("  ") for line in HASHES.read_text(encoding="utf-8").splitlines()]
    written = {
        path.relative_to(GOLDEN).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in GOLDEN.rglob("*.json")
    }
    assert {name: digest for digest, name in pairs} == written
    assert len(pairs) == len(written), "a file is listed twice"


def test_there_is_no_golden_file_without_a_format() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == FORMATS.keys()


@pytest.mark.parametrize("name", ["asset", "plan", "report", "mail_order", "task", "execution"])
def test_what_a_later_version_adds_is_no_hindrance(name: str) -> None:
    form = FORMATS[name]
    assert form.read(_with_more(form.golden(form.newest))) == form.expected


@pytest.mark.parametrize(
    ("name", "refused"),
    [
        ("plan", UnreadablePlan),
        ("task", UnreadableTask),
    ],
)
def test_a_version_that_is_not_known_is_refused(name: str, refused: type[Exception]) -> None:
    form = FORMATS[name]
    with pytest.raises(refused, match="version 99"):
        form.read({**form.golden(form.newest), "version": 99})


@pytest.mark.parametrize("name", ["account", "session", "video", "category", "encode", "upload"])
def test_what_a_later_version_adds_to_an_item_is_no_hindrance(name: str) -> None:
    form = FORMATS[name]
    grown = [{**item, "later": {"S": "more"}} for item in form.golden(form.newest)]
    assert form.read(grown) == form.expected


def test_an_account_in_a_language_of_a_later_version_reads_english() -> None:
    accounts: Any = FORMATS["account"].read(_in_klingon("account"))
    assert {account.language for account in accounts} == {Language.ENGLISH}


def test_a_translation_into_a_language_of_a_later_version_is_left_out() -> None:
    video: Any = FORMATS["video"].read(_in_klingon("video"))
    assert (video.card.title, video.card.translations) == ("Metropolis", {})


def _in_klingon(name: str) -> Any:
    """The newest golden file, as a version with one language more may have written it."""
    form = FORMATS[name]
    written = json.dumps(form.golden(form.newest))
    # Quoted once more where it stands in a text of JSON.
    klingon = written.replace('"de"', '"tlh"').replace(r"\"de\"", r"\"tlh\"")
    assert klingon != written
    return json.loads(klingon)


@pytest.mark.parametrize("form", EACH)
def test_no_field_of_a_sample_is_left_as_it_would_be_anyway(form: Format) -> None:
    samples = form.expected if isinstance(form.expected, tuple) else (form.expected,)
    idle = [name for sample in samples for name in _idle_fields(sample)]
    assert idle == [], "a sample with defaults does not show what is written: fill these"


def test_every_class_that_writes_itself_has_a_format() -> None:
    covered = {type(form.expected).__name__ for form in FORMATS.values()}
    written = {
        node.name
        for path in SOURCES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ClassDef) and {"to_json", "from_json"} & _methods(node)
    }
    assert len(written) > 5
    assert written - covered - PIPED - WRITE_ONLY == set(), "give each a format in tests/formats"


@pytest.mark.parametrize(
    "row", [AccountsRow, CatalogueRow, ViewingRow], ids=lambda row: row.__name__
)
def test_every_attribute_of_an_item_is_in_a_golden_file(row: Any) -> None:
    assert catalogue_tables.EncodeItem in CatalogueRow.__subclasses__()
    written = {
        name
        for form in FORMATS.values()
        for item in _items(form.golden(form.newest))
        for name in item
    }
    declared = {
        attribute.attr_name
        for kind in row.__subclasses__()
        for attribute in kind.get_attributes().values()
    }
    assert len(declared) > 5
    assert declared - written == set(), "fill them in the samples of tests/formats/items.py"


@pytest.mark.parametrize("version", [1, 2])
def test_a_stored_asset_keeps_its_segments_whatever_new_ones_get(
    version: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (assets, grids):
        for name in [name for name in vars(module) if name.endswith("_PER_SEGMENT")]:
            if not name.startswith("_"):
                monkeypatch.setattr(module, name, 7)
    monkeypatch.setattr(assets, "SUBTITLE_SEGMENT_SECONDS", 7)
    for written in FORMATS["playlists"].golden(version):
        assert playlists(Asset.from_json(written["asset"])) == written["playlists"]


def test_a_changed_form_is_noticed_and_the_old_golden_file_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.formats.form.GOLDEN", tmp_path)
    monkeypatch.setattr("tests.formats.form.HASHES", tmp_path / "golden.sha256")
    form = Format("word", lambda: {"word": "old"}, lambda plain: plain["word"], "old")
    assert not form.is_written_as(form.newest)
    first = form.add_golden()
    assert form.is_written_as(1)
    changed = Format("word", lambda: {"word": "new", "more": 1}, form.read, "new", older={1: "old"})
    assert not changed.is_written_as(1)
    changed.add_golden()
    assert changed.is_written_as(2)
    assert json.loads(first.read_text()) == {"word": "old"}
    assert [changed.read(changed.golden(n)) == changed.expected_of(n) for n in (1, 2)] == [True] * 2


def _with_more(plain: Any) -> Any:
    """Put something unknown into every object but those that are keyed by data."""
    if isinstance(plain, list):
        return [_with_more(each) for each in plain]
    if not isinstance(plain, dict):
        return plain
    inner = {
        name: value if name in ("measures", "input") else _with_more(value)
        for name, value in plain.items()
    }
    return {**inner, "later": "more"}


def _idle_fields(sample: object) -> Iterator[str]:
    if not is_dataclass(sample) or isinstance(sample, type):
        return
    for each in fields(sample):
        value = getattr(sample, each.name)
        made = each.default_factory() if each.default_factory is not MISSING else each.default
        if value == made and each.name != "version":
            yield f"{type(sample).__name__}.{each.name}"
        inner = value if isinstance(value, tuple) else (value,)
        for one in inner:
            yield from _idle_fields(one)


def _methods(node: ast.ClassDef) -> set[str]:
    return {each.name for each in node.body if isinstance(each, ast.FunctionDef)}


def _items(golden: Any) -> Iterator[dict[str, Any]]:
    if isinstance(golden, list):
        yield from (each for each in golden if isinstance(each, dict) and "pk" in each)
