"""`python -m transcoder`: one worker, until it is asked to end or has been idle for long."""

import signal
import threading
from collections.abc import Callable

from transcoder import scratch, wiring
from transcoder.settings import TranscoderSettings


def main(when_ready: Callable[[], None] = lambda: None) -> None:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    settings = TranscoderSettings.from_environment()
    with scratch.claimed(settings.work_folder) as folder:
        worker = wiring.worker(settings, folder, stop)
        when_ready()
        worker.run()


if __name__ == "__main__":
    main()
