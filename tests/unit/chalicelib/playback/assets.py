"""Sample assets for the tests of playback."""

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
