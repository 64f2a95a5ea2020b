"""`python -m transcoder`: one worker, until a signal ends it or it has been idle for long."""

import signal
import threading
from collections.abc import Callable

from chalicelib.telemetry import log
from transcoder import wiring
from transcoder.sandbox import scratch
from transcoder.sandbox.confinement import kernel
from transcoder.sandbox.confinement.enforcement import missing
from transcoder.settings import TranscoderSettings


def main(when_ready: Callable[[], None] = lambda: None) -> None:
    # Before anything is read: programs in the sandbox may run as the same user.
    kernel.hide_memory()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    settings = TranscoderSettings.from_environment()
    log.info("sandbox", extra={"not_enforced": missing()})
    with scratch.claimed(settings.work_folder) as folder:
        worker = wiring.worker(settings, folder, stop)
        when_ready()
        worker.run()


if __name__ == "__main__":
    main()
