"""The note of a plan about zeros in its source."""

from collections.abc import Sequence
from fractions import Fraction


def about_zeros(zeros: Sequence[tuple[Fraction, Fraction]], end: Fraction) -> str:
    (begins, ends), *others = zeros
    first, last = f"{max(0, float(begins)):.1f}", f"{max(0, float(ends)):.1f}"
    if others and first == last:
        return (
            f"The file has zeros in {len(zeros)} places, first at {first} s; what was there is"
            " missing."
        )
    if others:
        seconds = f"{float(sum(after - before for before, after in zeros)):.1f}"
        return (
            f"The file has zeros in {len(zeros)} places, for {seconds} s in all; the first are"
            f" between {first} and {last} s."
        )
    if ends >= end:
        return f"The file has zeros from {first} s on."
    if first == last:
        return f"The file has zeros at {first} s; what was there is missing."
    return f"The file has zeros between {first} and {last} s."
