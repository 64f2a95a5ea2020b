"""Bytes of headers that a test writes bit by bit."""


def bits(text: str) -> bytes:
    """Return eight bytes or more, which begin with these bits; spaces are for the reader."""
    text = text.replace(" ", "").ljust(64, "0")
    return int(text, 2).to_bytes(len(text) // 8)
