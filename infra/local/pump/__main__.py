"""The event pump: calls the handlers of queues and schedules, as AWS would."""

import logging
import signal
import threading

import boto3
from botocore.config import Config

from infra.local import lifeline
from infra.local.pump.feeds import feeds_of

# The feeds retry by themselves.
_IMPATIENT = Config(
    connect_timeout=2, read_timeout=15, retries={"total_max_attempts": 1, "mode": "standard"}
)


def main() -> None:
    from app import app

    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    sqs = boto3.client("sqs", config=_IMPATIENT)
    threads = [
        threading.Thread(target=feed.run, args=(stop,), name=f"feed-{number}")
        for number, feed in enumerate(feeds_of(app, sqs))
    ]
    for thread in threads:
        thread.start()
    lifeline.say_ready()
    # With a time limit: a signal does not end a wait on every system.
    while not stop.wait(timeout=1):
        pass
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    lifeline.hold()
    logging.basicConfig(format="%(asctime)s pump: %(message)s", datefmt="%H:%M:%S")
    main()
