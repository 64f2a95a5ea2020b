"""Serialization of the pace of an encode."""

import json

from chalicelib.adapters.dynamodb.times import milliseconds, moment
from chalicelib.encoding.pace import Pace


def pace_to_json(pace: Pace) -> str:
    return json.dumps(
        {
            "began_ms": milliseconds(pace.began_at),
            "began_share": pace.began_share,
            "measured_ms": milliseconds(pace.measured_at),
            "share": pace.share,
            "due_ms": milliseconds(pace.due_at) if pace.due_at else None,
            "is_slower": pace.is_slower,
        },
        separators=(",", ":"),
    )


def pace_from_json(text: str) -> Pace:
    plain = json.loads(text)
    return Pace(
        began_at=moment(plain["began_ms"]),
        began_share=plain["began_share"],
        measured_at=moment(plain["measured_ms"]),
        share=plain["share"],
        due_at=moment(plain["due_ms"]) if plain["due_ms"] else None,
        is_slower=plain["is_slower"],
    )
