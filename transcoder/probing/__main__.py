"""`python -I transcoder/probing/__main__.py <question>`: probe one file."""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path


def _add_package(folder: Path) -> None:
    """Import the packages by their own folders: the sandbox may not list the folder around them."""
    spec = spec_from_file_location(
        folder.name, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    if spec and spec.loader:
        sys.modules[folder.name] = module_from_spec(spec)
        spec.loader.exec_module(sys.modules[folder.name])


if __name__ == "__main__":
    for name in ("transcoder", "chalicelib"):
        _add_package(Path(__file__).resolve().parents[2] / name)
    from transcoder.probing.child import answer
    from transcoder.probing.model import Question

    answer(Question.from_json(sys.argv[1]), Path.cwd())
