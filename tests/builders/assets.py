"""Assets of encodes and of playback that many tests are about."""

from fractions import Fraction

from chalicelib.catalogue.asset import (
    Asset,
    AudioTrack,
    Container,
    Grid,
    Rung,
    Storyboard,
    SubtitleTrack,
)

RUNGS = (
    Rung("1080p", 1920, 1080, "4.0", 23, 7500, 15000, peak=8_100_000, average=5_200_000),
    Rung("720p", 1280, 720, "3.1", 23, 4000, 8000, peak=4_300_000, average=2_900_000),
    Rung("480p", 854, 480, "3.0", 23, 1750, 3500, peak=2_050_000, average=1_600_000),
)
ENGLISH = AudioTrack(0, 1, "en", "English", is_default=True, peak=140_000, average=128_000)
GERMAN = AudioTrack(1, 2, "de", "Deutsch", is_default=False, peak=141_000, average=127_000)
SUBTITLES = SubtitleTrack(0, 3, "de", "Deutsch", is_default=False)


def asset(  # noqa: PLR0913 - a test names what it is about
    *,
    seconds: float = 20,
    rate: Fraction = Fraction(25),
    container: Container = Container.FMP4,
    rungs: tuple[Rung, ...] = RUNGS,
    audio: tuple[AudioTrack, ...] = (ENGLISH,),
    subtitles: tuple[SubtitleTrack, ...] = (),
    has_iframes: bool = False,
) -> Asset:
    return Asset(
        container=container,
        grid=Grid(rate, round(seconds * rate), round(2 * rate), gops_per_segment=3),
        rungs=rungs,
        audio=audio,
        subtitles=subtitles,
        storyboard=Storyboard(160, 90),
        has_iframes=has_iframes,
    )


def an_asset(segments: int = 10, *, tracks: int = 1, subtitles: int = 1) -> Asset:
    """So many segments of 6 s, at 25 frames a second."""
    return Asset(
        container=Container.FMP4,
        grid=Grid(Fraction(25), segments * 150, 50, gops_per_segment=3),
        rungs=(
            Rung("720p", 1280, 720, "3.1", 22, 4000, 8000),
            Rung("360p", 640, 360, "3.0", 23, 900, 1800),
        ),
        audio=tuple(AudioTrack(n, n + 1, "en", "English", n == 0) for n in range(tracks)),
        subtitles=tuple(
            SubtitleTrack(n, n + 5, "de", "Deutsch", is_default=False) for n in range(subtitles)
        ),
    )
