"""Shorten botocore's descriptions of services, which every cold start reads."""

import gzip
import json
from pathlib import Path
from typing import Any

# The services that the functions call; botocore brings the descriptions of four hundred.
SERVICES = frozenset({"dynamodb", "ecs", "s3", "secretsmanager", "ses", "sqs", "stepfunctions"})
# Their names in the table of endpoints.
_ENDPOINTS = frozenset({"dynamodb", "ecs", "email", "s3", "secretsmanager", "sqs", "states"})


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
