"""Dates of videos: how they are stored, and what is refused."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from chalicelib.catalogue.curation import canonical
from chalicelib.catalogue.dates import LAST_DATE, TOO_EARLY, stored_date
from chalicelib.catalogue.model import BadTitle, Card
from chalicelib.clock import EPOCH

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
INSTANT = timedelta(milliseconds=1)


def test_a_date_is_kept_in_utc_and_milliseconds() -> None:
    local = NOON.astimezone(timezone(timedelta(hours=2))) + timedelta(microseconds=1999)
    stored = stored_date(local)
    assert (stored, stored and stored.tzinfo) == (NOON + INSTANT, UTC)
    assert stored_date(None) is None


def test_the_first_moment_belongs_to_a_video_and_the_last_one_does_not() -> None:
    card = Card("M", publish_at=NOON, rights_until=NOON + INSTANT)
    assert [card.is_open_at(NOON + n * INSTANT) for n in (-1, 0, 1)] == [False, True, False]
    assert Card("M").is_open_at(NOON)


@pytest.mark.parametrize("date", [EPOCH, LAST_DATE, datetime.max.replace(tzinfo=UTC)])
@pytest.mark.parametrize("field", ["publish_at", "rights_until"])
def test_a_date_that_could_not_be_stored_is_refused(field: str, date: datetime) -> None:
    with pytest.raises(BadTitle) as refusal:
        canonical(Card("M", **{field: date}))  # type: ignore[arg-type]
    assert list(refusal.value.fields) == [field]


def test_the_last_dates_are_allowed() -> None:
    card = Card("M", publish_at=EPOCH + INSTANT, rights_until=LAST_DATE - INSTANT)
    assert canonical(card) == card


@pytest.mark.parametrize("later", [timedelta(0), -INSTANT])
def test_rights_end_after_the_publication(later: timedelta) -> None:
    with pytest.raises(BadTitle) as refusal:
        canonical(Card("M", publish_at=NOON, rights_until=NOON + later))
    assert refusal.value.fields == {"rights_until": [TOO_EARLY]}
