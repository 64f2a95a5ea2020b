"""The CloudFormation templates as data, with short tags in their long form."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cfnlint.decode import decode

FOLDER = Path("infra", "templates")
NAMES = sorted(path.stem for path in FOLDER.glob("*.yaml"))

# Default values in tests.
_KNOWN = {
    "Prefix": "videoflix-dev",
    "AWS::AccountId": "123456789012",
    "AWS::Partition": "aws",
    "AWS::Region": "eu-central-1",
    "AWS::URLSuffix": "amazonaws.com",
}


def template(name: str) -> dict[str, Any]:
    decoded, problems = decode(str(FOLDER / f"{name}.yaml"))
    assert not problems
    assert isinstance(decoded, dict)
    return decoded


TEMPLATES = {name: template(name) for name in NAMES}


def resources(kind: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield template, logical id and properties of all resources of a type, as `SQS::Queue`."""
    for name, content in TEMPLATES.items():
        for logical_id, resource in content["Resources"].items():
            if resource["Type"] == f"AWS::{kind}":
                yield name, logical_id, resource["Properties"]


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def filled(value: Any, **parameters: str) -> str:
    """Evaluate `Ref` and `Fn::Sub` as CloudFormation would, as far as the values are known."""
    if isinstance(value, str):
        return value
    if "Ref" in value:
        name: str = value["Ref"]
        return parameters.get(name, _KNOWN.get(name, name))
    text, more = value["Fn::Sub"], {}
    if isinstance(text, list):
        text, more = text
    others = {name: more[name] for name in more.keys() - parameters.keys()}
    variables = {name: filled(each, **parameters) for name, each in others.items()}
    known = {**_KNOWN, **variables, **parameters}
    return re.sub(r"\$\{([\w:]+)\}", lambda match: str(known.get(match[1], match[0])), text)


def statements(policy: dict[str, Any]) -> list[dict[str, Any]]:
    assert policy["Version"] == "2012-10-17"
    listed: list[dict[str, Any]] = policy["Statement"]
    return listed
