"""Begin, end, silences and formats of an audio track, read from the log of FFmpeg."""

import re
from collections import deque
from dataclasses import dataclass, field

from chalicelib.catalogue.asset import AUDIO_RATE
from chalicelib.encoding.task_reports import SoundEvidence
from transcoder.ffmpeg.phases import LineReader

# Smaller gaps are not filled with silence, and smaller overlaps not cut.
GAP_SECONDS = 0.02
# Frame size of padding after the end; no decoder uses it.
PADDING_SAMPLES = 4099
# The last two bits of a printed number are its kind.
_EXPECTED, _CAME, _ENDED = range(3)
_PRINTED = re.compile(r"\[Eval @ \w+\] (-?\d+)\.0+\b")
# Log prefix of the graph after the decoder.
_GRAPH = "[graph_0_in_"
_FORMAT = re.compile(r"samplerate:(\d+) chlayout:(.{1,100})")
# Damaged frames may claim channels that no stereo can be made of.
_UNUSABLE = "Error reinitializing filters"
_TOTAL = "(audio): "
_PACKETS = re.compile(r"(?<!\d)(\d+) packets read")
_ERRORS = re.compile(r"(?<!\d)(\d+) decode errors")
_SAMPLES = re.compile(r"\((\d+) samples\)")
# Alternating early and late packets cause a silence and a cut within this distance.
_NEAR_SAMPLES = 48_000
_SHORT_SAMPLES = 4_800
_MOST_SILENCES = 100
_MOST_FORMATS = 20


def breaks_printed(rate: int, *, earlier: int) -> str:
    """A filter that prints expected and actual time at each break.

    It first moves times `earlier` by a number of samples. It counts samples like `aresample`, so
    that it prints the gaps that `aresample` fills.
    """
    apart = f"gt(abs(ld(2)-ld(0)),{round(GAP_SECONDS * rate)})+eq(N,0)"
    on_break = f"if({apart},print(4*ld(0)+{_EXPECTED})+print(4*ld(2)+{_CAME})+st(0,ld(2)))"
    is_padding = f"eq(S,{PADDING_SAMPLES})"
    at_end = f"if({is_padding}*not(ld(1)),print(4*ld(2)+{_ENDED}))"
    counted = f"st(1,{is_padding})+st(0,ld(0)+S)"
    return f"asetpts='st(2,PTS-{earlier})+0*({on_break}+{at_end}+{counted})'"


@dataclass(slots=True)
class Hearing(LineReader):
    """Reads the log of a run line by line; times are samples from the beginning of the video.

    Only the first silences and formats are kept; all are counted.
    """

    # Duration of the video, to which times are limited; None if unknown.
    samples: int | None = None
    expected: int = 0
    begins: int | None = None
    # None if it lasts to the end of the video.
    ends: int | None = None
    silences: list[tuple[int, int]] = field(default_factory=list)
    silence_count: int = 0
    silent_samples: int = 0
    cut_samples: int = 0
    formats: list[str] = field(default_factory=list)
    format_count: int = 0
    packets: int = 0
    undecodable: int = 0
    decoded: int = 0
    lost_samples: int = 0
    is_unusable: bool = False
    _format: str = ""
    # Recent silences and cuts that are not compensated: position, and samples left.
    _near: deque[tuple[int, int]] = field(default_factory=deque)

    def read_line(self, line: str) -> None:
        if printed := _PRINTED.search(line):
            number, kind = divmod(int(printed[1]), 4)
            self._see(number, kind)
        elif _GRAPH in line and (stored := _FORMAT.search(line)):
            self._see_format(f"{stored[1]} Hz {stored[2]}")
        elif _UNUSABLE in line:
            self.is_unusable = True
        elif _TOTAL in line and (packets := _PACKETS.search(line)):
            self.packets = int(packets[1])
            self.undecodable = _number(_ERRORS.search(line))
            self.decoded = _number(_SAMPLES.search(line))

    def _see_format(self, described: str) -> None:
        if described != self._format:
            self._format = described
            self.format_count += 1
            if len(self.formats) < _MOST_FORMATS:
                self.formats.append(described)

    def _see(self, number: int, kind: int) -> None:
        if kind == _EXPECTED:
            self.expected = number
        elif kind == _ENDED:
            self.ends = number
        elif self.begins is None:
            self.begins = number
        else:
            self._break(self.expected, number)

    def _break(self, end: int, begin: int) -> None:
        """Count a break: sound was expected at `end` and continued at `begin`."""
        end, begin = self._within(end), self._within(begin)
        self.cut_samples += max(0, end - begin)
        self.silent_samples += max(0, begin - end)
        if begin > end:
            self.silence_count += 1
            if len(self.silences) < _MOST_SILENCES:
                self.silences.append((end, begin))
        if begin - end <= _SHORT_SAMPLES:
            self._make_up(begin, begin - end)

    def _make_up(self, position: int, silence: int) -> None:
        """Compensate short silences with cuts near them; a cut is a negative silence."""
        while self._near and position - self._near[0][0] > _NEAR_SAMPLES:
            self._near.popleft()
        left = silence
        for number, (where, other) in enumerate(self._near):
            if (other > 0) != (silence > 0) and left:
                both = min(abs(left), abs(other))
                left -= both if left > 0 else -both
                self._near[number] = (where, other - both if other > 0 else other + both)
        # A cut subtracts the silences before it that it compensates.
        self.lost_samples += left if silence > 0 else silence - left
        if left:
            self._near.append((position, left))

    def _within(self, number: int) -> int:
        return number if self.samples is None else min(max(number, 0), self.samples)

    @property
    def heard_samples(self) -> int:
        """How many samples of the source came, at its own rate."""
        if self.begins is None or not self.formats:
            return 0
        end = self.samples if self.ends is None else self.ends
        lasted = max(0, (end or 0) - self.begins - self.silent_samples)
        return lasted * int(self.formats[0].split()[0]) // AUDIO_RATE

    @property
    def evidence(self) -> SoundEvidence:
        # The output of an undecodable track is only padding.
        is_heard = bool(self.begins is not None and self.decoded)
        return SoundEvidence(
            begins=self.begins if is_heard else None,
            ends=self.ends if is_heard else None,
            silences=tuple(self.silences),
            silence_count=self.silence_count,
            silent_samples=self.silent_samples,
            lost_samples=self.lost_samples,
            cut_samples=self.cut_samples,
            packets=self.packets,
            undecodable_packets=self.undecodable,
            decoded_samples=self.decoded,
            formats=tuple(self.formats),
            format_count=self.format_count,
        )


def _number(counted: re.Match[str] | None) -> int:
    return int(counted[1]) if counted else 0
