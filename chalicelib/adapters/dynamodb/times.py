"""Moments as DynamoDB keeps them: whole milliseconds, and seconds where its TTL wants them."""

from datetime import UTC, datetime


def milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def moment(milliseconds: float) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
