"""Items of the viewing table, and nothing else: no rules, no queries."""

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.connection import Connection
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from chalicelib.adapters.dynamodb.attributes import MomentAttribute, Row, bound

# The one hash key of the index.
UNSETTLED = "WATCHED"


class ViewingRow(Row):
    """The attributes of every item of the viewing table."""

    class Meta:
        table_name = "unbound"


class UnsettledIndex(GlobalSecondaryIndex["ProgressItem"]):  # type: ignore[no-untyped-call]
    """Progress with watched seconds that no aggregate contains, by the earliest day.

    Keys only: a report that changes neither of them costs no write to the index.
    """

    class Meta:
        index_name = "unsettled"
        projection = KeysOnlyProjection()

    unsettled = UnicodeAttribute(hash_key=True)
    unsettled_day = UnicodeAttribute(range_key=True)


class ProgressItem(ViewingRow):
    """Besides these, an attribute for the watched seconds of each day and codec.

    Without a position it is a cleared one, which refuses earlier events until it expires.
    """

    by_day = UnsettledIndex()
    position = NumberAttribute(null=True)
    duration = NumberAttribute(null=True)
    at = MomentAttribute(attr_name="at_ms")
    unsettled = UnicodeAttribute(null=True)
    unsettled_day = UnicodeAttribute(null=True)


class ProfilesItem(ViewingRow):
    profiles = JSONAttribute()
    revision = NumberAttribute()


class WatchlistItem(ViewingRow):
    at = MomentAttribute(attr_name="at_ms")


class WatchedItem(ViewingRow):
    seconds = NumberAttribute()


class RemovalNoteItem(ViewingRow):
    noted_at = MomentAttribute(attr_name="noted_ms")


def bind(*, viewing: str) -> Connection:
    return bound(ViewingRow, ProgressItem, viewing)
