"""The mail queue in SQS: mail requests, each with the correlation id of what asked for it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from chalicelib.accounts.mail import MailRequest
from chalicelib.telemetry import correlation_id


@dataclass(frozen=True, slots=True)
class SqsMailQueue:
    client: Callable[[], Any]
    url: str

    def put(self, request: MailRequest) -> None:
        self.client().send_message(
            QueueUrl=self.url,
            MessageBody=request.to_json(),
            MessageAttributes={
                "correlation_id": {
                    "DataType": "String",
                    "StringValue": correlation_id() or "none",
                }
            },
        )
