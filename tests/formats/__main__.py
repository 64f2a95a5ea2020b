"""Write the next golden file of formats whose written form has changed.

python -m tests.formats [format …]     without a name: of all that have changed
"""

import sys

from tests.formats.every import FORMATS


def main(chosen: list[str]) -> None:
    unknown = sorted(set(chosen) - FORMATS.keys())
    if unknown:
        sys.exit(f"There is no format {', '.join(unknown)}; there are {', '.join(FORMATS)}.")
    for name in chosen or FORMATS:
        if not FORMATS[name].is_written_as(FORMATS[name].newest):
            print(f"wrote {FORMATS[name].add_golden()}")


if __name__ == "__main__":
    main(sys.argv[1:])
