"""The queues of tasks, as `infra/templates/pipeline.yaml` makes them, and events of queues."""

import boto3
from mypy_boto3_sqs import SQSClient

from chalicelib.encoding.task_queues import TaskQueue


def task_queues(sqs: SQSClient, name: str = "videoflix-work") -> str:
    """Make all of them and return the URL of the one where tasks arrive."""
    for queue in TaskQueue:
        sqs.create_queue(QueueName=f"{name}{queue.removeprefix(TaskQueue.UNSORTED)}")
    return sqs.get_queue_url(QueueName=name)["QueueUrl"]


def event_of(body: str) -> dict[str, object]:
    """Return the event by which Lambda hands over one message."""
    return {"Records": [{"messageId": "1", "receiptHandle": "r", "body": body}]}


def bodies(url: str) -> list[str]:
    """Receive all messages of a queue, and delete them."""
    sqs, received = boto3.client("sqs"), []
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for message in messages:
            received.append(message["Body"])
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return received
