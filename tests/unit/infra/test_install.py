"""A failed installation is explained in one sentence."""

import ast
from pathlib import Path

import pytest

from infra import install


@pytest.mark.parametrize("version", [(3, 6), (3, 9), (3, 10)])
def test_an_old_python_is_refused_with_the_needed_version(version: tuple[int, int]) -> None:
    with pytest.raises(SystemExit) as refusal:
        install.require_python(version)
    assert refusal.value.code == (
        f"Videoflix needs Python 3.11 or newer and this is {version[0]}.{version[1]}: "
        "name another one, as in  make run PYTHON=python3.12"
    )


@pytest.mark.parametrize("version", [(3, 11), (3, 13), (4, 0)])
def test_a_new_python_is_accepted(version: tuple[int, int]) -> None:
    install.require_python(version)
    assert version >= install.OLDEST


@pytest.mark.parametrize(
    "module", ["install.py", "__init__.py", "local/__init__.py", "local/__main__.py"]
)
def test_an_old_python_can_parse_the_modules_that_refuse_it(module: str) -> None:
    source = (Path(install.__file__).parent / module).read_text(encoding="utf-8")
    assert isinstance(ast.parse(source, feature_version=(3, 7)), ast.Module)


NO_VENV = """\
The virtual environment was not created successfully because ensurepip is not available.
"""
NO_NETWORK = """\
WARNING: Retrying (Retry(total=4)) after connection broken by 'NewConnectionError()': /attrs
ERROR: No matching distribution found for attrs==26.1.0
"""
NO_SUCH_VERSION = """\
ERROR: Could not find a version that satisfies the requirement x==9 (from versions: 1.0, 1.1)
ERROR: No matching distribution found for x==9
"""


@pytest.mark.parametrize(
    ("log", "cause"),
    [
        (NO_VENV, "this Python lacks its venv module"),
        (NO_NETWORK, "the package index is out of reach"),
        (NO_SUCH_VERSION, "no package index has x==9 for this Python"),
        ("ERROR: [Errno 28] No space left on device\n", "the disk is full"),
        ("ERROR: Failed to build x.\n", "Failed to build x"),
        ("", "pip ended with an error"),
    ],
)
def test_the_cause_of_a_failure_is_recognized(log: str, cause: str) -> None:
    assert install.cause_of(log).partition(" (")[0] == cause
