"""Logger, metrics and correlation id, shared by all entry points."""

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

from aws_lambda_powertools.logging import Logger

from chalicelib.naming import prefix

SERVICE = prefix()

_correlation_id: ContextVar[str] = ContextVar("correlation_id", default="")


def _mark(record: logging.LogRecord) -> bool:
    """Add the correlation id to a log record; never drop one."""
    record.correlation_id = correlation_id() or None
    return True


log = Logger(service=SERVICE, use_rfc3339=True, utc=True)
log.addFilter(_mark)


@contextmanager
def correlated(correlation_id: str) -> Iterator[None]:
    """Give every log line and queued message inside this context the same correlation id."""
    token = _correlation_id.set(correlation_id)
    try:
        yield
    finally:
        _correlation_id.reset(token)


def log_line(message: str, **fields: object) -> None:
    """Write the same line as `log.info` at a tenth of its cost, for the line of each request."""
    if log.log_level > logging.INFO:
        return
    line = {
        "level": "INFO",
        "message": message,
        "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "service": SERVICE,
        "correlation_id": correlation_id(),
        **fields,
    }
    sys.stdout.write(json.dumps(line, separators=(",", ":")) + "\n")


def correlation_id() -> str:
    return _correlation_id.get()


def count(metric: str, **dimensions: str) -> None:
    """Add one to a CloudWatch metric, in the embedded metric format."""
    from aws_lambda_powertools.metrics import MetricUnit, single_metric

    with single_metric(
        name=metric, unit=MetricUnit.Count, value=1, namespace="Videoflix"
    ) as single:
        for name, value in {"service": SERVICE, **dimensions}.items():
            single.add_dimension(name=name, value=value)
