"""Shares formatted as percents, with enough digits to tell them apart."""

_LEAST_DIGITS, _MOST_DIGITS, _ALMOST = 2, 15, 0.99


def percents(*shares: float) -> list[str]:
    """Format shares so that different ones differ, and only 1 becomes 100 %."""
    different = len({*shares, 1.0})
    for digits in range(_LEAST_DIGITS, _MOST_DIGITS):
        if len({f"{each:.{digits}%}" for each in (*shares, 1.0)}) == different:
            break
    return [f"{each:.{digits}%}" for each in shares]


def rough_percent(share: float) -> str:
    """Format a share in percent, with decimals only close to 100 %."""
    return str(int(share * 100)) if share < _ALMOST else percents(share)[0].rstrip("%")
