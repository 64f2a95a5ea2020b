"""`python -m infra.compose.look <address>|queues`: the health checks of the services of compose."""

import sys
from contextlib import closing
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

_PATIENCE_SECONDS = 5
# Whoever feeds from them leaves nothing lying; a few may have come in this very moment.
_QUEUES = ("videoflix-uploads", "videoflix-mail", "videoflix-crew")
_MOST_WAITING = 20


def answers(address: str) -> str:
    """Return what is wrong with a server; nothing if it answers as it should."""
    parts = urlsplit(address)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=_PATIENCE_SECONDS)
    with closing(connection):
        try:
            connection.request("GET", parts.path or "/")
            status = connection.getresponse().status
        except (OSError, HTTPException) as problem:
            return f"{address}: {problem}"
    return "" if status == HTTPStatus.OK else f"{address} answers {status}"


def are_fed_from() -> str:
    """Return which queue nobody seems to empty."""
    from infra.compose import place

    place.enter()
    import boto3

    with closing(boto3.client("sqs")) as sqs:
        for name in _QUEUES:
            url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
            asked = sqs.get_queue_attributes(
                QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"]
            )
            waiting = int(asked["Attributes"]["ApproximateNumberOfMessages"])
            if waiting > _MOST_WAITING:
                return f"{waiting} messages wait in {name}"
    return ""


if __name__ == "__main__":
    sys.exit((are_fed_from() if sys.argv[1] == "queues" else answers(sys.argv[1])) or None)
