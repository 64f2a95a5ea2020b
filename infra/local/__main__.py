"""`make run`: everything on this machine, until Ctrl-C."""

import sys
import time

from infra.install import require_python

if __name__ == "__main__":
    started = time.monotonic()
    require_python(sys.version_info[:2])
    try:
        # Imported late: an old Python cannot parse it.
        from infra.local.start import start

        start(started)
    except KeyboardInterrupt:
        sys.exit(130)
