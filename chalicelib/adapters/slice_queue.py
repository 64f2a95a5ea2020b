"""The queue of slices of bulk changes in SQS."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from chalicelib.adapters.sqs import LARGEST_BATCH
from chalicelib.bulk.message import SliceMessage
from chalicelib.errors import Unavailable


@dataclass(frozen=True, slots=True)
class SqsSliceQueue:
    client: Callable[[], Any]
    url: str

    def put(self, messages: Iterable[SliceMessage]) -> None:
        waiting = iter(messages)
        while batch := list(islice(waiting, LARGEST_BATCH)):
            answer = self.client().send_message_batch(
                QueueUrl=self.url,
                Entries=[
                    {"Id": str(number), "MessageBody": each.to_json()}
                    for number, each in enumerate(batch)
                ],
            )
            if answer.get("Failed"):
                raise Unavailable("The service is busy. Please try again.")
