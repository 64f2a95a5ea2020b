"""The event pump treats messages and schedules as Lambda and EventBridge do."""

import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from chalice.app import Chalice, CloudWatchEvent, Rate, SQSEvent

from infra.local.pump.feeds import Feed, feeds_of
from infra.local.pump.schedules import ScheduleFeed, parse
from tests.integration.supervised import Run

_PATIENCE_SECONDS = 20


@pytest.fixture
def sqs(running: Run) -> Any:
    return running.client("sqs")


class LeapingClock:
    """Goes as a clock goes, from any time on, and can be put forward."""

    def __init__(self, start: datetime) -> None:
        self._ahead = start - datetime.now(UTC)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def leap(self, period: timedelta) -> None:
        self._ahead += period


@contextmanager
def running_feeds(*feeds: Feed) -> Iterator[None]:
    stop = threading.Event()
    threads = [threading.Thread(target=feed.run, args=(stop,)) for feed in feeds]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def pumping(app: Chalice, sqs: Any) -> AbstractContextManager[None]:
    return running_feeds(*feeds_of(app, sqs))


def queue(sqs: Any, **attributes: str) -> str:
    name = f"test-{uuid.uuid4()}"
    sqs.create_queue(QueueName=name, Attributes=attributes)
    return name


def url_of(sqs: Any, name: str) -> str:
    return str(sqs.get_queue_url(QueueName=name)["QueueUrl"])


def messages_in(sqs: Any, name: str) -> int:
    """Count those that wait and those in flight."""
    counts = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
    answer = sqs.get_queue_attributes(QueueUrl=url_of(sqs, name), AttributeNames=list(counts))
    return sum(int(answer["Attributes"][count]) for count in counts)


def eventually(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < deadline, "it never came to be"
        time.sleep(0.05)


def test_a_message_reaches_its_handler_and_leaves_the_queue(sqs: Any) -> None:
    name = queue(sqs)
    app = Chalice(app_name="pumped")
    events: list[dict[str, Any]] = []

    @app.on_sqs_message(queue=name)
    def on_message(event: SQSEvent) -> None:
        events.append(event.to_dict())

    attribute = {"StringValue": "de", "DataType": "String"}
    with pumping(app, sqs):
        sqs.send_message(
            QueueUrl=url_of(sqs, name),
            MessageBody="Grüße",
            MessageAttributes={"language": attribute},
        )
        eventually(lambda: bool(events) and messages_in(sqs, name) == 0)
    [record] = events[0]["Records"]
    assert record["body"] == "Grüße"
    assert record["attributes"]["ApproximateReceiveCount"] == "1"
    assert record["messageAttributes"]["language"]["stringValue"] == "de"
    assert record["eventSourceARN"] == f"arn:aws:sqs:eu-central-1:000000000000:{name}"


def test_a_failing_handler_leaves_its_message_for_the_dead_letter_queue(
    sqs: Any, caplog: pytest.LogCaptureFixture
) -> None:
    dead = queue(sqs)
    redrive = f"arn:aws:sqs:eu-central-1:000000000000:{dead}"
    name = queue(
        sqs,
        VisibilityTimeout="1",
        RedrivePolicy=f'{{"deadLetterTargetArn": "{redrive}", "maxReceiveCount": 2}}',
    )
    app = Chalice(app_name="pumped")
    tries: list[str] = []

    @app.on_sqs_message(queue=name)
    def on_message(event: SQSEvent) -> None:
        for record in event:
            tries.append(record.body)
            if record.body == "bad":
                raise LookupError("the handler is to blame")

    with pumping(app, sqs):
        for body in ("bad", "good"):
            sqs.send_message(QueueUrl=url_of(sqs, name), MessageBody=body)
        eventually(lambda: messages_in(sqs, dead) == 1 and messages_in(sqs, name) == 0)
    assert sorted(tries) == ["bad", "bad", "good"]
    assert caplog.text.count("LookupError: the handler is to blame") == 2


def test_a_handler_gets_as_many_messages_at_once_as_it_asks_for(sqs: Any) -> None:
    name = queue(sqs)
    app = Chalice(app_name="pumped")
    batches: list[list[str]] = []

    @app.on_sqs_message(queue=name, batch_size=12, maximum_batching_window_in_seconds=3)
    def on_messages(event: SQSEvent) -> None:
        batches.append([record.body for record in event])

    for number in range(15):
        sqs.send_message(QueueUrl=url_of(sqs, name), MessageBody=str(number))
    with pumping(app, sqs):
        eventually(lambda: sum(map(len, batches)) == 15 and messages_in(sqs, name) == 0)
    assert [len(batch) for batch in batches] == [12, 3]


def test_a_slow_handler_does_not_hold_other_queues(sqs: Any) -> None:
    slow, fast = queue(sqs, VisibilityTimeout="60"), queue(sqs)
    app = Chalice(app_name="pumped")
    go_on, done = threading.Event(), threading.Event()

    @app.on_sqs_message(queue=slow, name="slow")
    def on_slow(_event: SQSEvent) -> None:
        go_on.wait(_PATIENCE_SECONDS)

    @app.on_sqs_message(queue=fast, name="fast")
    def on_fast(_event: SQSEvent) -> None:
        done.set()

    with pumping(app, sqs):
        sqs.send_message(QueueUrl=url_of(sqs, slow), MessageBody="slow")
        eventually(lambda: messages_in(sqs, slow) == 1)
        sqs.send_message(QueueUrl=url_of(sqs, fast), MessageBody="fast")
        assert done.wait(_PATIENCE_SECONDS)
        go_on.set()
    assert messages_in(sqs, slow) == 0


def test_a_queue_that_comes_late_is_polled(sqs: Any, caplog: pytest.LogCaptureFixture) -> None:
    name = f"test-{uuid.uuid4()}"
    app = Chalice(app_name="pumped")
    done = threading.Event()

    @app.on_sqs_message(queue=name)
    def on_message(_event: SQSEvent) -> None:
        done.set()

    with pumping(app, sqs):
        eventually(lambda: "is out of reach" in caplog.text)
        sqs.create_queue(QueueName=name)
        sqs.send_message(QueueUrl=url_of(sqs, name), MessageBody="late")
        assert done.wait(_PATIENCE_SECONDS)
    assert caplog.text.count("is out of reach") == 1


def test_a_schedule_fires_with_the_event_of_eventbridge_and_survives_a_failure() -> None:
    app = Chalice(app_name="pumped")
    clock = LeapingClock(datetime(2026, 11, 21, 11, 59, 59, tzinfo=UTC))
    times: list[str] = []

    @app.schedule(Rate(1, unit=Rate.MINUTES))
    def every_minute(event: CloudWatchEvent) -> None:
        times.append(event.time)
        clock.leap(timedelta(seconds=59))
        raise LookupError("a failure does not end the schedule")

    schedule = parse("rate(1 minute)")
    with running_feeds(ScheduleFeed("tick", schedule, every_minute, "eu-central-1", clock.now)):
        eventually(lambda: len(times) == 3)
    assert times == ["2026-11-21T12:00:00Z", "2026-11-21T12:01:00Z", "2026-11-21T12:02:00Z"]


def test_a_schedule_is_read_from_the_registration(sqs: Any) -> None:
    app = Chalice(app_name="pumped")

    @app.schedule("rate(5 minutes)")
    def regularly(_event: CloudWatchEvent) -> None: ...

    [feed] = feeds_of(app, sqs)
    assert isinstance(feed, ScheduleFeed)
    assert (feed.schedule, feed.region) == (parse("rate(5 minutes)"), "eu-central-1")


def test_what_the_pump_cannot_feed_is_said(sqs: Any, caplog: pytest.LogCaptureFixture) -> None:
    app = Chalice(app_name="pumped")

    @app.on_sns_message(topic="news")
    def on_news(_event: Any) -> None: ...

    assert list(feeds_of(app, sqs)) == []
    assert "on_news is not called on this machine: the pump has no SNSEventConfig" in caplog.text
