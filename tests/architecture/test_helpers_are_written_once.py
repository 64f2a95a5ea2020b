"""What two files of tests need is written once: in `builders/`, or in a conftest above both."""

import ast
from collections.abc import Mapping

from tests.architecture.glossary import sources, tree_of


def helpers_in(tree: ast.Module) -> set[tuple[str, str]]:
    """Arguments and bodies of the functions that are no tests, without docstrings."""
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    return {
        (ast.unparse(node.args), "\n".join(map(ast.unparse, body)))
        for node in functions
        if not node.name.startswith("test_")
        and (body := node.body[1:] if ast.get_docstring(node) else node.body)
    }


def doubles_in(trees: Mapping[str, ast.Module]) -> list[list[str]]:
    files: dict[tuple[str, str], list[str]] = {}
    for path, tree in trees.items():
        for helper in helpers_in(tree):
            files.setdefault(helper, []).append(path)
    return [[*paths, *helper] for helper, paths in files.items() if len(paths) > 1]


def test_no_helper_is_written_twice() -> None:
    trees = {path.as_posix(): tree_of(path) for path in sources("tests")}
    assert len(trees) > 400
    assert doubles_in(trees) == []


def test_helpers_of_another_name_are_reported_and_tests_are_not() -> None:
    one = ast.parse("def words(a):\n    'Split.'\n    return a.split()\ndef test_it():\n    pass\n")
    other = ast.parse("def _parts(a):\n    return a.split()\ndef test_it():\n    pass\n")
    several = ast.parse("def words(a, b):\n    return a.split()\n")
    trees: dict[str, ast.Module] = {"one": one, "other": other, "several": several}
    assert doubles_in(trees) == [["one", "other", "a", "return a.split()"]]
