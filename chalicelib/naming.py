"""How the names of everything that belongs to this stage begin."""

import os


def prefix() -> str:
    """Several stages may share an account: their queues, their logs, their metrics."""
    return os.environ.get("PREFIX", "videoflix")
