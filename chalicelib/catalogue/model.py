"""Videos, their categories, and the state of their media."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import NewType, Self

from chalicelib.catalogue.damage import WHOLE, Decodable
from chalicelib.catalogue.names import folded, joined_by_hyphens
from chalicelib.catalogue.poster import NO_POSTER, OwnPoster
from chalicelib.errors import Conflict, InvalidInput, NotFound
from chalicelib.language import Language

VideoId = NewType("VideoId", int)
CategoryId = NewType("CategoryId", int)
BulkChangeId = NewType("BulkChangeId", int)
# One complete set of media of a video; a new source of the same video makes a new revision.
Revision = NewType("Revision", int)

NOTHING_YET = Revision(0)
_FIRST = Revision(1)

LONGEST_TITLE = 200
LONGEST_NAME = 100  # of a category, a person or a tag
LONGEST_DESCRIPTION = 5000
LONGEST_URL = 500
DATES = ("publish_at", "rights_until")  # fields of a card
MOST_CAST = 50
MOST_TAGS = 30
NO_AGE_LIMIT = 18  # the highest age rating, and the limit of viewers who may see everything

# A key of the table holds 2048 bytes, and some characters unfold into eighteen.
LONGEST_SLUG = 400


class VideoNotFound(NotFound):
    """There is none, or it is a draft: one sentence for both, which tells callers nothing."""

    code = "video_not_found"
    sentence = "There is no such video."


class VideoTaken(Conflict):
    """The id is in use; the generator of ids tries the next one."""

    code = "video_taken"


class StaleEncode(Conflict):
    """The video is gone, or another revision has begun, or this one is complete."""

    code = "stale_conversion"


class NewerSource(Conflict):
    """The upload of another source began later, and that one is encoded already."""

    code = "newer_source"
    sentence = "A newer source of this video has arrived already."


class CategoryNotFound(NotFound):
    code = "category_not_found"
    sentence = "There is no such category."


class CategoryTaken(Conflict):
    code = "category_taken"
    sentence = "There is a category of this name already."


class StaleVideo(Conflict):
    code = "stale_video"
    sentence = "This video was changed meanwhile. Please try again."


class StaleCategory(Conflict):
    code = "stale_category"
    sentence = "This category was changed meanwhile. Please try again."


class BadTitle(InvalidInput):
    code = "bad_title"


class EncodeStatus(StrEnum):
    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an encode failed: a word for programs and a sentence for people."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class EncodeSummary:
    """The newest encode of a video, as the catalogue knows it."""

    revision: Revision = NOTHING_YET
    status: EncodeStatus = EncodeStatus.PENDING
    percent: int = 0
    # Its first seconds can be played before it is complete.
    is_playable: bool = False
    failure: Failure | None = None
    # How much of the source could be decoded, where this alone was too little.
    decodable: Decodable | None = None
    # An attempt at this revision was complete and refused: only administrators play it.
    was_refused: bool = False
    # The damage that an administrator accepted, until the revision is published.
    accepted: Decodable | None = None
    # Both are written as the encode begins, and None if they are unknown: when the upload of its
    # source began, and how many bytes the source has.
    sent_at: datetime | None = None
    source_size: int | None = None


@dataclass(frozen=True, slots=True)
class CompleteMedia:
    """The revision that viewers get, with the facts that lists need of its asset."""

    revision: Revision
    duration_seconds: float
    heights: tuple[int, ...]
    # Prefix of the names of the MP4 files; "" if there are none.
    mp4_name: str = ""
    # Heights of MP4 files beside those of `heights`; no playlist has them.
    mp4_only_heights: tuple[int, ...] = ()
    # Its pictures are below `media/`; those of earlier versions are public, until unpublished.
    keeps_pictures: bool = False
    # How much of the source could be decoded.
    decodable: Decodable = WHOLE
    # An administrator accepted that damage; otherwise it was within the limit.
    is_damage_accepted: bool = False
    # When viewers began to get it instead of an earlier one; None if that is unknown.
    since: datetime | None = None

    @property
    def has_replaced(self) -> bool:
        """Whether it has replaced other media, at a known time; True also if those had failed."""
        return self.since is not None and self.revision > _FIRST


@dataclass(frozen=True, slots=True)
class Translation:
    title: str
    description: str


@dataclass(frozen=True, slots=True)
class Card:
    """The texts about a video, written by administrators."""

    title: str
    description: str = ""
    category: str = ""
    is_trailer: bool = False
    director: str = ""
    cast: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    # The primary subtag of BCP 47, such as "de".
    original_language: str = ""
    genre: str = ""
    release: str = ""
    license_type: str = ""
    license_url: str = ""
    # The age from which a video may be watched, if it was rated.
    age_rating: int | None = None
    # Viewers see the video from the first moment on, and until the second one.
    publish_at: datetime | None = None
    rights_until: datetime | None = None
    # Another video, which may be gone or not be published.
    trailer: VideoId | None = None
    translations: Mapping[Language, Translation] = field(default_factory=dict)

    @property
    def lowest_age(self) -> int:
        """The age from which the video may be watched; unrated, it is for adults."""
        return NO_AGE_LIMIT if self.age_rating is None else self.age_rating

    def is_within(self, age_limit: int) -> bool:
        return self.lowest_age <= age_limit

    def is_open_at(self, moment: datetime) -> bool:
        """Return whether its dates let viewers see the video."""
        has_begun = self.publish_at is None or self.publish_at <= moment
        return has_begun and (self.rights_until is None or moment < self.rights_until)


@dataclass(frozen=True, slots=True)
class Video:
    id: VideoId
    card: Card
    created_at: datetime
    changed_at: datetime
    is_published: bool = False
    encode: EncodeSummary = EncodeSummary()
    media: CompleteMedia | None = None
    # The id of the upload for which a draft was made, until the draft is used otherwise.
    awaits_upload: str = ""
    # Since when it is in the trash, if it is.
    trashed_at: datetime | None = None
    # The last bulk change that wrote the card; lists do not know it.
    bulk_change: BulkChangeId | None = None
    poster: OwnPoster = NO_POSTER

    @property
    def is_in_trash(self) -> bool:
        return self.trashed_at is not None

    def is_public_at(self, moment: datetime) -> bool:
        return self.is_published and not self.is_in_trash and self.card.is_open_at(moment)

    @property
    def is_complete(self) -> bool:
        """Whether there are complete media, of this or an earlier revision."""
        return self.media is not None

    @property
    def playable_revision(self) -> Revision | None:
        """The revision that plays now: a complete one, or the beginning of one in its encode."""
        if self.media:
            return self.media.revision
        summary = self.encode
        # Also while a retry waits: finished segments stay playable.
        is_going_on = summary.status in (EncodeStatus.PENDING, EncodeStatus.PROCESSING)
        return summary.revision if is_going_on and summary.is_playable else None

    @property
    def is_being_replaced(self) -> bool:
        """Whether a newer source was sent than the one that viewers get, also if it has failed."""
        return self.media is not None and self.encode.revision > self.media.revision

    @property
    def is_playable(self) -> bool:
        return self.playable_revision is not None

    @property
    def refused_revision(self) -> Revision | None:
        """The newest revision, if it is complete and was refused only for its damage."""
        summary = self.encode
        is_refused = summary.status is EncodeStatus.FAILED and summary.decodable is not None
        return summary.revision if is_refused else None

    @property
    def withheld_revision(self) -> Revision | None:
        """The newest revision, if it was refused and is not published: for administrators only."""
        summary = self.encode
        is_published = summary.status is EncodeStatus.COMPLETED
        return summary.revision if summary.was_refused and not is_published else None


@dataclass(frozen=True, slots=True)
class Category:
    """Id and slug never change, so links stay valid; videos refer to it by any of its names."""

    id: CategoryId
    name: str
    slug: str
    changed_at: datetime
    # Slugs of its other and earlier names, for videos that refer to it by them.
    other_slugs: tuple[str, ...] = ()
    # Lists begin with the smallest one, and end with categories that have none, by name.
    position: int | None = None
    is_removed: bool = False  # a name that videos keep; such a category has one slug
    # Its slugs are among the other ones, so that each leads to it as the name does.
    translations: Mapping[Language, str] = field(default_factory=dict)

    @property
    def slugs(self) -> tuple[str, ...]:
        return (self.slug, *self.other_slugs)

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.translations.values())

    def name_in(self, language: Language) -> str:
        return self.translations.get(language, self.name)

    def renamed(
        self, name: str, translations: Mapping[Language, str] | None = None, *, keeping: str = ""
    ) -> Self:
        """Return it with other names; `keeping` is a slug that led to it without being stored."""
        by_language = self.translations if translations is None else translations
        renamed = replace(self, name=name, translations=dict(sorted(by_language.items())))
        slugs = dict.fromkeys((*self.slugs, keeping, *map(slug_of, renamed.names)))
        others = tuple(slug for slug in slugs if slug and slug != self.slug)
        return replace(renamed, other_slugs=others)


def slug_of(name: str) -> str:
    """Return one spelling for all names that look alike; empty if nothing is left."""
    # Normalization takes quadratic time for long runs of combining characters.
    return joined_by_hyphens(folded(name[:LONGEST_NAME]))[:LONGEST_SLUG]
