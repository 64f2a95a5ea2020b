"""One local worker, tied to its supervisor."""

import os

from infra.local import lifeline
from transcoder.__main__ import main

# The API and the pages have precedence.
_NICENESS = 10

if __name__ == "__main__":
    lifeline.hold()
    os.nice(_NICENESS)
    main(when_ready=lifeline.say_ready)
