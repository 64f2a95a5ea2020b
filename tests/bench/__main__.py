"""`make bench`: measure, print, and keep the numbers in `.local/bench.json`.

python -m tests.bench [group …]     groups: api, cold, edge, media
"""

import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from tests.bench import api, cold, edge, media
from tests.bench.rows import Row, heading, write

GROUPS: Mapping[str, Callable[[], Iterator[Row]]] = {
    "api": api.rows,
    "cold": cold.rows,
    "edge": edge.rows,
    "media": media.rows,
}
RESULTS = Path(".local/bench.json")


def main(wanted: list[str]) -> None:
    unknown = set(wanted) - GROUPS.keys()
    if unknown:
        sys.exit(f"There is no group {', '.join(sorted(unknown))}; there are {', '.join(GROUPS)}.")
    print(heading(), flush=True)
    measured = []
    for group in wanted or GROUPS:
        for row in GROUPS[group]():
            print(row, flush=True)
            measured.append(row)
    write(measured, RESULTS)
    sys.exit(0 if all(row.is_good for row in measured) else 1)


if __name__ == "__main__":
    main(sys.argv[1:])
