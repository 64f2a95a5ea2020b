"""Numbers of Linux system calls on x86-64 and aarch64, read from `syscalls.txt`."""

_FILE = f"{__file__.rpartition('/')[0]}/syscalls.txt"


def _sections() -> dict[str, list[list[str]]]:
    """Return name and numbers of each call, by section."""
    sections: dict[str, list[list[str]]] = {}
    with open(_FILE, encoding="ascii") as file:  # noqa: PTH123 - see __init__
        for line in file:
            if line.startswith("["):
                calls = sections[line.strip("[]\n")] = []
            elif line.strip() and not line.startswith("#"):
                calls.append(line.split())
    return sections


_CALLS = _sections()
HARMLESS = tuple(name for name, *_ in _CALLS["harmless"])
OF_CONNECTIONS = tuple(name for name, *_ in _CALLS["connections"])
NUMBERS = {
    machine: {
        call[0]: int(call[index])
        for calls in _CALLS.values()
        for call in calls
        if call[index] != "-"
    }
    for index, machine in enumerate(("x86_64", "aarch64"), start=1)
}
