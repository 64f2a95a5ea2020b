"""What a video of a dump is labelled with: people, tags, its language, age rating and dates."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from chalicelib.catalogue.dates import LAST_DATE, problems_of_dates
from chalicelib.catalogue.labels import distinct, is_language
from chalicelib.catalogue.model import LONGEST_NAME, MOST_CAST, NO_AGE_LIMIT, Card, slug_of
from chalicelib.clock import EPOCH
from infra.transfer.fields import Fields, storable
from infra.transfer.json_objects import is_deep

# What separates names in one text.
_SEPARATOR = re.compile(r"[,;\n]")
_REGION = re.compile("[-_]")
_NUMBER = re.compile(r"\d{1,9}", re.ASCII)
_USUAL_AGES = frozenset({0, 6, 7, *range(10, NO_AGE_LIMIT + 1)} - {11})


class Dates(NamedTuple):
    publish_at: datetime | None
    rights_until: datetime | None
    # Viewers must not see a video of which it is unknown when they may.
    are_unknown: bool = False


def name_of(fields: Fields) -> str:
    """Return the name of a person or a tag, in one text or in two."""
    targets = ("name",) if fields.first("name") else ("first_name", "last_name")
    texts = (
        fields.text(each, longest=LONGEST_NAME) for each in targets if each in fields.section.fields
    )
    return " ".join(filter(None, texts))[:LONGEST_NAME]


def names_of(fields: Fields, target: str, known: Mapping[str, str], *, most: int) -> Sequence[str]:
    """Return the names of people or tags, which a video holds or refers to."""
    names = [_named(each, known) for each in _listed(fields.first(target))]
    if None in names:
        fields.problem(f"Some of their {target} are not in the dump, and are left out")
    filled = [each for each in names if each and slug_of(each)]
    if any(len(each) > LONGEST_NAME for each in filled):
        fields.problem(f"Names of {target} have more than {LONGEST_NAME} characters, and are cut")
    chosen = distinct(each[:LONGEST_NAME] for each in filled)
    if len(chosen) > most:
        fields.problem(f"Of more than {most} {target}, the first ones count")
    return chosen[:most]


def director_of(fields: Fields, known: Mapping[str, str]) -> str:
    """Return the text of a dump, or the names of those to whom it refers."""
    value = fields.first("director")
    if isinstance(value, str) and not _written_list(value) and json.dumps(value) not in known:
        return fields.text("director", longest=LONGEST_NAME)
    names = names_of(fields, "director", known, most=MOST_CAST)
    return ", ".join(names)[:LONGEST_NAME]


def language_of(fields: Fields) -> str:
    """Return the code of the original language, without a region."""
    text = fields.text("original_language", longest=LONGEST_NAME)
    code = _REGION.split(text.strip().lower())[0]
    if not text or is_language(code):
        return code
    fields.problem("original_language is no code of a language, and is left out")
    return ""


def rating_of(fields: Fields) -> int | None:
    """Return the age of a rating such as 12, "FSK 12" or "PG-13"; without one it is for adults."""
    text = fields.text("age_rating", longest=LONGEST_NAME)
    numbers = [int(each) for each in _NUMBER.findall(text)]
    is_age = len(numbers) == 1 and numbers[0] <= NO_AGE_LIMIT and text[0] != "-"
    # Any other number alone may be the key of a rating.
    if is_age and (numbers[0] in _USUAL_AGES or not _NUMBER.fullmatch(text.strip())):
        return numbers[0]
    if text:
        fields.problem("age_rating is no age, and is left out: they are for adults")
    return None


def dates_of(fields: Fields) -> Dates:
    """Return when viewers see a video; it is a draft if what the dump says of it has no meaning."""
    publish_at, rights_until = fields.moment("publish_at"), fields.moment("rights_until")
    dates = Dates(
        publish_at if publish_at and publish_at > EPOCH else None,
        rights_until if rights_until and rights_until < LAST_DATE else None,
    )
    are_read = all(
        date or fields.first(target) is None
        for target, date in (("publish_at", publish_at), ("rights_until", rights_until))
    )
    card = Card("", publish_at=dates.publish_at, rights_until=dates.rights_until)
    if are_read and not problems_of_dates(card):
        return dates
    fields.problem("Their dates cannot be kept: they are drafts without dates")
    return Dates(None, None, are_unknown=True)


def _named(each: Any, known: Mapping[str, str]) -> str | None:
    """Return a name; None for a reference to what the dump does not have."""
    if name := known.get(json.dumps(each)):
        return name
    match each:
        case str():
            return each
        case [str(name)] | {"name": str(name)}:
            return name
        case _:
            return None


def _listed(value: Any) -> Sequence[Any]:
    if isinstance(value, str):
        return _written_list(value) or _SEPARATOR.split(value)
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def _written_list(text: str) -> Sequence[Any]:
    """Return the list that a text is, as Django writes fields of arrays; else none."""
    if not text.startswith("["):
        return ()
    try:
        value = storable(json.loads(text))
    except (ValueError, RecursionError):
        return ()
    return value if isinstance(value, list) and not is_deep(value) else ()
