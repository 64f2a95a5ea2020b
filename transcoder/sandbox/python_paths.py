"""What a Python program of ours reads to start: the interpreter, its packages, and our code."""

import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path


@cache
def python_paths() -> tuple[str, ...]:
    """Return them without the folder in which our code lies: it may hold data as well."""
    code = Path(__file__).parents[2]
    package = find_spec("av")
    packages = [Path(package.origin).parents[1]] if package and package.origin else []
    ours = (code / "transcoder", code / "chalicelib")
    # OpenSSL, which hashes need, does not start if it may not read its settings.
    paths = (*packages, *ours, Path("/etc/ssl/openssl.cnf"))
    return (sys.prefix, sys.base_prefix, *map(str, paths))
