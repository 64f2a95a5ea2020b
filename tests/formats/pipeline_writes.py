"""What the state machine writes into the catalogue when no task can say why it ended."""

from typing import Any

import boto3

from chalicelib.adapters.dynamodb.attributes import stamp
from tests.formats.form import MOMENT
from tests.unit.infra.templates.test_pipeline import definition, states

_FAILURE = {"Error": "no_worker", "Cause": "No transcoder was free in time. Please try again."}


def mark_video(*, video_id: int, revision: int) -> None:
    _update("MarkTitle", video_id=video_id, revision=revision, attempt=1)


def mark_encode(*, video_id: int, revision: int, attempt: int) -> None:
    _update("MarkEncode", video_id=video_id, revision=revision, attempt=attempt)


def _update(state: str, **numbers: int) -> None:
    asked = next(parameters for name, parameters in states(definition()) if name == state)[
        "Parameters"
    ]
    known = {f"$.{name}": str(number) for name, number in numbers.items()}
    known |= {
        "$.error.Error": _FAILURE["Error"],
        "$.error.Cause": _FAILURE["Cause"],
        "$$.State.EnteredTime": stamp(MOMENT),
    }
    boto3.client("dynamodb").update_item(
        TableName="videoflix-catalogue",
        Key=_filled(asked["Key"], known),
        ConditionExpression=asked["ConditionExpression"],
        UpdateExpression=asked["UpdateExpression"],
        ExpressionAttributeValues=_filled(asked["ExpressionAttributeValues"], known),
    )


def _filled(typed: Any, known: dict[str, str]) -> Any:
    """Fill in `{"N.$": path}` as Step Functions does."""
    return {name: _value(value, known) for name, value in typed.items()}


def _value(typed: Any, known: dict[str, str]) -> Any:
    [(kind, text)] = typed.items()
    if not kind.endswith(".$"):
        return typed
    for path, value in known.items():
        text = _formatted(text, path, value)
    return {kind[:-2]: text}


def _formatted(text: str, path: str, value: str) -> str:
    if text == path:
        return value
    if text.startswith("States.Format(") and text.endswith(f", {path})"):
        return text.partition("'")[2].partition("'")[0].replace("{}", value)
    return text
