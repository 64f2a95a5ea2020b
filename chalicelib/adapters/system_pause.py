"""Pauses of a process between writes."""

import time


class SystemPause:
    def wait(self, seconds: float) -> None:
        if seconds > 0:
            time.sleep(seconds)
