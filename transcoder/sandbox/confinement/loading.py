"""Files that the system needs to start a program: libraries and the dynamic loader."""

LIBRARIES = (
    "/lib",
    "/lib64",
    "/usr/lib",
    "/usr/lib64",
    "/usr/local/lib",
    "/nix/store",
    "/etc/ld.so.cache",
    "/usr/share/locale",
)
_HEAD_BYTES = 4096
_NAMES_ITS_LOADER = 3


def loader(program: str) -> str:
    """Return the path of its dynamic loader; empty if it has none."""
    with open(program, "rb") as file:  # noqa: PTH123 - see __init__
        head = file.read(_HEAD_BYTES)
    if head[:5] != b"\x7fELF\x02":
        return ""
    at, size, count = (_number(head, *place) for place in ((32, 8), (54, 2), (56, 2)))
    for entry in range(at, at + size * count, size):
        if _number(head, entry, 4) == _NAMES_ITS_LOADER:
            begin, length = _number(head, entry + 8, 8), _number(head, entry + 32, 8)
            return head[begin : begin + length].rstrip(b"\0").decode()
    return ""


def _number(head: bytes, at: int, size: int) -> int:
    return int.from_bytes(head[at : at + size], "little")
