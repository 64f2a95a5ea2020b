"""Sentences about a number of things, in the singular and the plural."""


def counted(number: int, one: str, many: str) -> str:
    """Return `one`, or `many` with the number in place of its `{}`."""
    return one if number == 1 else many.format(number)
