"""Run all of the gallery, and print what came of it: `make gallery`."""

import multiprocessing
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.media.gallery.catalogue import ENTRIES, entry_of
from tests.media.gallery.files import maker
from tests.media.gallery.measuring import Measured, measure
from tests.media.gallery.model import Entry, Family
from tests.media.gallery.verdicts import Outcome

_PROCESSES = 2
_COLUMNS = ("family", "files", *Outcome, "peak MB", "seconds")


def main(names: Sequence[str]) -> int:
    chosen = [each for each in ENTRIES if not names or each.name in names or each.family in names]
    print(f"Made and judged by {maker()}.", flush=True)
    with TemporaryDirectory(prefix="gallery-") as name:
        results = list(_results(chosen, Path(name)))
    print(table(results))
    misses = [each for each in results if each.verdict.is_miss]
    for miss in misses:
        print(f"\n{miss.name}: {miss.verdict.outcome}: {entry_of(miss.name).what}")
        print("\n".join(f"    {why}" for why in miss.verdict.why))
    return int(bool(misses))


def _results(entries: Sequence[Entry], folder: Path) -> Iterator[Measured]:
    context = multiprocessing.get_context("fork")
    begun, names = time.monotonic(), [entry.name for entry in entries]
    with ProcessPoolExecutor(_PROCESSES, mp_context=context) as pool:
        for number, each in enumerate(pool.map(partial(_one, folder=folder), names), 1):
            verdict = each.verdict
            print(
                f"{number:4}/{len(names)} {each.name:28} {verdict.outcome:16}"
                f" {each.seconds:6.1f} s {each.peak_megabytes:6.0f} MB  {'; '.join(verdict.why)}",
                flush=True,
            )
            yield each
    print(f"{time.monotonic() - begun:.0f} s")


def _one(name: str, folder: Path) -> Measured:
    return measure(entry_of(name), folder)


def table(results: Sequence[Measured]) -> str:
    rows = [_COLUMNS]
    for family in Family:
        of = [each for each in results if entry_of(each.name).family == family]
        rows.append(_row(family, of))
    rows.append(_row("all", results))
    return "\n".join(
        "  ".join(f"{cell:>15}" if column else f"{cell:12}" for column, cell in enumerate(row))
        for row in rows
    )


def _row(name: str, of: Sequence[Measured]) -> tuple[str, ...]:
    return (
        name,
        str(len(of)),
        *(str(sum(each.verdict.outcome is outcome for each in of)) for outcome in Outcome),
        f"{max((each.peak_megabytes for each in of), default=0):.0f}",
        f"{sum(each.seconds for each in of):.0f}",
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
