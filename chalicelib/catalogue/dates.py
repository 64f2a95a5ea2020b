"""The dates of a video: from when on, and until when, viewers see it."""

from collections.abc import Mapping
from datetime import UTC, datetime

from chalicelib.catalogue.model import Card
from chalicelib.clock import EPOCH, to_the_millisecond
from chalicelib.language import Text

# Stores keep milliseconds as numbers, which are exact until then.
LAST_DATE = datetime(2200, 1, 1, tzinfo=UTC)
TOO_EARLY = "This must be later than publish_at."


def stored_date(moment: datetime | None) -> datetime | None:
    """Return a date in UTC and whole milliseconds, unless it is none that can be stored."""
    if moment is None or not EPOCH < moment < LAST_DATE:
        return moment
    return to_the_millisecond(moment.astimezone(UTC))


def problems_of_dates(card: Card) -> Mapping[str, list[str]]:
    """Return what is wrong with the dates of a card, by field."""
    dates = {"publish_at": card.publish_at, "rights_until": card.rights_until}
    limits = {"least": EPOCH.date().isoformat(), "most": LAST_DATE.date().isoformat()}
    problems: dict[str, list[str]] = {
        field: [Text("Must be from {least} to {most}.", **limits)]
        for field, date in dates.items()
        if date is not None and not EPOCH < date < LAST_DATE
    }
    if problems or not (card.publish_at and card.rights_until):
        return problems
    return {} if card.publish_at < card.rights_until else {"rights_until": [TOO_EARLY]}
