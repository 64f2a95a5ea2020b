"""Formats of time in DynamoDB: whole milliseconds, seconds for TTL, or text that sorts."""

from datetime import UTC, datetime


def milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def moment(milliseconds: float) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def stamp(moment: datetime) -> str:
    """Return the time in the format of Step Functions: 2026-01-02T03:04:05.678Z."""
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


def stamped(text: str) -> datetime:
    return datetime.fromisoformat(text)
