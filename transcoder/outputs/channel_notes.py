"""Notes for people about channels of an audio track that are not heard."""

from collections.abc import Iterator, Sequence

# FFmpeg's mixer drops speakers behind the listener above ear level, and others of 22.2; it guesses
# such layouts by the number of channels, if a file does not tell them.
_PARTLY_MIXED = frozenset(
    {"cube", "5.1.4", "7.1.4", "7.2.3", "9.1.4", "9.1.6", "hexadecagonal", "22.2"}
)


def unmixed(track: int, *, is_one: bool) -> str:
    """`is_one`: the first channel is heard on both sides."""
    if is_one:
        return f"Sound track {track}: its channels cannot be mixed; only the first one is heard."
    return f"Sound track {track}: its channels cannot be mixed; only the first ones are heard."


def partly_mixed(track: int, formats: Sequence[str]) -> Iterator[str]:
    """Name each layout, once, of which speakers besides that for bass are dropped."""
    layouts = (each.split("Hz ", 1)[-1] for each in formats)
    for layout in dict.fromkeys(each for each in layouts if each in _PARTLY_MIXED):
        yield f"Sound track {track}: some of its channels ({layout}) are not heard."
