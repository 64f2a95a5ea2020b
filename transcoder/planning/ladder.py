"""The ladder: sizes and bit rates of picture and sound, and which of them a source gets.

A rung is a class: what fits into its 16:9 box, either way up. So a film of 1920x800 is "1080p",
as people expect, and no rung is ever larger than its source.
"""

from dataclasses import dataclass
from fractions import Fraction

from chalicelib.catalogue.asset import Rung
from transcoder.planning.levels import level_of


@dataclass(frozen=True, slots=True)
class Size:
    width: int
    height: int

    @property
    def pixels(self) -> int:
        return self.width * self.height

    @property
    def long_side(self) -> int:
        return max(self.width, self.height)

    @property
    def short_side(self) -> int:
        return min(self.width, self.height)


@dataclass(frozen=True, slots=True)
class Step:
    lines: int
    crf: int
    maxrate_kbps: int
    bufsize_kbps: int

    @property
    def name(self) -> str:
        return f"{self.lines}p"

    @property
    def box(self) -> tuple[Fraction, int]:
        return Fraction(16, 9) * self.lines, self.lines


LADDER = (
    # CRF 24: a pixel is so small on any screen that its errors are not seen.
    # 20 Mb/s: what homes with a 4K set have; 12 lies between that and 1080p.
    Step(2160, crf=24, maxrate_kbps=20_000, bufsize_kbps=40_000),
    Step(1440, crf=24, maxrate_kbps=12_000, bufsize_kbps=24_000),
    # CRF 23: x264's own balance. The maxima of 1080p, 720p and 480p are the house's promise to
    # networks; each buffer holds two seconds, the length of a GOP.
    Step(1080, crf=23, maxrate_kbps=7_500, bufsize_kbps=15_000),
    Step(720, crf=23, maxrate_kbps=4_000, bufsize_kbps=8_000),
    # CRF 22: from here on every screen enlarges the picture and its errors with it.
    Step(480, crf=22, maxrate_kbps=1_750, bufsize_kbps=3_500),
    # Half of the step above, with half of its pixels.
    Step(360, crf=22, maxrate_kbps=900, bufsize_kbps=1_800),
    # What still passes through a telephone network that calls itself bad.
    Step(240, crf=22, maxrate_kbps=450, bufsize_kbps=900),
)
# AAC in stereo, the same for every size.
AUDIO_KBPS = 128
# A source that misses a class by cropped edges is still of that class, at its own size.
_NEARLY = Fraction(9, 10)


def rungs_for(source: Size, rate: Fraction) -> tuple[Rung, ...]:
    """Return the rungs for a picture as people see it, the largest first, at least one."""
    steps = [step for step in LADDER if _scale(source, step) * _NEARLY <= 1] or [LADDER[-1]]
    return tuple(_rung(step, fitted(source, *step.box), rate) for step in steps)


def fitted(source: Size, long_side: Fraction | int, short_side: Fraction | int) -> Size:
    """Make the source small enough for the box, either way up, with even sides."""
    scale = min(Fraction(1), _factor(source, long_side, short_side))
    return Size(_even(source.width * scale), _even(source.height * scale))


def _scale(source: Size, step: Step) -> Fraction:
    return _factor(source, *step.box)


def _factor(source: Size, long_side: Fraction | int, short_side: Fraction | int) -> Fraction:
    return min(Fraction(long_side) / source.long_side, Fraction(short_side) / source.short_side)


def _even(length: Fraction) -> int:
    # A half goes down: never above the source.
    return max(2, 2 * -(-(length - 1) // 2))


def _rung(step: Step, size: Size, rate: Fraction) -> Rung:
    return Rung(
        name=step.name,
        width=size.width,
        height=size.height,
        level=level_of(size.width, size.height, rate, maxrate_kbps=step.maxrate_kbps),
        crf=step.crf,
        maxrate_kbps=step.maxrate_kbps,
        bufsize_kbps=step.bufsize_kbps,
    )
