"""The work queue in SQS, seen from a worker."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

# What became of a message that another worker has meanwhile is that worker's to say.
_OUT_OF_HANDS = frozenset(
    {
        "InvalidParameterValue",
        "MessageNotInflight",
        "AWS.SimpleQueueService.MessageNotInflight",
        "ReceiptHandleIsInvalid",
    }
)


@dataclass(frozen=True, slots=True)
class SqsWorkQueue:
    client: Callable[[], Any]
    url: str

    def take(self, *, wait_seconds: int) -> "Iterator[SqsDelivery]":
        """Yield one message, or none if there is none for so long."""
        answer = self.client().receive_message(
            QueueUrl=self.url,
            MaxNumberOfMessages=1,
            WaitTimeSeconds=wait_seconds,
            MessageSystemAttributeNames=["ApproximateReceiveCount"],
        )
        for message in answer.get("Messages", []):
            yield SqsDelivery(
                client=self.client,
                url=self.url,
                handle=message["ReceiptHandle"],
                body=message["Body"],
                count=int(message.get("Attributes", {}).get("ApproximateReceiveCount", "1")),
            )


@dataclass(slots=True)
class SqsDelivery:
    client: Callable[[], Any]
    url: str
    handle: str
    body: str
    count: int

    def keep(self, *, seconds: int) -> None:
        self._change_visibility(seconds)

    def give_back(self) -> None:
        self._change_visibility(0)

    def done(self) -> None:
        with _unless_out_of_hands():
            self.client().delete_message(QueueUrl=self.url, ReceiptHandle=self.handle)

    def _change_visibility(self, seconds: int) -> None:
        with _unless_out_of_hands():
            self.client().change_message_visibility(
                QueueUrl=self.url, ReceiptHandle=self.handle, VisibilityTimeout=seconds
            )


@contextmanager
def _unless_out_of_hands() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] not in _OUT_OF_HANDS:
            raise
