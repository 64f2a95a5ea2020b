"""Items of bulk changes in the catalogue table, and nothing else."""

from pynamodb.attributes import (
    BooleanAttribute,
    JSONAttribute,
    NumberAttribute,
    NumberSetAttribute,
    UnicodeAttribute,
)

from chalicelib.adapters.dynamodb.attributes import ChoiceAttribute, MomentAttribute
from chalicelib.adapters.dynamodb.catalogue_tables import CatalogueRow
from chalicelib.bulk.model import BulkChangeState


class BulkChangeItem(CatalogueRow):
    """A bulk change: what began and how it ended, and beside it the tally, which counts up."""

    id = NumberAttribute(attr_name="bulk_change_id")
    account_id = NumberAttribute(null=True)
    created_at = MomentAttribute(attr_name="created_ms", null=True)
    change = UnicodeAttribute(null=True)
    videos = NumberAttribute(null=True)
    videos_per_slice = NumberAttribute(null=True)
    state = ChoiceAttribute(BulkChangeState, null=True)
    ended_at = MomentAttribute(attr_name="ended_ms", null=True)

    # Of the tally.
    changed = NumberAttribute(null=True)
    unchanged = NumberAttribute(null=True)
    failed = NumberAttribute(null=True)
    moved_at = MomentAttribute(attr_name="moved_ms", null=True)


class RunningBulkChangesItem(CatalogueRow):
    ids = NumberSetAttribute(null=True)


class SelectedVideosItem(CatalogueRow):
    """Some of the videos of a bulk change, in their order."""

    ids = JSONAttribute()


class SliceItem(CatalogueRow):
    taken_at = MomentAttribute(attr_name="taken_ms")
    is_done = BooleanAttribute(attr_name="done", null=True)
    failures = JSONAttribute(null=True)
