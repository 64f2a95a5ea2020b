"""`make bench`: measure, print, and keep the numbers in `.local/bench.json`.

python -m tests.bench [--seconds N] [group …]     groups: api, catalogue, cold, edge, login, media
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from tests.bench import api, catalogue, cold, edge, login, media
from tests.bench.rows import Row, heading, write

GROUPS: Mapping[str, Callable[[int], Iterator[Row]]] = {
    "api": lambda _: api.rows(),
    "catalogue": lambda _: catalogue.rows(),
    "login": lambda _: login.rows(),
    "cold": lambda _: cold.rows(),
    "edge": lambda _: edge.rows(),
    "media": media.rows,
}
RESULTS = Path(".local/bench.json")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("groups", nargs="*", help=f"of {', '.join(GROUPS)}; all without a name")
    parser.add_argument("--seconds", type=int, default=media.SECONDS, help="of generated films")
    options = parser.parse_args()
    if unknown := set(options.groups) - GROUPS.keys():
        parser.error(
            f"there is no group {', '.join(sorted(unknown))}; there are {', '.join(GROUPS)}"
        )
    print(heading(), flush=True)
    measured: list[Row] = []
    printed = ""
    for group in options.groups or GROUPS:
        for row in GROUPS[group](options.seconds):
            if row.floor_command not in ("", printed):
                printed = row.floor_command
                print(f"  floor: {printed}")
            print(row, flush=True)
            measured.append(row)
            write([row], RESULTS)
    sys.exit(0 if all(row.is_good for row in measured) else 1)


if __name__ == "__main__":
    main()
