"""A clock set back to the time of a recording, for programs that tests start."""

import platform
import sysconfig
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

_LIBRARY = Path(
    sysconfig.get_path("purelib"), "libfaketime", "vendor", "libfaketime", "src", "libfaketime.so.1"
)
# What the package carries the library for.
CAN_BE_SET_BACK = (platform.system(), platform.machine()) == ("Linux", "x86_64")
# Access tokens are spent by then, links in mails are not.
_LATER = timedelta(minutes=20)


def shortly_after(moment: datetime) -> Mapping[str, str]:
    """Return the environment of programs for which it is a little later than the moment."""
    behind = datetime.now(UTC) - (moment + _LATER)
    return {
        "LD_PRELOAD": str(_LIBRARY),
        "FAKETIME": f"{-int(behind.total_seconds()):+d}",
        # Waiting takes as long as ever, and files are as old as they are.
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "NO_FAKE_STAT": "1",
    }
