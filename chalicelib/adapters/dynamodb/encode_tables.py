"""Items of encodes, receipts and uploads in the catalogue table: attributes, nothing else."""

from pynamodb.attributes import (
    BooleanAttribute,
    MapAttribute,
    NumberAttribute,
    NumberSetAttribute,
    UnicodeAttribute,
    UnicodeSetAttribute,
)

from chalicelib.adapters.dynamodb.catalogue_tables import CatalogueRow


class EncodeItem(CatalogueRow):
    """The state machine writes `stage`, too, and `failed_at`: it cannot add six days to a time."""

    source_key = UnicodeAttribute()
    source_etag = UnicodeAttribute()
    source_size = NumberAttribute()
    stage = UnicodeAttribute()
    failed_at = UnicodeAttribute(null=True)
    begun_ms = NumberAttribute(null=True)
    attempt = NumberAttribute()
    asset = UnicodeAttribute(null=True)
    segments_per_chunk = NumberAttribute()
    chunks = NumberSetAttribute(null=True)
    audio_ready: MapAttribute[str, int] = MapAttribute()  # type: ignore[no-untyped-call]
    parts = UnicodeSetAttribute(null=True)
    planned_ms = NumberAttribute(null=True)
    pace = UnicodeAttribute(null=True)
    pace_ms = NumberAttribute(null=True)
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
    upload_id = UnicodeAttribute()
    account_id = NumberAttribute()
    video_id = NumberAttribute()
    key = UnicodeAttribute()
    multipart_id = UnicodeAttribute()
    filename = UnicodeAttribute()
    size = NumberAttribute()
    part_size = NumberAttribute()
    created_ms = NumberAttribute()
    completed_ms = NumberAttribute(null=True)
