"""Lines by which FFmpeg's log is divided, whatever a source makes it print in between."""

import re

# Tags, names and languages follow, which may hold any text, and lines of their own as well.
DESCRIBES = re.compile(r"(?:\[info\] )?Input #0, ")
# Whatever they held, FFmpeg says this once more behind them, and then begins to decode.
WORKS = re.compile(r"(?:\[info\] )?Stream mapping:$")
