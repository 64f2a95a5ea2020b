"""The ladder: sizes and bit rates of video and audio, and the rungs that a source gets.

A rung is a class of sizes: all that fit into its 16:9 box, in either orientation. So a source of
1920x800 is "1080p", as people expect, and no rung is larger than its source.
"""

from dataclasses import dataclass
from fractions import Fraction

from chalicelib.catalogue.asset import Asset, Rung, Storyboard

_BLOCK = 16
# The bit rates of the levels are for Baseline and Main; times this for High profile.
_HIGH = Fraction(5, 4)
# Reference frames of the encoder; presets up to "slow" use no more.
_REFERENCES = 4


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
class RungClass:
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
    RungClass(2160, crf=24, maxrate_kbps=20_000, bufsize_kbps=40_000),
    RungClass(1440, crf=24, maxrate_kbps=12_000, bufsize_kbps=24_000),
    # CRF 23: the default of x264. The maxima of 1080p, 720p and 480p are promised to operators of
    # networks; each buffer holds the length of a GOP.
    RungClass(1080, crf=23, maxrate_kbps=7_500, bufsize_kbps=15_000),
    RungClass(720, crf=23, maxrate_kbps=4_000, bufsize_kbps=8_000),
    # CRF 22: from here on every screen enlarges the picture and its errors with it.
    RungClass(480, crf=22, maxrate_kbps=1_750, bufsize_kbps=3_500),
    # Half of the rung above, with half of its pixels.
    RungClass(360, crf=22, maxrate_kbps=900, bufsize_kbps=1_800),
    # Plays over slow mobile networks.
    RungClass(240, crf=22, maxrate_kbps=450, bufsize_kbps=900),
)
# A file for clients that know no playlists. No rung: it would cost every video a playlist and
# segments that hardly any player chooses.
MP4_ONLY = RungClass(120, crf=22, maxrate_kbps=225, bufsize_kbps=450)
# AAC in stereo, the same for every size.
AUDIO_KBPS = 128
# A source that is slightly cropped still belongs to the class, at its own size.
_NEARLY = Fraction(9, 10)


def rungs_for(source: Size, rate: Fraction) -> tuple[Rung, ...]:
    """Return the rungs for a displayed size, the largest first, at least one."""
    classes = [
        rung_class for rung_class in LADDER if _factor(source, *rung_class.box) * _NEARLY <= 1
    ] or [LADDER[-1]]
    return tuple(_rung(rung_class, fitted(source, *rung_class.box), rate) for rung_class in classes)


def mp4_only(asset: Asset) -> Rung:
    """Return the size of which there is an MP4 file only, in the shape of the largest rung."""
    largest = asset.rungs[0]
    size = fitted(Size(largest.width, largest.height), *MP4_ONLY.box)
    return _rung(MP4_ONLY, size, asset.grid.rate)


def fitted(source: Size, long_side: Fraction | int, short_side: Fraction | int) -> Size:
    """Scale the source into the box, in either orientation, with even sides."""
    scale = min(Fraction(1), _factor(source, long_side, short_side))
    return Size(_even(source.width * scale), _even(source.height * scale))


def _factor(source: Size, long_side: Fraction | int, short_side: Fraction | int) -> Fraction:
    return min(Fraction(long_side) / source.long_side, Fraction(short_side) / source.short_side)


def _even(length: Fraction) -> int:
    # Halves are rounded down: never above the source.
    return max(2, 2 * -(-(length - 1) // 2))


def _rung(rung_class: RungClass, size: Size, rate: Fraction) -> Rung:
    return Rung(
        name=rung_class.name,
        width=size.width,
        height=size.height,
        level=level_of(size.width, size.height, rate, maxrate_kbps=rung_class.maxrate_kbps),
        crf=rung_class.crf,
        maxrate_kbps=rung_class.maxrate_kbps,
        bufsize_kbps=rung_class.bufsize_kbps,
    )


# Storyboard tiles, which players show above the seek bar: a finger's width on a telephone, and a
# hundred of them on a sheet stay below half a megabyte.
_TILE_LONG_SIDE, _TILE_SHORT_SIDE = 160, 90


def storyboard_of(size: Size) -> Storyboard:
    """Plan one tile for each segment of a picture of this size."""
    tile = fitted(size, _TILE_LONG_SIDE, _TILE_SHORT_SIDE)
    return Storyboard(tile.width, tile.height)


@dataclass(frozen=True, slots=True)
class Level:
    name: str
    blocks_per_second: int
    blocks: int
    buffered_blocks: int
    kbps: int


# Limits that a decoder must support: ITU-T H.264, table A-1.
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
