"""A fake CloudFormation: it reads the real templates, and records stacks and parameters."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

from botocore.exceptions import ClientError
from cfnlint.decode.cfn_yaml import loads


@dataclass
class CloudFormation:
    stacks: dict[str, dict[str, Any]] = field(default_factory=dict)
    # The name of the stack of every change.
    changes: list[str] = field(default_factory=list)

    def validate_template(self, *, TemplateBody: str) -> Any:  # noqa: N803
        declared = _template(TemplateBody).get("Parameters", {})
        return {
            "Parameters": [
                {"ParameterKey": str(name)}
                | ({"DefaultValue": str(parameter["Default"])} if "Default" in parameter else {})
                for name, parameter in declared.items()
            ]
        }

    def create_stack(self, **request: Any) -> None:
        name, body = request["StackName"], request["TemplateBody"]
        values = {each["ParameterKey"]: each["ParameterValue"] for each in request["Parameters"]}
        declared = {str(key) for key in _template(body).get("Parameters", {})}
        if values.keys() != declared:
            raise _refused(f"Parameters: {sorted(declared - values.keys())} must have values")
        self.changes.append(name)
        self.stacks[name] = {
            "StackName": name,
            "StackId": f"arn:{name}",
            "StackStatus": "CREATE_COMPLETE",
            "CreationTime": datetime.now(UTC),
            "Parameters": request["Parameters"],
            "Outputs": [
                {"OutputKey": key, "OutputValue": _value(key, values)}
                for key in map(str, _template(body).get("Outputs", {}))
                if not (key.startswith("MediaKeyId") and not values[_key_of(key)])
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


def _value(key: str, values: dict[str, str]) -> str:
    if key.startswith("MediaKeyId"):
        return f"K{hash(values[_key_of(key)])}"
    known = {"MediaUrl": "https://d1.cloudfront.net", "TranscoderRepository": "host/videoflix-dev"}
    return known.get(key, f"{values['Prefix']}-{key}".lower())


def _key_of(output: str) -> str:
    return f"MediaPublicKey{output[-1]}"


def _refused(text: str) -> ClientError:
    return ClientError({"Error": {"Code": "ValidationError", "Message": text}}, "Any")
