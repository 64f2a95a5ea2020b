"""The multivariant playlist: video renditions, audio renditions, subtitles and I-frames."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, count
from math import ceil
from typing import TypeVar

from chalicelib.catalogue.asset import Asset, AudioTrack, Rung, SubtitleTrack, default_audio
from chalicelib.playback import renditions
from chalicelib.playback.playlists import Urls

T = TypeVar("T", AudioTrack, SubtitleTrack)

# The bit rate with which a player begins before it has measured its bandwidth.
_FIRST_BITS_PER_SECOND = 2_000_000
_UNKNOWN_LANGUAGE = "und"
# As HLS has it of subtitles for the deaf: all that is said, and all other sounds.
_FOR_DEAF = (
    "public.accessibility.transcribes-spoken-dialog,public.accessibility.describes-music-and-sound"
)
_UNMEASURED = Fraction(11, 10)


@dataclass(frozen=True, slots=True)
class Offer:
    """The renditions of an asset that a playlist offers."""

    rungs: Sequence[Rung]
    audio: Sequence[AudioTrack] = ()
    subtitles: Sequence[SubtitleTrack] = ()
    # The I-frame playlists, with their bits per second.
    iframes: Sequence[tuple[Rung, int]] = ()


@dataclass(frozen=True, slots=True)
class _Rates:
    peak: int
    average: int


def multivariant(asset: Asset, offer: Offer, urls: Urls) -> str:
    """Write the playlist, with the URLs of media playlists."""
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"]
    lines += _audio(offer.audio, urls)
    lines += _subtitles(offer.subtitles, urls)
    for rung in _an_affordable_one_first(asset, offer.rungs):
        lines.append(f"#EXT-X-STREAM-INF:{_variant(asset, offer, rung)}")
        lines.append(urls.of(str(renditions.of_rung(rung))))
    for rung, bandwidth in offer.iframes:
        uri = urls.of(str(renditions.iframes_of(rung)))
        lines.append(
            f'#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH={bandwidth},CODECS="{rung.codecs}",'
            f'RESOLUTION={rung.width}x{rung.height},URI="{uri}"'
        )
    return "\n".join([*lines, ""])


def _audio(tracks: Sequence[AudioTrack], urls: Urls) -> Iterator[str]:
    default = default_audio(tracks)
    for track, name in _named(tracks):
        uri = urls.of(str(renditions.of_audio(track)))
        yield (
            f'#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="{name}"{_language(track.language)},'
            f"DEFAULT={_yes(track is default)},AUTOSELECT={_yes(_is_heard_unasked(track, tracks))},"
            f'CHANNELS="2",URI="{uri}"'
        )


def _subtitles(tracks: Sequence[SubtitleTrack], urls: Urls) -> Iterator[str]:
    for track, name in _named(tracks):
        uri = urls.of(str(renditions.of_subtitles(track)))
        yield (
            # MP4 and Matroska set the default flag unless asked not to, so the flag of a source
            # means nothing: subtitles are off until a viewer chooses them.
            f'#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="subtitles",NAME="{name}"'
            f"{_language(track.language)},DEFAULT=NO,AUTOSELECT=YES,"
            f'FORCED={_yes(track.is_forced)}{_characteristics(track)},URI="{uri}"'
        )


def _is_heard_unasked(track: AudioTrack, tracks: Sequence[AudioTrack]) -> bool:
    """Whether players may choose the track by its language: no commentary beside the main one."""
    beside = (each for each in tracks if each.language == track.language and not each.is_for_some)
    return track is default_audio(tracks) or not track.is_for_some or not any(beside)


def _characteristics(track: SubtitleTrack) -> str:
    return f',CHARACTERISTICS="{_FOR_DEAF}"' if track.is_for_deaf else ""


def _variant(asset: Asset, offer: Offer, rung: Rung) -> str:
    sound = [_rates_of_audio(track) for track in offer.audio]
    picture = _rates(asset, rung)
    peak = picture.peak + max((each.peak for each in sound), default=0)
    average = picture.average + max((each.average for each in sound), default=0)
    codecs = dict.fromkeys([rung.codecs, *(track.codecs for track in offer.audio)])
    attributes = [
        f"BANDWIDTH={peak}",
        f"AVERAGE-BANDWIDTH={average}",
        f'CODECS="{",".join(codecs)}"',
        f"RESOLUTION={rung.width}x{rung.height}",
        f"FRAME-RATE={float(asset.grid.rate):.3f}",
        *(['AUDIO="audio"'] if offer.audio else []),
        *(['SUBTITLES="subtitles"'] if offer.subtitles else []),
        # Without this attribute, players would look for captions in the video segments.
        "CLOSED-CAPTIONS=NONE",
    ]
    return ",".join(attributes)


def _an_affordable_one_first(asset: Asset, rungs: Sequence[Rung]) -> Sequence[Rung]:
    first = min(rungs, key=lambda rung: abs(_rates(asset, rung).average - _FIRST_BITS_PER_SECOND))
    return [first, *(rung for rung in rungs if rung is not first)]


def _rates(asset: Asset, rung: Rung) -> _Rates:
    if rung.peak:
        return _Rates(rung.peak, rung.average)
    # A segment may use a full buffer in addition to its maximum rate.
    longest = asset.grid.seconds(asset.grid.frames_per_segment)
    peak = (rung.maxrate_kbps + rung.bufsize_kbps / longest) * 1000
    return _Rates(ceil(peak), rung.maxrate_kbps * 1000)


def _rates_of_audio(track: AudioTrack) -> _Rates:
    if track.peak:
        return _Rates(track.peak, track.average)
    return _Rates(ceil(track.bitrate_kbps * 1000 * _UNMEASURED), track.bitrate_kbps * 1000)


def _named(tracks: Sequence[T]) -> Iterator[tuple[T, str]]:
    """Yield each track with a quotable name, unique within its group."""
    taken: set[str] = set()
    for track in tracks:
        plain = _quotable(track.name) or _quotable(track.language) or "Track"
        spellings = (f"{plain} ({number})" for number in count(2))
        name = next(each for each in chain([plain], spellings) if each not in taken)
        taken.add(name)
        yield track, name


def _language(language: str) -> str:
    if language in ("", _UNKNOWN_LANGUAGE):
        return ""
    return f',LANGUAGE="{_quotable(language)}"'


def _quotable(text: str) -> str:
    printable = "".join(each if each.isprintable() else " " for each in text)
    return " ".join(printable.replace('"', "'").split())


def _yes(condition: object) -> str:
    return "YES" if condition else "NO"
