"""Attempts counted in DynamoDB: one item per caller and window, one call per attempt."""

import functools
import operator
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pynamodb.connection import Connection
from pynamodb.expressions.operand import Path

from chalicelib.accounts.throttling import Count, Limit, TimeWindow, counters_of
from chalicelib.adapters.dynamodb.account_tables import AccountsRow, AttemptsItem
from chalicelib.adapters.dynamodb.transactions import refused_as
from chalicelib.clock import Clock


@dataclass(frozen=True, slots=True)
class DynamoThrottle:
    connection: Connection
    clock: Clock

    def hit(self, limit: Limit, caller: str, *, subject: str = "") -> None:
        window = TimeWindow.at(self.clock.now(), limit)
        counters = counters_of(limit, caller, subject)
        with refused_as(window.too_many()):
            answer = self.connection.update_item(
                AccountsRow.Meta.table_name,
                f"THROTTLE#{limit.name}#{counters.name}",
                str(window.begins),
                actions=[
                    *(Path(each.name).add(1) for each in counters.counts),
                    AttemptsItem.expires_at.set(window.ends_at),
                ],
                condition=_none_is_full(counters.counts),
                return_values="UPDATED_NEW",
            )
        counted = answer["Attributes"]
        if any(int(counted[each.name]["N"]) > each.most for each in counters.counts):
            raise window.too_many()


def _none_is_full(counts: Sequence[Count]) -> Any:
    conditions = [
        Path(each.name).does_not_exist() | (each.most > Path(each.name))
        for each in counts
        if each.shuts
    ]
    return functools.reduce(operator.and_, conditions)
