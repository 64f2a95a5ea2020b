"""Items of the catalogue table, and nothing else: no rules, no queries."""

from datetime import date

from pynamodb.attributes import (
    BooleanAttribute,
    JSONAttribute,
    MapAttribute,
    NumberAttribute,
    NumberSetAttribute,
    UnicodeAttribute,
    UnicodeSetAttribute,
)
from pynamodb.connection import Connection
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex

from chalicelib.adapters.dynamodb.attributes import MomentAttribute, Row, TextsAttribute, bound

# Versions before the days of the index wrote all changes under this hash key.
EARLIER_KEY = "CATALOGUE"


def day_key(day: date) -> str:
    """Return the hash key of the changes of a day; the state machine writes it, too."""
    return f"{EARLIER_KEY}#{day.isoformat()}"


class CatalogueRow(Row):
    """The attributes of every item of the catalogue table."""

    class Meta:
        table_name = "unbound"


class ChangesIndex(GlobalSecondaryIndex["CatalogueItem"]):  # type: ignore[no-untyped-call]
    """Every video and category, by the day and the time of its last change."""

    class Meta:
        index_name = "shelf"
        projection = AllProjection()

    shelf = UnicodeAttribute(hash_key=True)
    changed_at = UnicodeAttribute(range_key=True)


class CatalogueItem(CatalogueRow):
    """A video, a category, or the removal of one."""

    by_change = ChangesIndex()
    shelf = UnicodeAttribute()
    # Text that sorts, because the state machine writes it too.
    changed_at = UnicodeAttribute()
    id = NumberAttribute()
    removed = BooleanAttribute(null=True)

    # Of a category.
    name = UnicodeAttribute(null=True)
    slug = UnicodeAttribute(null=True)
    other_slugs = TextsAttribute(null=True)
    position = NumberAttribute(null=True)
    # Of a reserved name: the id of the category that has or had it.
    leads_to = NumberAttribute(null=True)

    # By language: of a category its names, of a video its title and description.
    translations = TextsAttribute(null=True)

    # Of a video: its card.
    title = UnicodeAttribute(null=True)
    description = UnicodeAttribute(null=True)
    category = UnicodeAttribute(null=True)
    is_trailer = BooleanAttribute(null=True)
    director = UnicodeAttribute(null=True)
    cast = TextsAttribute(null=True)
    tags = TextsAttribute(null=True)
    original_language = UnicodeAttribute(null=True)
    genre = UnicodeAttribute(null=True)
    release = UnicodeAttribute(null=True)
    license_type = UnicodeAttribute(null=True)
    license_url = UnicodeAttribute(null=True)
    age_rating = NumberAttribute(null=True)
    publish_at = MomentAttribute(attr_name="publish_ms", null=True)
    trailer = NumberAttribute(null=True)
    rights_until = MomentAttribute(attr_name="rights_until_ms", null=True)
    is_published = BooleanAttribute(null=True)
    created_ms = NumberAttribute(null=True)
    awaits_upload = UnicodeAttribute(null=True)
    trashed_at = MomentAttribute(attr_name="trashed_ms", null=True)
    # The last bulk change that wrote the card.
    bulk_change = NumberAttribute(null=True)
    # Its own poster; administrators and the transcoder write it.
    poster_current = NumberAttribute(null=True)
    poster_newest = NumberAttribute(null=True)
    poster_pending = BooleanAttribute(null=True)
    poster_refusal = UnicodeAttribute(null=True)

    # The summary of its newest encode; the state machine writes these names as well.
    conversion_status = UnicodeAttribute(null=True)
    conversion_revision = NumberAttribute(null=True)
    conversion_percent = NumberAttribute(null=True)
    is_playable = BooleanAttribute(null=True)
    failure_code = UnicodeAttribute(null=True)
    failure_text = UnicodeAttribute(null=True)
    conversion_decodable = NumberAttribute(null=True)
    conversion_sound_decodable = NumberAttribute(null=True)
    conversion_refused = BooleanAttribute(null=True)
    conversion_accepted = NumberAttribute(null=True)
    conversion_accepted_sound = NumberAttribute(null=True)
    conversion_source_size = NumberAttribute(null=True)
    conversion_sent_at = MomentAttribute(attr_name="conversion_sent_ms", null=True)

    # The complete media that viewers get.
    shown_revision = NumberAttribute(null=True)
    shown_seconds = NumberAttribute(null=True)
    shown_heights = JSONAttribute(null=True)
    shown_mp4_name = UnicodeAttribute(null=True)
    shown_mp4_only_heights = JSONAttribute(null=True)
    shown_keeps_pictures = BooleanAttribute(null=True)
    shown_decodable = NumberAttribute(null=True)
    shown_sound_decodable = NumberAttribute(null=True)
    shown_damage_accepted = BooleanAttribute(null=True)
    shown_since = MomentAttribute(attr_name="shown_since_ms", null=True)


class EncodeItem(CatalogueRow):
    """The state machine writes `stage`, too, and `failed_at`: it cannot add days to a time."""

    source_key = UnicodeAttribute()
    source_etag = UnicodeAttribute()
    source_size = NumberAttribute()
    step = UnicodeAttribute(attr_name="stage")
    failed_at = UnicodeAttribute(null=True)
    begun_ms = NumberAttribute(null=True)
    attempt = NumberAttribute()
    asset = UnicodeAttribute(null=True)
    segments_per_chunk = NumberAttribute()
    chunks = NumberSetAttribute(null=True)
    audio_ready: MapAttribute[str, int] = MapAttribute()  # type: ignore[no-untyped-call]
    finished_tasks = UnicodeSetAttribute(attr_name="parts", null=True)
    planned_ms = NumberAttribute(null=True)
    # Earlier versions store a pace of another form as `pace`.
    pace = UnicodeAttribute(attr_name="worker_pace", null=True)
    pace_ms = NumberAttribute(attr_name="worker_pace_ms", null=True)
    taken = UnicodeSetAttribute(null=True)
    idle_ms = NumberAttribute(null=True)
    decodable = NumberAttribute(null=True)
    sound_decodable = NumberAttribute(null=True)
    accepted = NumberAttribute(null=True)
    accepted_sound = NumberAttribute(null=True)
    was_refused = BooleanAttribute(null=True)


class ReceiptItem(CatalogueRow):
    video_id = NumberAttribute()
    taken_ms = NumberAttribute()
    revision = NumberAttribute(null=True)


class UploadItem(CatalogueRow):
    id = UnicodeAttribute(attr_name="upload_id")
    account_id = NumberAttribute()
    video_id = NumberAttribute()
    key = UnicodeAttribute()
    multipart_id = UnicodeAttribute()
    filename = UnicodeAttribute()
    size = NumberAttribute()
    part_size = NumberAttribute()
    created_at = MomentAttribute(attr_name="created_ms")
    completed_at = MomentAttribute(attr_name="completed_ms", null=True)


def bind(*, catalogue: str) -> Connection:
    return bound(CatalogueRow, CatalogueItem, catalogue)
