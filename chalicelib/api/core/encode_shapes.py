"""The JSON of what administrators see of an encode: its failure, its damage, what it replaces."""

from enum import StrEnum
from typing import Annotated, TypedDict

from chalicelib.api.translation import translated
from chalicelib.catalogue.damage import Decodable
from chalicelib.catalogue.model import EncodeStatus, Revision, Video
from chalicelib.encoding.failures import Reason
from chalicelib.language import Language

# Damage of fewer than one in a thousand pictures is not reported.
_NOTABLE_DAMAGE = 0.001


class FailureShape(TypedDict):
    code: Annotated[str, Reason]
    text: str


class DamageStatus(StrEnum):
    # Not published until an administrator accepts it.
    REFUSED = "refused"
    ACCEPTED = "accepted"
    # Below the limit, published without a decision.
    TOLERATED = "tolerated"


class DamageShape(TypedDict):
    """The shares of the source's pictures and of its main sound that could not be decoded."""

    revision: int
    percent: float
    sound_percent: float
    status: Annotated[str, DamageStatus]


class ReplacementShape(TypedDict):
    """A newer source than that of the media which viewers get; null once these are made of it."""

    revision: int
    # When its upload began, if that is known.
    sent_at: str | None
    status: Annotated[str, EncodeStatus]
    progress: int
    # `cancelled`, or why it has failed; a retry or a newer source ends it.
    failure: FailureShape | None
    # What waits for a decision, or is accepted and checked again.
    damage: DamageShape | None


def failure_of(video: Video, language: Language) -> FailureShape | None:
    failure = video.encode.failure
    return {"code": failure.code, "text": translated(failure.text, language)} if failure else None


def damage_of(video: Video) -> DamageShape | None:
    """Return what was refused or accepted of the newest revision, else what was published."""
    if (decided := _decided_damage(video)) or video.media is None:
        return decided
    media, decodable = video.media, video.media.decodable
    if 1 - min(decodable.pictures, decodable.sound) < _NOTABLE_DAMAGE:
        return None
    status = DamageStatus.ACCEPTED if media.is_damage_accepted else DamageStatus.TOLERATED
    return _damage(media.revision, decodable, status)


def replacement_of(video: Video, language: Language) -> ReplacementShape | None:
    if not video.is_being_replaced:
        return None
    summary = video.encode
    return {
        "revision": summary.revision,
        "sent_at": summary.sent_at.isoformat() if summary.sent_at else None,
        "status": summary.status,
        "progress": summary.percent,
        "failure": failure_of(video, language),
        "damage": _decided_damage(video),
    }


def _decided_damage(video: Video) -> DamageShape | None:
    summary = video.encode
    if video.refused_revision is not None and summary.decodable is not None:
        return _damage(summary.revision, summary.decodable, DamageStatus.REFUSED)
    if summary.accepted is not None:
        return _damage(summary.revision, summary.accepted, DamageStatus.ACCEPTED)
    return None


def _damage(revision: Revision, decodable: Decodable, status: DamageStatus) -> DamageShape:
    damage = decodable.damage
    return {
        "revision": revision,
        "percent": damage.pictures,
        "sound_percent": damage.sound,
        "status": status,
    }
