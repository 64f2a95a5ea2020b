"""Lines that divide the log of FFmpeg, whatever a source makes it print between them."""

import re

# Followed by tags, names and languages, which may hold any text, also whole lines.
DESCRIBES = re.compile(r"(?:\[info\] )?Input #0, ")
# FFmpeg prints this after all tags, before it starts to decode.
WORKS = re.compile(r"(?:\[info\] )?Stream mapping:$")
