"""Documents name files, modules and names of the code that exist."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

PAGES = [
    *map(Path, ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "tests/README.md")),
    *sorted(Path("docs").rglob("*.md")),
]
# It names what does not exist yet.
PAGES.remove(Path("docs/change-requests.md"))
CODE = ("app.py", "chalicelib", "transcoder", "infra", "web", ".chalice", "vendor", "tests")
FOLDERS = (*CODE, "docs", "templates")
# Files of the root, Markdown first.
ROOT = ("*.md", "*.toml", "*.yml", "*.template", "*.txt", "Makefile", ".env.template", "LICENSE")
PATH = re.compile(r"[\w.*<>{},…-]+(/[\w.*<>{},…-]+)*/?")
SUFFIX = re.compile(r"\.(py|ya?ml|md|js|json|html|css|toml|txt|template)$")
# `make run` writes these on the machine, and the API these into the media bucket.
MADE = (".local/", "withdrawals/")
COMMANDS = re.compile(r"^ *```.*?^ *```$", re.MULTILINE | re.DOTALL)
NAME = re.compile(r"\w+(\.\w+)*(?:\(\))?")
# Of AWS, of libraries and of formats; decisions name them as alternatives or causes.
FOREIGN = {
    *("CannotPullContainerError", "stoppedReason", "MaximumConcurrency", "MessageGroupId"),
    *("DefinitionS3Location", "runTask", "NotImplementedError", "RLIMIT_DATA", "PixelCrop"),
    *("StaticFiles",),
}


def spans(page: Path) -> Iterator[str]:
    """The texts between backticks, outside of blocks of commands."""
    text = COMMANDS.sub("", page.read_text(encoding="utf-8"))
    for span in re.findall(r"`([^`]+)`", text):
        yield " ".join(span.split())


def paths_in(page: Path) -> Iterator[str]:
    for span in spans(page):
        path = span.partition("::")[0]
        if PATH.fullmatch(path) and not path.startswith(MADE):
            is_below = "/" in path and path.partition("/")[0] in FOLDERS
            if is_below or SUFFIX.search(path):
                yield from alternatives(path.rstrip("/"))


def alternatives(path: str) -> Iterator[str]:
    """Write out `{a,b}`."""
    if match := re.search(r"\{([^{}]*)\}", path):
        for choice in match[1].split(","):
            yield from alternatives(path[: match.start()] + choice + path[match.end() :])
    else:
        yield path


@cache
def existing() -> str:
    """All files and folders of the project, one a line."""
    files = [file for pattern in ROOT for file in Path().glob(pattern)]
    files += [file for folder in FOLDERS for file in (Path(folder), *Path(folder).rglob("*"))]
    return "\n".join(file.as_posix() for file in files if "__pycache__" not in file.parts)


def exists(path: str) -> bool:
    """Whether a file has this path, or one that ends like it: `api/body.py` is enough."""
    pattern = re.sub(r"<[^>]*>|\\\*|…", r"[^/\n]+", re.escape(path))
    return re.search(rf"(^|/){pattern}$", existing(), re.MULTILINE) is not None


@cache
def words_of_the_code() -> frozenset[str]:
    files = [file for pattern in ROOT[1:] for file in Path().glob(pattern)]
    files += [file for name in CODE for file in (Path(name), *Path(name).rglob("*.*"))]
    texts = (
        file.read_text(encoding="utf-8")
        for file in files
        if file.is_file() and SUFFIX.search(f".{file.name}") and file.name != Path(__file__).name
    )
    return frozenset(word for text in texts for word in re.findall(r"\w+", text))


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_path_in_backticks_exists(page: Path) -> None:
    assert [path for path in paths_in(page) if not exists(path)] == []


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_module_of_a_command_exists(page: Path) -> None:
    modules = re.findall(r"-m (\w+(?:\.\w+)*)", page.read_text(encoding="utf-8"))
    ours = [Path(*each.split(".")) for each in modules if each.partition(".")[0] in FOLDERS]
    assert [each for each in ours if not (each.is_dir() or each.with_suffix(".py").exists())] == []


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_name_in_backticks_is_in_the_code(page: Path) -> None:
    """Names of classes, functions, fields and settings: with a dot, a `_` or a capital inside."""
    names = [span for span in spans(page) if NAME.fullmatch(span) and not SUFFIX.search(span)]
    coined = {name for name in names if re.search(r"[a-z][A-Z]|_|[a-z]\.[a-z]", name)}
    known = words_of_the_code() | FOREIGN
    assert {name for name in coined if not known.issuperset(re.findall(r"\w+", name))} == set()


def test_a_wrong_path_is_noticed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("`infra/pipeline.yaml`, `infra/{local,remote}/mail.py`, `templates/<mail>/`")
    wrong = [path for path in paths_in(page) if not exists(path)]
    assert wrong == ["infra/pipeline.yaml", "infra/remote/mail.py"]
