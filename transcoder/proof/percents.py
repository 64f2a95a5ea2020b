"""Shares written as percents, with as many digits as tell them apart."""

_LEAST_DIGITS, _MOST_DIGITS, _ALMOST = 2, 15, 0.99


def percents(*shares: float) -> list[str]:
    """Write none as 100 unless it is, and no two alike unless they are."""
    different = len({*shares, 1.0})
    for digits in range(_LEAST_DIGITS, _MOST_DIGITS):
        if len({f"{each:.{digits}%}" for each in (*shares, 1.0)}) == different:
            break
    return [f"{each:.{digits}%}" for each in shares]


def rough_percent(share: float) -> str:
    """Write a share in percent, without digits behind the point unless almost all is there."""
    return str(int(share * 100)) if share < _ALMOST else percents(share)[0].rstrip("%")
