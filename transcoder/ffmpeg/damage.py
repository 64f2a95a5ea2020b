"""Which pictures the decoder covered up, as its log says."""

import re
from dataclasses import dataclass, field

_LEAVES = "decoder -> pts:"
_KEY = re.compile(r"keyframe:(\d)")
_REFUSED = "Error submitting packet"
FLAGGED = re.compile("corrupt (decoded frame|input packet)")
# Of a demuxer, or of a decoder by whatever name; not of what comes before or after them.
_OTHERS = r"http|tcp|vost|out#|enc:|fc#|[av]f#|Parsed_|graph|libx264|sw"
_COMPLAINT = re.compile(rf"\[(?!{_OTHERS})(in#)?[\w/:,.#-]+ @ 0x[0-9a-f]+\] \[(?:error|fatal)\]")
# Their decoders flag what they cover up; of the others, complaints are counted instead.
_FLAGGING = frozenset({
    "flv1", "h261", "h263", "h263i", "h263p", "h264", "mpeg1video", "mpeg2video", "mpeg4",
    "prores", "rv10", "rv20",
})  # fmt: skip


@dataclass(slots=True)
class Damage:
    """Follows the pictures as they leave the decoder, counted from 0."""

    codec: str = ""
    errors: int = 0
    damaged: set[int] = field(default_factory=set)
    # From a damaged picture to the next key picture: those between may refer to it.
    affected: set[int] = field(default_factory=set)
    _left: int = 0
    _is_next_damaged: bool = False
    _is_affected: bool = False

    def hear(self, line: str) -> None:
        # It may stand in the middle of a line that another thread is writing.
        if _LEAVES in line:
            self._leave(is_key=(key := _KEY.search(line)) is not None and key[1] == "1")
        if flagged := FLAGGED.search(line):
            self.errors += 1
            self._is_next_damaged = self._is_next_damaged or "frame" in flagged[1]
        elif complaint := _COMPLAINT.search(line):
            self.errors += 1
            self._suspect(line, is_demuxer=bool(complaint[1]))

    def _suspect(self, line: str, *, is_demuxer: bool) -> None:
        if self.codec in _FLAGGING or is_demuxer:
            return
        # Before its first picture a decoder complains of what belongs to none, and a picture that
        # it refused never leaves it.
        self._is_next_damaged = self._left > 0 and _REFUSED not in line

    def _leave(self, *, is_key: bool) -> None:
        self._is_affected = self._is_next_damaged or (self._is_affected and not is_key)
        if self._is_next_damaged:
            self.damaged.add(self._left)
            self._is_next_damaged = False
        if self._is_affected:
            self.affected.add(self._left)
        self._left += 1
