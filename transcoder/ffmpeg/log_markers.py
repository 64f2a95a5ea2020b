"""Lines that separate the phases in the log of FFmpeg, and that a source cannot forge."""

import re

# Tags, names and languages follow, which may contain any text, even whole lines.
DESCRIBES = re.compile(r"(?:\[info\] )?Input #0, ")
# FFmpeg prints this after all tags, before it starts to decode.
WORKS = re.compile(r"(?:\[info\] )?Stream mapping:$")
