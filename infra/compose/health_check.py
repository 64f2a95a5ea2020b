"""`python -m infra.compose.health_check <URL>|queues`: the health checks of compose's services."""

import sys
from contextlib import closing
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

_PATIENCE_SECONDS = 5
# Consumers are fast: more than a few messages mean that one of them does not work.
_QUEUES = ("videoflix-uploads", "videoflix-mail", "videoflix-changes")
_MOST_WAITING = 20


def server_problem(url: str) -> str:
    """Return what is wrong with a server; "" if it answers with 200."""
    split = urlsplit(url)
    connection = HTTPConnection(split.hostname or "", split.port, timeout=_PATIENCE_SECONDS)
    with closing(connection):
        try:
            connection.request("GET", split.path or "/")
            status = connection.getresponse().status
        except (OSError, HTTPException) as problem:
            return f"{url}: {problem}"
    return "" if status == HTTPStatus.OK else f"{url} answers {status}"


def queue_problem() -> str:
    """Return which queue is not consumed; "" if all are."""
    from infra.compose import environment

    environment.apply()
    import boto3

    with closing(boto3.client("sqs")) as sqs:
        for name in _QUEUES:
            queue_url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
            answer = sqs.get_queue_attributes(
                QueueUrl=queue_url, AttributeNames=["ApproximateNumberOfMessages"]
            )
            waiting = int(answer["Attributes"]["ApproximateNumberOfMessages"])
            if waiting > _MOST_WAITING:
                return f"{waiting} messages wait in {name}"
    return ""


if __name__ == "__main__":
    sys.exit((queue_problem() if sys.argv[1] == "queues" else server_problem(sys.argv[1])) or None)
