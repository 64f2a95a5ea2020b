"""A CloudFormation that makes nothing: it reads our templates, and remembers what it was given."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

from botocore.exceptions import ClientError
from cfnlint.decode.cfn_yaml import loads


@dataclass
class CloudFormation:
    stacks: dict[str, dict[str, Any]] = field(default_factory=dict)
    # The name of a stack, for every change of it.
    changes: list[str] = field(default_factory=list)

    def validate_template(self, *, TemplateBody: str) -> Any:  # noqa: N803
        declared = _template(TemplateBody).get("Parameters", {})
        return {
            "Parameters": [
                {"ParameterKey": str(name)}
                | ({"DefaultValue": str(told["Default"])} if "Default" in told else {})
                for name, told in declared.items()
            ]
        }

    def create_stack(self, **asked: Any) -> None:
        name, body = asked["StackName"], asked["TemplateBody"]
        given = {each["ParameterKey"]: each["ParameterValue"] for each in asked["Parameters"]}
        declared = {str(key) for key in _template(body).get("Parameters", {})}
        if given.keys() != declared:
            raise _refused(f"Parameters: {sorted(declared - given.keys())} must have values")
        self.changes.append(name)
        self.stacks[name] = {
            "StackName": name,
            "StackId": f"arn:{name}",
            "StackStatus": "CREATE_COMPLETE",
            "CreationTime": datetime.now(UTC),
            "Parameters": asked["Parameters"],
            "Outputs": [
                {"OutputKey": key, "OutputValue": _value(key, given)}
                for key in map(str, _template(body).get("Outputs", {}))
                if not (key.startswith("MediaKeyId") and not given[_key_of(key)])
            ],
            "body": body,
        }

    update_stack = create_stack

    def delete_stack(self, *, StackName: str) -> None:  # noqa: N803
        self.changes.append(StackName)
        del self.stacks[StackName]

    def describe_stacks(self, *, StackName: str) -> Any:  # noqa: N803
        if StackName not in self.stacks:
            raise _refused(f"Stack with id {StackName} does not exist")
        return {"Stacks": [self.stacks[StackName]]}

    def get_template(self, *, StackName: str, TemplateStage: str) -> Any:  # noqa: N803
        assert TemplateStage == "Original"
        return {"TemplateBody": self.stacks[StackName]["body"]}


@cache
def _template(body: str) -> dict[str, Any]:
    read: dict[str, Any] = loads(body)
    return read


def _value(key: str, given: dict[str, str]) -> str:
    if key.startswith("MediaKeyId"):
        return f"K{hash(given[_key_of(key)])}"
    known = {"MediaUrl": "https://d1.cloudfront.net", "TranscoderRepository": "host/videoflix-dev"}
    return known.get(key, f"{given['Prefix']}-{key}".lower())


def _key_of(output: str) -> str:
    return f"MediaPublicKey{output[-1]}"


def _refused(text: str) -> ClientError:
    return ClientError({"Error": {"Code": "ValidationError", "Message": text}}, "Any")
