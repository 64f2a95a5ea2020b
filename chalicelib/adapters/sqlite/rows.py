"""Mapping between videos and rows of a copy of the catalogue."""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields
from datetime import datetime
from typing import Any

from chalicelib.catalogue.audience import Audience
from chalicelib.catalogue.model import (
    DATES,
    Card,
    Category,
    CompleteMedia,
    EncodeStatus,
    EncodeSummary,
    Translation,
    Video,
    VideoId,
)
from chalicelib.catalogue.names import folded
from chalicelib.catalogue.poster import NO_POSTER, OwnPoster
from chalicelib.catalogue.studio import (
    MissingFact,
    Order,
    VideoState,
    microseconds,
    missing_facts,
    sort_key,
)
from chalicelib.clock import EPOCH, MICROSECOND
from chalicelib.language import Language
from chalicelib.stored import from_plain, to_plain
from chalicelib.telemetry import count, log

# Who sees a published video: everyone, or those who also want it during its encode.
IN_TRASH, UNSEEN, FOR_EARLY_VIEWERS, FOR_VIEWERS = range(-1, 3)
# The columns by which lists are sorted.
SORTED: Mapping[Order, str] = {
    Order.CREATED: "created",
    Order.CHANGED: "changed",
    Order.TITLE: "heading",
    Order.PUBLISH_AT: "opens_at",
    Order.RIGHTS_UNTIL: "closes_at",
    Order.DURATION: "duration",
    Order.SIZE: "size",
}
_BITS: Mapping[MissingFact, int] = {fact: 1 << number for number, fact in enumerate(MissingFact)}
# Of SQLite.
_LARGEST_INTEGER = 2**63 - 1
# What viewers see of a complete video.
_SEEN = ("created", "card", "media", "own_poster")


def row_of(video: Video) -> Mapping[str, Any] | None:
    """Return the row of a video; None if no row can hold it.

    One such video must not keep all others from being listed.
    """
    try:
        row = to_row(video)
        _require_storable(row)
    except (OverflowError, UnicodeError):
        log.exception("video of the catalogue not listed", extra={"video": video.id})
        count("CatalogueItemSkipped")
        return None
    return row


def _require_storable(row: Mapping[str, Any]) -> None:
    for value in row.values():
        if isinstance(value, str):
            value.encode()
        elif isinstance(value, int) and abs(value) > _LARGEST_INTEGER:
            raise OverflowError(f"{value} is no integer of SQLite")


def to_row(video: Video) -> Mapping[str, Any]:
    card = video.card
    return {
        "id": video.id,
        **{column: sort_key(video, order) for order, column in SORTED.items()},
        "stage": _stage(video),
        "state": VideoState.of(video).value,
        "gaps": bits_of(missing_facts(video)),
        "filed": card.category,
        "rating": card.lowest_age,
        "is_rated": card.age_rating is not None,
        "language": card.original_language,
        "is_trailer": card.is_trailer,
        "is_under_way": _is_under_way(video.encode) or video.poster.is_pending,
        "texts": searchable(card),
        "is_published": video.is_published,
        "awaits_upload": video.awaits_upload,
        "card": _json(_plain_card(card)),
        "encode": _json(_without_defaults(video.encode)),
        "media": _json(_without_defaults(video.media)) if video.media else None,
        "trashed": microseconds(video.trashed_at) if video.trashed_at else None,
        "own_poster": video.poster.current,
        "poster": _json(_without_defaults(video.poster)) if video.poster != NO_POSTER else None,
    }


def to_video(row: Mapping[str, Any]) -> Video:
    media, trashed = row["media"], row["trashed"]
    return Video(
        id=VideoId(row["id"]),
        card=_card(json.loads(row["card"])),
        created_at=moment(row["created"]),
        changed_at=moment(row["changed"]),
        is_published=bool(row["is_published"]),
        encode=from_plain(EncodeSummary, json.loads(row["encode"])),
        media=from_plain(CompleteMedia, json.loads(media)) if media else None,
        awaits_upload=row["awaits_upload"],
        trashed_at=None if trashed is None else moment(trashed),
        poster=from_plain(OwnPoster, json.loads(row["poster"] or "{}")),
    )


def is_seen(known: sqlite3.Row | None, row: Mapping[str, Any] | None) -> bool:
    """Return whether a change differs for viewers, who see nothing of an encode that replaces."""
    stages = [max(each["stage"], UNSEEN) for each in (known, row) if each]
    if not any(stages):
        return False
    if FOR_EARLY_VIEWERS in stages or len(set(stages)) > 1 or not (known and row):
        return True
    return any(known[name] != row[name] for name in _SEEN)


def to_category_text(category: Category) -> str:
    return _json({**to_plain(category), "changed_at": microseconds(category.changed_at)})


def to_category(text: str) -> Category:
    plain = json.loads(text)
    return Category(
        **{
            **plain,
            "changed_at": moment(plain["changed_at"]),
            "other_slugs": tuple(plain["other_slugs"]),
            "translations": {Language(code): name for code, name in plain["translations"].items()},
        }
    )


def moment(microseconds: int) -> datetime:
    return EPOCH + microseconds * MICROSECOND


def bits_of(facts: Iterable[MissingFact]) -> int:
    return sum(_BITS[each] for each in facts)


def searchable(card: Card) -> str:
    """Return title and description in every language, in the spelling for comparison."""
    texts = [card.title, card.description]
    for translation in card.translations.values():
        texts += [translation.title, translation.description]
    return folded("\n".join(texts))


def _stage(video: Video) -> int:
    if video.is_in_trash:
        return IN_TRASH
    if Audience.VIEWERS.gets(video):
        return FOR_VIEWERS
    return FOR_EARLY_VIEWERS if Audience.EARLY_VIEWERS.gets(video) else UNSEEN


def _is_under_way(encode: EncodeSummary) -> bool:
    return encode.revision > 0 and encode.status in (EncodeStatus.PENDING, EncodeStatus.PROCESSING)


def _plain_card(card: Card) -> Mapping[str, Any]:
    plain = dict(_without_defaults(card))
    if card.translations:
        plain["translations"] = {
            language.value: to_plain(each) for language, each in card.translations.items()
        }
    dates = {name: date for name in DATES if (date := getattr(card, name))}
    return plain | {name: microseconds(date) for name, date in dates.items()}


def _without_defaults(entity: Any) -> Mapping[str, Any]:
    """Return the fields that differ from their defaults, and no mappings."""
    return {
        each.name: to_plain(value)
        for each in fields(entity)
        if each.default_factory is MISSING and (value := getattr(entity, each.name)) != each.default
    }


def _card(plain: dict[str, Any]) -> Card:
    translations = plain.pop("translations", {})
    for name in ("cast", "tags"):
        plain[name] = tuple(plain.get(name, ()))
    for name in DATES:
        plain[name] = moment(plain[name]) if name in plain else None
    return Card(
        **plain,
        translations={Language(code): Translation(**each) for code, each in translations.items()},
    )


def _json(plain: Any) -> str:
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
