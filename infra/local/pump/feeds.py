"""The feeds of an app's handlers, from Chalice's registrations of event sources."""

from collections.abc import Iterator

from chalice.app import (
    BaseEventSourceConfig,
    Chalice,
    ScheduledEventConfig,
    ScheduleExpression,
    SQSEventConfig,
)
from mypy_boto3_sqs import SQSClient

from infra.local.pump.invocation import Handler, log
from infra.local.pump.queues import QueueFeed
from infra.local.pump.schedules import ScheduleFeed, UnknownExpression, parse

Feed = QueueFeed | ScheduleFeed


def feeds_of(app: Chalice, sqs: SQSClient) -> Iterator[Feed]:
    """Yield a feed per event source; log the sources that the pump cannot feed."""
    for source in app.event_sources:
        try:
            yield _feed(source, app.handler_map[source.name], sqs)
        except UnknownExpression as problem:
            log.error("%s is not called on this machine: %s", source.name, problem)


def _feed(source: BaseEventSourceConfig, handler: Handler, sqs: SQSClient) -> Feed:
    if isinstance(source, SQSEventConfig):
        return QueueFeed(sqs, source, handler)
    if isinstance(source, ScheduledEventConfig):
        expression = source.schedule_expression
        if isinstance(expression, ScheduleExpression):
            expression = expression.to_string()
        return ScheduleFeed(source.name, parse(expression), handler, sqs.meta.region_name)
    raise UnknownExpression(f"the pump has no {type(source).__name__}")
