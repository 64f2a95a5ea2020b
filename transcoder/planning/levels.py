"""H.264 levels: limits that a decoder must support (ITU-T H.264, table A-1)."""

from dataclasses import dataclass
from fractions import Fraction

_BLOCK = 16
# The bit rates of the table, which are for Baseline and Main, times this for High profile.
_HIGH = Fraction(5, 4)
# Reference frames of the encoder; presets up to "slow" use no more.
_REFERENCES = 4


@dataclass(frozen=True, slots=True)
class Level:
    name: str
    blocks_per_second: int
    blocks: int
    buffered_blocks: int
    kbps: int


_LEVELS = (
    Level("1.3", 11_880, 396, 2_376, 768),
    Level("2.1", 19_800, 792, 4_752, 4_000),
    Level("2.2", 20_250, 1_620, 8_100, 4_000),
    Level("3.0", 40_500, 1_620, 8_100, 10_000),
    Level("3.1", 108_000, 3_600, 18_000, 14_000),
    Level("3.2", 216_000, 5_120, 20_480, 20_000),
    Level("4.0", 245_760, 8_192, 32_768, 20_000),
    Level("4.2", 522_240, 8_704, 34_816, 50_000),
    Level("5.0", 589_824, 22_080, 110_400, 135_000),
    Level("5.1", 983_040, 36_864, 184_320, 240_000),
    Level("5.2", 2_073_600, 36_864, 184_320, 240_000),
)


def level_of(width: int, height: int, rate: Fraction, *, maxrate_kbps: int) -> str:
    """Return the lowest sufficient level."""
    across, down = -(-width // _BLOCK), -(-height // _BLOCK)
    blocks = across * down
    enough = (
        level.name
        for level in _LEVELS
        if blocks <= level.blocks
        and blocks * rate <= level.blocks_per_second
        and blocks * _REFERENCES <= level.buffered_blocks
        # Neither side may exceed the square root of eight times the area.
        and max(across, down) ** 2 <= 8 * level.blocks
        and maxrate_kbps <= level.kbps * _HIGH
    )
    return next(enough, _LEVELS[-1].name)
