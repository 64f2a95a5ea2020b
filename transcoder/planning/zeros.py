"""The note of a plan about zeros in its source."""

from collections.abc import Iterator, Sequence
from fractions import Fraction


def about_zeros(zeros: Sequence[tuple[Fraction, Fraction]], end: Fraction) -> Iterator[str]:
    if not zeros:
        return
    (begins, ends), *others = zeros
    first, last = f"{max(0, float(begins)):.1f}", f"{max(0, float(ends)):.1f}"
    if others and first == last:
        yield (
            f"The file has zeros in {len(zeros)} places, first at {first} s; what was there is"
            " missing."
        )
    elif others:
        seconds = f"{float(sum(after - before for before, after in zeros)):.1f}"
        yield (
            f"The file has zeros in {len(zeros)} places, for {seconds} s in all; the first are"
            f" between {first} and {last} s."
        )
    elif ends >= end:
        yield f"The file has zeros from {first} s on."
    elif first == last:
        yield f"The file has zeros at {first} s; what was there is missing."
    else:
        yield f"The file has zeros between {first} and {last} s."
