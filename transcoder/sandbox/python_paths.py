"""Paths that a Python program reads to start: the interpreter, its packages, and our code."""

import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path


@cache
def python_paths() -> tuple[str, ...]:
    """Leave out the folder that holds our packages: it may hold data as well."""
    code = Path(__file__).parents[2]
    package = find_spec("av")
    packages = [Path(package.origin).parents[1]] if package and package.origin else []
    ours = (code / "transcoder", code / "chalicelib")
    # Without its settings OpenSSL does not start, and hashes need it.
    paths = (*packages, *ours, Path("/etc/ssl/openssl.cnf"))
    return (sys.prefix, sys.base_prefix, *map(str, paths))
