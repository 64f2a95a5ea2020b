"""`python -m tests.reading_paths [STORY …]`: the product files that each story enters."""

import io
import logging
import sys
from contextlib import redirect_stdout

from tests.reading_paths.site import Site
from tests.reading_paths.stories import STORIES
from tests.reading_paths.trace import Trace


def report(name: str, trace: Trace) -> str:
    begins = [f"{name}: {len(trace.files)} files, {len(trace.again)} re-entered"]
    entered = [f"  {number:3} {path}" for number, path in enumerate(trace.files, start=1)]
    again = [
        f"  again: {outer} -> {inner} -> {outer}, {count} times"
        for (outer, inner), count in trace.again.most_common()
    ]
    return "\n".join([*begins, *entered, *again])


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    for name in sys.argv[1:] or STORIES:
        with redirect_stdout(io.StringIO()), Site.started() as site:
            trace = STORIES[name](site)
        print(report(name, trace), end="\n\n")
