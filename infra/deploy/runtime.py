"""The Python of the functions: the version that runs the deploy, as Chalice requires."""

import sys

# Lambda's Pythons on Amazon Linux 2023, whose glibc (2.34) the compiled wheels need.
LOWEST = (3, 12)
PLATFORM = "x86_64-manylinux_2_34"


class WrongPython(RuntimeError):
    """A build by this Python would not run on AWS."""


def version() -> str:
    return ".".join(map(str, sys.version_info[:2]))


def require_lambda() -> None:
    """Raise `WrongPython` if AWS would not run the functions, even if an emulator would."""
    if sys.version_info[:2] < LOWEST:
        lowest = ".".join(map(str, LOWEST))
        raise WrongPython(
            f"On AWS the functions need Python {lowest} or newer, and this is {version()}: "
            "remove .venv and name another one, as in  make deploy PYTHON=python3.13"
        )
