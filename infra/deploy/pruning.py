"""Remove files of the installed packages that the functions never read."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from infra.deploy.descriptions import SERVICES

_BOTOCORE = frozenset({"endpoints.json", "partitions.json", "sdk-default-configuration.json"})

# A test runs the functions without these files.
NEVER_READ = (
    ".lock",
    "bin",
    # Except that of argon2: passlib reads its version.
    "[!a]*.dist-info",
    "a[!r]*.dist-info",
    "argon2_cffi_bindings-*.dist-info",
    "argon2_cffi-*.dist-info/[!M]*",
    "**/*.pyi",
    "**/py.typed",
    "**/tests",
    "**/__pycache__",
    # C sources and headers; compiled modules load `_cffi_backend` alone.
    "cffi",
    "pycparser",
    # For `boto3.resource`, which is not used here.
    "boto3/data",
    "boto3/examples",
    "botocore/data/*/*/examples-1.json",
    "botocore/data/*/*/waiters-2.json",
    "dateutil/zoneinfo/*.tar.gz",
    # Word lists of a generator of passwords.
    "passlib/_data",
    # A web framework, its pages, and tools for other sources of events.
    "aws_lambda_powertools/event_handler",
    "aws_lambda_powertools/utilities/[!_j]*",
)


def prune(packages: Path) -> None:
    for path in [*_unneeded_services(packages / "botocore" / "data"), *_never_read(packages)]:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _never_read(packages: Path) -> Iterator[Path]:
    for pattern in NEVER_READ:
        yield from packages.glob(pattern)


def _unneeded_services(data: Path) -> Iterator[Path]:
    for path in data.iterdir():
        is_needed = path.name in SERVICES if path.is_dir() else path.name in _BOTOCORE
        if not (is_needed or path.name.startswith("_retry")):
            yield path
