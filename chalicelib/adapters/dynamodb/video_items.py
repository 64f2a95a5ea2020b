"""Mapping between videos and items of the catalogue table."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.adapters.dynamodb.attributes import (
    day_of,
    entity_of,
    milliseconds,
    moment,
    stamp,
    stamped,
    values_of,
)
from chalicelib.adapters.dynamodb.catalogue_tables import CatalogueItem, day_key
from chalicelib.catalogue.damage import WHOLE, Decodable
from chalicelib.catalogue.model import (
    BulkChangeId,
    Card,
    CompleteMedia,
    EncodeStatus,
    EncodeSummary,
    Failure,
    Revision,
    Translation,
    Video,
    VideoId,
)
from chalicelib.catalogue.ports import REMOVALS_KEPT_FOR
from chalicelib.catalogue.poster import OwnPoster, PosterId
from chalicelib.language import Language

META = "META"


def video_key(video_id: VideoId) -> str:
    return f"VIDEO#{video_id}"


def to_video(item: CatalogueItem) -> Video:
    return Video(
        id=VideoId(int(item.id)),
        card=_to_card(item),
        created_at=moment(item.created_ms),
        changed_at=stamped(item.changed_at),
        is_published=item.is_published,
        encode=_to_summary(item),
        media=_to_media(item),
        awaits_upload=item.awaits_upload or "",
        trashed_at=item.trashed_at,
        bulk_change=BulkChangeId(int(item.bulk_change)) if item.bulk_change else None,
        poster=_to_poster(item),
    )


def to_item(video: Video) -> CatalogueItem:
    return CatalogueItem(
        video_key(video.id),
        META,
        id=video.id,
        **changed(video.changed_at),
        created_ms=milliseconds(video.created_at),
        is_published=video.is_published,
        conversion_revision=video.encode.revision,
        conversion_sent_at=video.encode.sent_at,
        conversion_source_size=video.encode.source_size,
        awaits_upload=video.awaits_upload or None,
        trashed_at=video.trashed_at,
        bulk_change=video.bulk_change,
        **_poster_values(video.poster),
        **card_values(video.card),
        **summary_values(video.encode),
        **(media_values(video.media) if video.media else {}),
    )


def removal_item(key: str, number: int, now: datetime) -> CatalogueItem:
    """Return the item that stands for a removed video or category until all have read it."""
    return CatalogueItem(
        key,
        META,
        id=number,
        **changed(now),
        removed=True,
        expires_at=now + REMOVALS_KEPT_FOR,
    )


def changed(at: datetime) -> dict[str, Any]:
    """Return the attributes by which an item is in the index, under the day of its change."""
    return {"shelf": day_key(day_of(at)), "changed_at": stamp(at)}


def card_values(card: Card) -> dict[str, Any]:
    translations = {language.value: values_of(each) for language, each in card.translations.items()}
    return {
        **values_of(card),
        "cast": list(card.cast) or None,
        "tags": list(card.tags) or None,
        "original_language": card.original_language or None,
        "translations": translations,
    }


def summary_values(summary: EncodeSummary) -> dict[str, Any]:
    """Return all of a summary that is written more than once; None where it has nothing."""
    failure, decodable, accepted = summary.failure, summary.decodable, summary.accepted
    return {
        "conversion_status": summary.status.value,
        "conversion_percent": summary.percent,
        "is_playable": summary.is_playable,
        "failure_code": failure.code if failure else None,
        "failure_text": failure.text if failure else None,
        "conversion_decodable": decodable.pictures if decodable else None,
        "conversion_sound_decodable": decodable.sound if decodable else None,
        "conversion_refused": summary.was_refused or None,
        "conversion_accepted": accepted.pictures if accepted else None,
        "conversion_accepted_sound": accepted.sound if accepted else None,
    }


def media_values(media: CompleteMedia) -> dict[str, Any]:
    return {
        "shown_revision": media.revision,
        "shown_seconds": media.duration_seconds,
        "shown_heights": list(media.heights),
        "shown_mp4_name": media.mp4_name,
        "shown_mp4_only_heights": list(media.mp4_only_heights),
        "shown_keeps_pictures": media.keeps_pictures,
        "shown_decodable": media.decodable.pictures,
        "shown_sound_decodable": media.decodable.sound,
        "shown_damage_accepted": media.is_damage_accepted,
        "shown_since": media.since,
    }


def _to_card(item: CatalogueItem) -> Card:
    translations = {
        language: Translation(**each)
        for code, each in item.translations.items()
        if (language := Language.named(code))
    }
    return replace(
        entity_of(Card, item),
        cast=tuple(item.cast or ()),
        tags=tuple(item.tags or ()),
        translations=translations,
    )


def _poster_values(poster: OwnPoster) -> dict[str, Any]:
    return {
        "poster_current": poster.current or None,
        "poster_newest": poster.newest or None,
        "poster_pending": poster.is_pending or None,
        "poster_refusal": poster.refusal or None,
    }


def _to_poster(item: CatalogueItem) -> OwnPoster:
    return OwnPoster(
        PosterId(int(item.poster_current or 0)),
        PosterId(int(item.poster_newest or 0)),
        bool(item.poster_pending),
        item.poster_refusal or "",
    )


def _to_summary(item: CatalogueItem) -> EncodeSummary:
    decodable = Decodable.stored(item.conversion_decodable, item.conversion_sound_decodable)
    size: float | None = item.conversion_source_size
    return EncodeSummary(
        revision=Revision(int(item.conversion_revision)),
        status=EncodeStatus(item.conversion_status),
        percent=int(item.conversion_percent),
        is_playable=item.is_playable,
        failure=Failure(item.failure_code, item.failure_text or "") if item.failure_code else None,
        decodable=decodable,
        # In items of earlier versions, only the share implies it.
        was_refused=bool(item.conversion_refused or decodable),
        accepted=Decodable.stored(item.conversion_accepted, item.conversion_accepted_sound),
        sent_at=item.conversion_sent_at,
        source_size=None if size is None else int(size),
    )


def _to_media(item: CatalogueItem) -> CompleteMedia | None:
    if item.shown_revision is None:
        return None
    decodable = Decodable.stored(item.shown_decodable, item.shown_sound_decodable)
    return CompleteMedia(
        revision=Revision(int(item.shown_revision)),
        duration_seconds=float(item.shown_seconds),
        heights=tuple(item.shown_heights),
        mp4_name=item.shown_mp4_name,
        mp4_only_heights=tuple(item.shown_mp4_only_heights or ()),
        keeps_pictures=bool(item.shown_keeps_pictures),
        decodable=decodable or WHOLE,
        is_damage_accepted=bool(item.shown_damage_accepted),
        since=item.shown_since,
    )
