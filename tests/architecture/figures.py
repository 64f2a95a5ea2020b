"""The code in figures: `python -m tests.architecture.figures`."""

import ast
import statistics
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tests.architecture import glossary
from tests.architecture.glossary import GLOSSARY, Retired
from tests.architecture.test_lines_are_narrow import (
    CODE,
    COLUMNS,
    PAGES,
    TEMPLATES,
    wide_lines,
    wide_prose,
)

PRODUCT = ("app.py", "chalicelib", "transcoder", "infra")
# A folder is a feature or a layer: chalicelib/api, transcoder/proof.
_DEPTH = 2


def modules(roots: Sequence[str] = PRODUCT) -> list[Path]:
    """Every module with a line in it."""
    files = [path for root in roots for path in (Path(root), *Path(root).rglob("*.py"))]
    return sorted(path for path in files if path.suffix == ".py" and path.stat().st_size)


def lines_of(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def folder_of(module: str) -> str:
    package = Path(*module.split("."))
    folder = package if package.is_dir() else package.parent
    return "/".join(folder.parts[:_DEPTH]) or module


def edges() -> Counter[tuple[str, str]]:
    """How many imports lead from one folder to another."""
    counted: Counter[tuple[str, str]] = Counter()
    for path in modules():
        inside = _folder_of_file(path)
        counted.update((inside, other) for other in _imported(path) if other != inside)
    return counted


def _folder_of_file(path: Path) -> str:
    return folder_of(".".join(path.with_suffix("").parts))


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(glossary.tree_of(path)):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{each.name}" for each in node.names]
            named = [node.module if _is_value(name) else name for name in names]
        elif isinstance(node, ast.Import):
            named = [each.name for each in node.names]
        else:
            continue
        yield from (folder_of(name) for name in set(named) if name.split(".")[0] in PRODUCT)


def _is_value(dotted: str) -> bool:
    path = Path(*dotted.split("."))
    return not (path.is_dir() or path.with_suffix(".py").is_file())


def wide() -> Mapping[str, int]:
    """How many lines of code, of YAML and of prose are over 100 columns."""
    return {
        "code": _wide(CODE),
        "YAML": _wide(TEMPLATES),
        "prose": sum(len(wide_prose(page)) for page in PAGES),
    }


def _wide(paths: Sequence[Path]) -> int:
    return sum(len(wide_lines(path)) for path in paths)


def report() -> str:
    sizes = {path: len(lines_of(path)) for path in modules()}
    largest = max(sizes, key=lambda path: sizes[path])
    retired = glossary.uses(Retired.of(GLOSSARY.read_text(encoding="utf-8")))
    between = edges()
    return "\n".join(
        [
            f"modules: {len(sizes)}",
            f"median size: {statistics.median(sizes.values()):g}",
            f"largest size: {sizes[largest]}, {largest}",
            f"product lines: {sum(sizes.values())}",
            f"edges between folders: {len(between)}, by {between.total()} imports",
            *(f"  {one} -> {other}: {count}" for (one, other), count in sorted(between.items())),
            f"retired words: {sum(map(len, retired.values()))}",
            *(f"  {folder}: {len(used)}" for folder, used in retired.items()),
            *(f"{kind} over {COLUMNS} columns: {count}" for kind, count in wide().items()),
        ]
    )


if __name__ == "__main__":
    print(report())
