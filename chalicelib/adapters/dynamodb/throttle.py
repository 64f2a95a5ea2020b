"""Attempts counted in DynamoDB: one item per party and window, one call per attempt."""

import hashlib
from dataclasses import dataclass

from pynamodb.connection import Connection
from pynamodb.exceptions import UpdateError
from pynamodb.expressions.operand import Path

from chalicelib.accounts.throttling import Limit, Window
from chalicelib.adapters.dynamodb.tables import AccountsRow, AttemptsItem
from chalicelib.clock import Clock

_TOTAL = Path("total")


@dataclass(frozen=True, slots=True)
class DynamoThrottle:
    connection: Connection
    clock: Clock

    def hit(self, limit: Limit, who: str, *, subject: str = "") -> None:
        window = Window.at(self.clock.now(), limit)
        # Hashed, because it is an attribute's name: short, and free of characters that mean more.
        of_subject = "of_" + hashlib.sha256(subject.encode()).hexdigest()[:32]
        try:
            answer = self.connection.update_item(
                AccountsRow.Meta.table_name,
                f"THROTTLE#{limit.name}#{who}",
                str(window.begins),
                actions=[
                    _TOTAL.add(1),
                    Path(of_subject).add(1),
                    AttemptsItem.expires_at.set(window.ends_at),
                ],
                # Once it is too many, counting on would only grow the item.
                condition=_TOTAL.does_not_exist() | (limit.attempts > _TOTAL),
                return_values="UPDATED_NEW",
            )
        except UpdateError as error:
            if error.cause_response_code == "ConditionalCheckFailedException":
                raise window.too_many() from None
            raise
        if int(answer["Attributes"][of_subject]["N"]) > limit.attempts_on_one_subject:
            raise window.too_many()
