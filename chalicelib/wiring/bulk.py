"""Wiring of the bulk feature."""

from functools import cache
from typing import TYPE_CHECKING

from chalicelib.adapters.slice_queue import SqsSliceQueue
from chalicelib.bulk.bulk_changes import BulkChanges
from chalicelib.bulk.ports import BulkChangeStore
from chalicelib.wiring import catalogue, stage

# What only events need is imported by those.
if TYPE_CHECKING:
    from chalicelib.bulk.clean_up import BulkCleanUp
    from chalicelib.bulk.slices import Slices


@cache
def bulk_changes() -> BulkChanges:
    return BulkChanges(_store(), _queue(), catalogue.categories(), stage.clock())


@cache
def slices() -> "Slices":
    from chalicelib.adapters.system_pause import SystemPause
    from chalicelib.bulk.slices import Slices

    return Slices(
        store=_store(),
        queue=_queue(),
        curation=catalogue.curation(),
        trash=catalogue.trash(),
        pause=SystemPause(),
        clock=stage.clock(),
    )


@cache
def clean_up() -> "BulkCleanUp":
    from chalicelib.bulk.clean_up import BulkCleanUp

    return BulkCleanUp(_store(), slices(), stage.clock())


@cache
def _store() -> BulkChangeStore:
    from chalicelib.adapters.dynamodb.bulk_change_store import DynamoBulkChangeStore

    return DynamoBulkChangeStore(stage.catalogue_table(), stage.clock())


@cache
def _queue() -> SqsSliceQueue:
    return SqsSliceQueue(stage.lazy("sqs"), stage.settings().changes_queue_url)
