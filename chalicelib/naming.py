"""The prefix of all resource names of this stage."""

import os


def prefix() -> str:
    """Return the prefix that separates the stages of one AWS account."""
    return os.environ.get("PREFIX", "videoflix")
