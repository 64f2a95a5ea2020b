"""The condition of a write that a video is as its writer has read it."""

from functools import reduce
from operator import and_

from pynamodb.connection import Connection
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path, Value

from chalicelib.adapters.dynamodb.catalogue_tables import CatalogueItem
from chalicelib.adapters.dynamodb.video_items import META, card_values, to_video, video_key
from chalicelib.catalogue.model import StaleVideo, Video, VideoNotFound


def is_as(connection: Connection, known: Video) -> Condition:
    """Return the condition; raise `StaleVideo` if card or publication differ, `VideoNotFound`.

    It compares values as they are stored: this version may write the same ones otherwise.
    """
    table, key = CatalogueItem.Meta.table_name, video_key(known.id)
    stored = connection.get_item(table, key, META, consistent_read=True).get("Item", {})
    if not stored or CatalogueItem.removed.attr_name in stored:
        raise VideoNotFound
    video = to_video(CatalogueItem.from_raw_data(stored))
    if (video.card, video.is_published) != (known.card, known.is_published):
        raise StaleVideo
    names = (*card_values(known.card), "is_published")
    attributes = [getattr(CatalogueItem, name).attr_name for name in names]
    conditions = (
        Path([each]) == Value(stored[each]) if each in stored else Path([each]).does_not_exist()
        for each in attributes
    )
    is_there: Condition = CatalogueItem.pk.exists() & CatalogueItem.removed.does_not_exist()
    condition: Condition = reduce(and_, conditions, is_there)
    return condition
