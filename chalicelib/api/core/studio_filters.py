"""Filters of administrators' lists, read from parameters of a URL or fields of a body."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeVar

from chalicelib.api.core.videos import YES_OR_NO, language_code, short_text
from chalicelib.api.operation import Query
from chalicelib.api.request import option_called, whole_number
from chalicelib.catalogue.audience import Audience
from chalicelib.catalogue.listing import Selection
from chalicelib.catalogue.model import LONGEST_NAME, LONGEST_SLUG, NO_AGE_LIMIT
from chalicelib.catalogue.search import LONGEST_QUERY
from chalicelib.catalogue.studio import (
    MissingFact,
    Order,
    Period,
    StudioFilters,
    VideoState,
    Visibility,
)
from chalicelib.clock import LARGEST_ID
from chalicelib.errors import InvalidInput
from chalicelib.language import Text

E = TypeVar("E", bound=StrEnum)

_BETWEEN_VALUES = ","
# In the place of a state.
_TRASH = "trash"
_DATES: Mapping[str, Order] = {
    "created": Order.CREATED,
    "changed": Order.CHANGED,
    "publish": Order.PUBLISH_AT,
    "rights": Order.RIGHTS_UNTIL,
}
_FIELDS: Mapping[Order, str] = {
    Order.CREATED: "created_at",
    Order.CHANGED: "changed_at",
    Order.PUBLISH_AT: "publish_at",
    Order.RIGHTS_UNTIL: "rights_until",
}
_BAD_MOMENT = "Send a date, or a time in ISO 8601 with its offset."


def _listed(kind: Iterable[StrEnum]) -> str:
    return ", ".join(f"`{each}`" for each in kind)


FILTERS: Mapping[str, Query] = {
    "search": Query("Only videos with all of these words in title or description."),
    "state": Query(
        f"Only videos with these states of the newest encode, with commas: {_listed(VideoState)}; "
        f"`{_TRASH}`, alone: those in the trash, which are otherwise left out."
    ),
    "visibility": Query(f"Only videos that are any of these: {_listed(Visibility)}."),
    "without": Query(f"Only videos that lack all of these: {_listed(MissingFact)}."),
    "category": Query("Only videos of this category, by its name or slug."),
    "tag": Query("Only videos with this tag."),
    "person": Query("Only videos with this person in the cast or as director."),
    "language": Query("Only videos of this original language, such as `de`."),
    "age_rating": Query(f"Only videos with this age rating, from 0 to {NO_AGE_LIMIT}."),
    "rating_max": Query(
        f"Only videos that may be watched from this age on; unrated ones count as {NO_AGE_LIMIT}."
    ),
    "own_poster": Query(
        "`true`: only videos with a poster of their own; `false`: with none.",
        options=[*filter(None, YES_OR_NO)],
    ),
    "size_min": Query("Only videos whose newest source has at least so many bytes."),
    "size_max": Query("Only videos whose newest source has at most so many bytes."),
    "trailer": Query(
        "`true`: only trailers; `false`: no trailers.", options=[*filter(None, YES_OR_NO)]
    ),
    **{
        f"{name}_{end}": Query(
            f"Only videos whose `{_FIELDS[order]}` is {words} this date or time (ISO 8601)."
        )
        for name, order in _DATES.items()
        for end, words in (("after", "at or after"), ("before", "before"))
    },
}


def selection_of(sent: Mapping[str, str]) -> Selection:
    """Return the videos that filters of these names choose; raise `InvalidInput` by field."""
    unknown = sent.keys() - FILTERS.keys()
    if unknown:
        raise InvalidInput(fields={name: ["There is no such filter."] for name in sorted(unknown)})
    is_of_trash = sent.get("state") == _TRASH
    return Selection(
        Audience.TRASH if is_of_trash else Audience.ADMINISTRATORS,
        search=short_text(sent.get("search", ""), "search", LONGEST_QUERY),
        category=short_text(sent.get("category", ""), "category", LONGEST_SLUG),
        tag=short_text(sent.get("tag", ""), "tag", LONGEST_NAME),
        person=short_text(sent.get("person", ""), "person", LONGEST_NAME),
        language=language_code(sent.get("language", "")),
        rating_max=_whole(sent, "rating_max", NO_AGE_LIMIT),
        is_trailer=option_called(sent.get("trailer", ""), "trailer", YES_OR_NO),
        studio=StudioFilters(
            states=frozenset() if is_of_trash else _some(sent, "state", VideoState),
            visibilities=_some(sent, "visibility", Visibility),
            missing=_some(sent, "without", MissingFact),
            age_rating=_whole(sent, "age_rating", NO_AGE_LIMIT),
            has_own_poster=option_called(sent.get("own_poster", ""), "own_poster", YES_OR_NO),
            periods=tuple(
                Period(order, since, until)
                for name, order in _DATES.items()
                for since, until in [
                    (_moment(sent, f"{name}_after"), _moment(sent, f"{name}_before"))
                ]
                if since or until
            ),
            smallest=_whole(sent, "size_min", LARGEST_ID),
            largest=_whole(sent, "size_max", LARGEST_ID),
        ),
    )


def _some(sent: Mapping[str, str], name: str, kind: type[E]) -> frozenset[E]:
    options = {each.value: each for each in kind}
    texts = [each.strip() for each in sent.get(name, "").split(_BETWEEN_VALUES)]
    return frozenset(option_called(each, name, options) for each in texts if each or len(texts) > 1)


def _whole(sent: Mapping[str, str], name: str, largest: int) -> int | None:
    text = sent.get(name, "")
    if not text:
        return None
    number = whole_number(text, largest=largest)
    if number is None:
        problem = Text("Must be from {least} to {most}.", least=0, most=largest)
        raise InvalidInput(fields={name: [problem]})
    return number


def _moment(sent: Mapping[str, str], name: str) -> datetime | None:
    text = sent.get(name, "")
    if not text:
        return None
    try:
        # An unescaped plus sign is a space.
        moment = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        raise InvalidInput(fields={name: [_BAD_MOMENT]}) from None
    if moment.tzinfo is None:
        if ":" in text:
            raise InvalidInput(fields={name: [_BAD_MOMENT]})
        return moment.replace(tzinfo=UTC)
    return moment
