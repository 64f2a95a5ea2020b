"""The task queues in SQS: for a worker, which takes tasks, and for scaling, which counts them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.adapters.aws_errors import expected
from chalicelib.adapters.sqs import LARGEST_BATCH
from chalicelib.encoding.messages import Task
from chalicelib.encoding.ports import UnsortedTask
from chalicelib.encoding.task_queues import TaskQueue

# Receive count of a message before it was moved: SQS counts anew.
_BEFORE = "handed-out-before"
# Another worker has received the message meanwhile.
_LOST = frozenset(
    {
        "InvalidParameterValue",
        "MessageNotInflight",
        "AWS.SimpleQueueService.MessageNotInflight",
        "ReceiptHandleIsInvalid",
    }
)


@dataclass(frozen=True, slots=True)
class SqsTaskQueues:
    client: Callable[[], Any]
    # Of the queue where tasks arrive.
    url: str

    def take(self, queue: TaskQueue, *, wait_seconds: int = 0) -> "SqsDelivery | None":
        for message in self._receive(queue, most=1, wait_seconds=wait_seconds):
            return SqsDelivery(
                client=self.client,
                url=queue.url(self.url),
                handle=message["ReceiptHandle"],
                body=message["Body"],
                count=_count(message),
            )
        return None

    def receive_unsorted(self) -> Sequence[UnsortedTask]:
        messages = self._receive(TaskQueue.UNSORTED, most=LARGEST_BATCH, wait_seconds=0)
        return [
            UnsortedTask(each["Body"], _count(each), each["ReceiptHandle"]) for each in messages
        ]

    def move(self, tasks: Sequence[UnsortedTask], queue: TaskQueue) -> None:
        """Send, then delete: a failure in between repeats a task and never loses one."""
        answer = self.client().send_message_batch(
            QueueUrl=queue.url(self.url),
            Entries=[_copy(number, task) for number, task in enumerate(tasks)],
        )
        sent = [tasks[int(each["Id"])] for each in answer.get("Successful", [])]
        if sent:
            self.client().delete_message_batch(
                QueueUrl=self.url,
                Entries=[
                    {"Id": str(number), "ReceiptHandle": task.handle}
                    for number, task in enumerate(sent)
                ],
            )

    def _receive(self, queue: TaskQueue, *, most: int, wait_seconds: int) -> Sequence[Any]:
        answer = self.client().receive_message(
            QueueUrl=queue.url(self.url),
            MaxNumberOfMessages=most,
            WaitTimeSeconds=wait_seconds,
            MessageSystemAttributeNames=["ApproximateReceiveCount"],
            MessageAttributeNames=[_BEFORE],
        )
        messages: Sequence[Any] = answer.get("Messages", [])
        return messages


def _copy(number: int, task: UnsortedTask) -> dict[str, Any]:
    # The receive for this move does not count.
    before = {"DataType": "Number", "StringValue": str(task.count - 1)}
    return {
        "Id": str(number),
        "MessageBody": task.body,
        "MessageAttributes": {_BEFORE: before},
    }


def _count(message: Any) -> int:
    before = message.get("MessageAttributes", {}).get(_BEFORE, {}).get("StringValue", "0")
    return int(before) + int(message.get("Attributes", {}).get("ApproximateReceiveCount", "1"))


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
        with expected(_LOST):
            self.client().delete_message(QueueUrl=self.url, ReceiptHandle=self.handle)

    def _change_visibility(self, seconds: int) -> None:
        with expected(_LOST):
            self.client().change_message_visibility(
                QueueUrl=self.url, ReceiptHandle=self.handle, VisibilityTimeout=seconds
            )


@dataclass(frozen=True, slots=True)
class SqsTaskSender:
    client: Callable[[], Any]
    # Of the queue where tasks arrive.
    url: str

    def send(self, task: Task) -> None:
        self.client().send_message(QueueUrl=self.url, MessageBody=task.to_json())


@dataclass(frozen=True, slots=True)
class SqsTaskDepth:
    client: Callable[[], Any]
    # Of the queue where tasks arrive.
    url: str

    def depth(self) -> int:
        return sum(self._depth_of(queue) for queue in TaskQueue)

    def _depth_of(self, queue: TaskQueue) -> int:
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        url = queue.url(self.url)
        answer = self.client().get_queue_attributes(QueueUrl=url, AttributeNames=names)
        return sum(int(answer["Attributes"][name]) for name in names)
