"""Feed a handler from its queue as Lambda does: with Lambda's event, and failed messages again."""

import base64
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from chalice.app import SQSEventConfig
from mypy_boto3_sqs import SQSClient
from mypy_boto3_sqs.type_defs import MessageAttributeValueOutputTypeDef, MessageTypeDef

from infra.local.pump.invocation import Handler, log, succeeds

# The pump can end only between two polls; the queue answers as soon as it has a message.
_WAIT_SECONDS = 1
_MOST_AT_ONCE = 10
_LONGEST_PAUSE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class _Queue:
    url: str
    arn: str


@dataclass(frozen=True, slots=True)
class QueueFeed:
    sqs: SQSClient
    config: SQSEventConfig
    handler: Handler

    def run(self, stop: threading.Event) -> None:
        """Feed until `stop` is set; retry with a back-off while the queue is out of reach."""
        queue: _Queue | None = None
        pause = 0.0
        while not stop.wait(pause):
            try:
                queue = queue or self._find()
                self._feed(queue, stop)
            except (BotoCoreError, ClientError) as error:
                if not pause:
                    log.warning("The queue of %s is out of reach: %s", self.config.name, error)
                pause = min(pause * 2 or 0.25, _LONGEST_PAUSE_SECONDS)
            else:
                if pause:
                    log.warning("The queue of %s is back", self.config.name)
                pause = 0.0

    def _find(self) -> _Queue:
        name = self.config.queue or str(self.config.queue_arn).rsplit(":", 1)[-1]
        url = self.sqs.get_queue_url(QueueName=name)["QueueUrl"]
        answer = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        return _Queue(url, answer["Attributes"]["QueueArn"])

    def _feed(self, queue: _Queue, stop: threading.Event) -> None:
        batch = self._gather(queue, stop)
        if not batch:
            return
        event = sqs_event(batch, queue_arn=queue.arn)
        # Chalice does not use partial batch responses, so only an exception is a failure.
        if succeeds(self.handler, event, name=self.config.name):
            self._delete(queue, batch)

    def _gather(self, queue: _Queue, stop: threading.Event) -> list[MessageTypeDef]:
        size = self.config.batch_size
        batch = self._receive(queue, size)
        deadline = time.monotonic() + self.config.maximum_batching_window_in_seconds
        while batch and len(batch) < size and time.monotonic() < deadline and not stop.is_set():
            batch += self._receive(queue, size - len(batch))
        return batch

    def _receive(self, queue: _Queue, at_most: int) -> list[MessageTypeDef]:
        answer = self.sqs.receive_message(
            QueueUrl=queue.url,
            MaxNumberOfMessages=min(at_most, _MOST_AT_ONCE),
            WaitTimeSeconds=_WAIT_SECONDS,
            MessageSystemAttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        return answer.get("Messages", [])

    def _delete(self, queue: _Queue, batch: list[MessageTypeDef]) -> None:
        for start in range(0, len(batch), _MOST_AT_ONCE):
            self.sqs.delete_message_batch(
                QueueUrl=queue.url,
                Entries=[
                    {"Id": str(index), "ReceiptHandle": message["ReceiptHandle"]}
                    for index, message in enumerate(batch[start : start + _MOST_AT_ONCE])
                ],
            )


def sqs_event(messages: Sequence[MessageTypeDef], *, queue_arn: str) -> dict[str, Any]:
    return {"Records": [_record(message, queue_arn) for message in messages]}


def _record(message: MessageTypeDef, queue_arn: str) -> dict[str, Any]:
    attributes = message.get("MessageAttributes", {})
    record = {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": dict(message.get("Attributes", {})),
        "messageAttributes": {name: _attribute(value) for name, value in attributes.items()},
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": queue_arn,
        "awsRegion": queue_arn.split(":")[3],
    }
    if "MD5OfMessageAttributes" in message:
        record["md5OfMessageAttributes"] = message["MD5OfMessageAttributes"]
    return record


def _attribute(value: MessageAttributeValueOutputTypeDef) -> dict[str, Any]:
    attribute: dict[str, Any] = {
        "stringListValues": [],
        "binaryListValues": [],
        "dataType": value["DataType"],
    }
    if "StringValue" in value:
        attribute["stringValue"] = value["StringValue"]
    if "BinaryValue" in value:
        attribute["binaryValue"] = base64.b64encode(value["BinaryValue"]).decode()
    return attribute
