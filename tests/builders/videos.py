"""Videos and categories that many tests are about."""

from dataclasses import replace
from datetime import datetime
from itertools import count
from typing import Any

from chalicelib.catalogue.category_names import category_id_of
from chalicelib.catalogue.model import (
    Card,
    Category,
    CompleteMedia,
    EncodeStatus,
    EncodeSummary,
    Revision,
    Video,
    VideoId,
    slug_of,
)
from chalicelib.clock import id_at

_entropy = count()


def a_video(at: datetime, title: str = "Metropolis", **changes: Any) -> Video:
    """A draft made at this moment, younger than all made before it."""
    video = Video(
        # Also more of them than a millisecond has random bits for.
        id=VideoId(id_at(at, entropy=0) + next(_entropy)),
        card=Card(title, category="Drama"),
        created_at=at,
        changed_at=at,
    )
    return replace(video, **changes)


def complete_media(revision: int = 1, **changes: Any) -> CompleteMedia:
    return replace(CompleteMedia(Revision(revision), 98.5, (720, 360)), **changes)


def a_published_video(at: datetime, title: str = "Metropolis", **changes: Any) -> Video:
    """A video that every viewer can watch."""
    done = EncodeSummary(Revision(1), EncodeStatus.COMPLETED, 100, is_playable=True)
    video = replace(a_video(at, title), is_published=True, encode=done, media=complete_media())
    return replace(video, **changes)


def a_category(at: datetime, name: str = "Drama") -> Category:
    slug = slug_of(name)
    return Category(category_id_of(slug), name, slug, changed_at=at)
