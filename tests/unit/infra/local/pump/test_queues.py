"""The pump's event is the same as Lambda's."""

from typing import Any

from chalice.app import SQSEvent
from mypy_boto3_sqs.type_defs import MessageTypeDef

from infra.local.pump.queues import sqs_event

ARN = "arn:aws:sqs:eu-central-1:000000000000:videoflix-mail"
MESSAGE: MessageTypeDef = {
    "MessageId": "059f36b4-87a3-44ab-83d2-661975830a7d",
    "ReceiptHandle": "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a...",
    "MD5OfBody": "098f6bcd4621d373cade4e832627b4f6",
    "Body": "test",
    "Attributes": {
        "ApproximateReceiveCount": "1",
        "SentTimestamp": "1545082649183",
        "SenderId": "AIDAIENQZJOLO23YVJ4VO",
        "ApproximateFirstReceiveTimestamp": "1545082649185",
    },
    "MessageAttributes": {
        "words": {"StringValue": "hello", "DataType": "String"},
        "bytes": {"BinaryValue": b"\x00\xff", "DataType": "Binary"},
    },
    "MD5OfMessageAttributes": "00484c68...59e48f06",
}
# As in AWS's documentation of the event, with two attributes.
RECORD: dict[str, Any] = {
    "messageId": "059f36b4-87a3-44ab-83d2-661975830a7d",
    "receiptHandle": "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a...",
    "body": "test",
    "attributes": {
        "ApproximateReceiveCount": "1",
        "SentTimestamp": "1545082649183",
        "SenderId": "AIDAIENQZJOLO23YVJ4VO",
        "ApproximateFirstReceiveTimestamp": "1545082649185",
    },
    "messageAttributes": {
        "words": {
            "stringValue": "hello",
            "stringListValues": [],
            "binaryListValues": [],
            "dataType": "String",
        },
        "bytes": {
            "binaryValue": "AP8=",
            "stringListValues": [],
            "binaryListValues": [],
            "dataType": "Binary",
        },
    },
    "md5OfMessageAttributes": "00484c68...59e48f06",
    "md5OfBody": "098f6bcd4621d373cade4e832627b4f6",
    "eventSource": "aws:sqs",
    "eventSourceARN": ARN,
    "awsRegion": "eu-central-1",
}


def test_a_message_becomes_a_record_of_lambda() -> None:
    assert sqs_event([MESSAGE], queue_arn=ARN) == {"Records": [RECORD]}


def test_chalice_reads_every_message_of_the_batch() -> None:
    event = SQSEvent(sqs_event([MESSAGE, MESSAGE], queue_arn=ARN), None)
    assert [(record.body, record.receipt_handle) for record in event] == [
        ("test", MESSAGE["ReceiptHandle"])
    ] * 2
