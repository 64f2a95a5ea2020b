"""The files that a reader of a story has to open do not become more."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.reading_paths import trace as traces
from tests.reading_paths.__main__ import report
from tests.reading_paths.site import Site
from tests.reading_paths.stories import STORIES
from tests.reading_paths.trace import Trace

# The most files; a shorter story lowers its number.
MOST_FILES = {"upload": 205, "sign-up": 52, "list": 20}


@pytest.fixture
def site() -> Iterator[Site]:
    with Site.started() as site:
        yield site


@pytest.mark.parametrize("story", MOST_FILES)
def test_a_story_leads_through_no_more_files_and_back_into_none(site: Site, story: str) -> None:
    trace = STORIES[story](site)
    assert len(trace.files) <= MOST_FILES[story], report(story, trace)
    assert set(trace.again) == set(), report(story, trace)
    assert {"chalicelib/api/endpoint.py", "chalicelib/accounts/sessions.py"} <= set(trace.files)


OUTER = """
from chalicelib import inner

def calls_twice():
    own()
    inner.leaf()
    inner.leaf()

def called_back():
    inner.calls_back(own)

def goes_on():
    inner.consumes(several())

def several():
    yield 1
    yield 2

def own():
    pass
"""
INNER = """
def leaf():
    pass

def calls_back(call):
    call()

def consumes(values):
    list(values)
"""


@pytest.mark.parametrize(
    ("call", "files", "again"),
    [
        ("calls_twice", ["outer", "inner"], {}),
        ("called_back", ["outer", "inner"], {("outer", "inner"): 1}),
        ("goes_on", ["outer", "inner"], {("outer", "inner"): 1}),
    ],
)
def test_a_file_that_is_called_while_it_waits_is_re_entered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, files: list[str], again: object
) -> None:
    package = tmp_path / "chalicelib"
    package.mkdir()
    (package / "outer.py").write_text(OUTER)
    (package / "inner.py").write_text(INNER)
    monkeypatch.setattr(traces, "ROOT", tmp_path)
    inner = namespace(package / "inner.py")
    monkeypatch.setattr("chalicelib.inner", inner, raising=False)
    outer = namespace(package / "outer.py")
    trace = Trace()
    with trace.recording():
        getattr(outer, call)()
    named = {f"chalicelib/{name}.py" for name in files}
    assert list(trace.files) == [f"chalicelib/{name}.py" for name in files]
    assert {path for pair in trace.again for path in pair} <= named
    assert {tuple(Path(p).stem for p in pair): n for pair, n in trace.again.items()} == again
    assert sys.getprofile() is None


def namespace(path: Path) -> object:
    from importlib.util import module_from_spec, spec_from_file_location

    spec = spec_from_file_location(path.stem, path)
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
