"""Remove and shorten files of the installed packages that the functions never read whole."""

import gzip
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_BOTOCORE = frozenset({"endpoints.json", "partitions.json", "sdk-default-configuration.json"})

# A test runs the functions without these files.
_NEVER_READ = Path(__file__).with_name("never_read.txt")
# The services that the functions call; botocore brings the descriptions of four hundred.
SERVICES = frozenset({"dynamodb", "ecs", "s3", "secretsmanager", "ses", "sqs", "stepfunctions"})
# Their names in the table of endpoints.
_ENDPOINTS = frozenset({"dynamodb", "ecs", "email", "s3", "secretsmanager", "sqs", "states"})


def prune(packages: Path) -> None:
    for path in [*_unneeded_services(packages / "botocore" / "data"), *_never_read(packages)]:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _never_read(packages: Path) -> Iterator[Path]:
    for line in _NEVER_READ.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            yield from packages.glob(line)


def _unneeded_services(data: Path) -> Iterator[Path]:
    for path in data.iterdir():
        is_needed = path.name in SERVICES if path.is_dir() else path.name in _BOTOCORE
        if not (is_needed or path.name.startswith("_retry")):
            yield path


def shorten(data: Path) -> None:
    """Remove texts and other services, and unpack the files, so that no cold start has to."""
    for path in sorted(data.rglob("*.json.gz")):
        _write(path.with_suffix(""), _without_texts(json.loads(gzip.decompress(path.read_bytes()))))
        path.unlink()
    endpoints = data / "endpoints.json"
    known = json.loads(endpoints.read_bytes())
    for partition in known["partitions"]:
        services = partition["services"]
        partition["services"] = {name: services[name] for name in _ENDPOINTS & services.keys()}
    _write(endpoints, known)


def _without_texts(described: Any) -> Any:
    if isinstance(described, list):
        return [_without_texts(each) for each in described]
    if isinstance(described, dict):
        # Empty, not missing: botocore reads some. If it is no text, it is a field of this name.
        return {
            name: ""
            if name == "documentation" and isinstance(value, str)
            else _without_texts(value)
            for name, value in described.items()
        }
    return described


def _write(path: Path, described: Any) -> None:
    # A new file: the old one may be a link to a file elsewhere.
    path.unlink(missing_ok=True)
    path.write_text(json.dumps(described, separators=(",", ":")), encoding="utf-8")
