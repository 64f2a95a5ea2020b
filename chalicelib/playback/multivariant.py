"""The multivariant playlist: sizes of the picture, languages of the sound, subtitles."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, count
from math import ceil
from typing import TypeVar

from chalicelib.catalogue.asset import Asset, AudioTrack, Rung, SubtitleTrack
from chalicelib.playback import renditions
from chalicelib.playback.playlists import Address

T = TypeVar("T", AudioTrack, SubtitleTrack)

# Where a player that knows nothing of its line yet begins.
_FIRST_BITS_PER_SECOND = 2_000_000
_UNKNOWN_LANGUAGE = "und"
_UNMEASURED = Fraction(11, 10)


@dataclass(frozen=True, slots=True)
class Offer:
    """What of an asset a player may choose from."""

    rungs: Sequence[Rung]
    audio: Sequence[AudioTrack] = ()
    subtitles: Sequence[SubtitleTrack] = ()
    # The I-frame playlists there are, with their bits per second.
    iframes: Sequence[tuple[Rung, int]] = ()


@dataclass(frozen=True, slots=True)
class _Rates:
    peak: int
    average: int


def multivariant(asset: Asset, offer: Offer, address: Address) -> str:
    """List the offer; `address` makes the URI of a media playlist from its name."""
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"]
    lines += _audio(offer.audio, address)
    lines += _subtitles(offer.subtitles, address)
    for rung in _an_affordable_one_first(asset, offer.rungs):
        lines.append(f"#EXT-X-STREAM-INF:{_variant(asset, offer, rung)}")
        lines.append(address(str(renditions.of_rung(rung))))
    for rung, bandwidth in offer.iframes:
        uri = address(str(renditions.iframes_of(rung)))
        lines.append(
            f'#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH={bandwidth},CODECS="{rung.codecs}",'
            f'RESOLUTION={rung.width}x{rung.height},URI="{uri}"'
        )
    return "\n".join([*lines, ""])


def _audio(tracks: Sequence[AudioTrack], address: Address) -> Iterator[str]:
    default = _default(tracks)
    for track, name in _named(tracks):
        uri = address(str(renditions.of_audio(track)))
        yield (
            f'#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="{name}"{_language(track.language)},'
            f'DEFAULT={_yes(track is default)},AUTOSELECT=YES,CHANNELS="2",URI="{uri}"'
        )


def _subtitles(tracks: Sequence[SubtitleTrack], address: Address) -> Iterator[str]:
    for track, name in _named(tracks):
        uri = address(str(renditions.of_subtitles(track)))
        yield (
            # MP4 and Matroska mark a track as the default unless told otherwise, so the mark of a
            # source says nothing about what viewers want: subtitles are on when they are chosen.
            f'#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="subtitles",NAME="{name}"'
            f"{_language(track.language)},DEFAULT=NO,AUTOSELECT=YES,"
            f'FORCED={_yes(track.is_forced)},URI="{uri}"'
        )


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
        # No captions are hidden in the picture; without a word, players would look for some.
        "CLOSED-CAPTIONS=NONE",
    ]
    return ",".join(attributes)


def _an_affordable_one_first(asset: Asset, rungs: Sequence[Rung]) -> Sequence[Rung]:
    first = min(rungs, key=lambda rung: abs(_rates(asset, rung).average - _FIRST_BITS_PER_SECOND))
    return [first, *(rung for rung in rungs if rung is not first)]


def _rates(asset: Asset, rung: Rung) -> _Rates:
    if rung.peak:
        return _Rates(rung.peak, rung.average)
    # A segment may empty a full buffer on top of what flows into it meanwhile.
    longest = asset.grid.seconds(asset.grid.frames_per_segment)
    peak = (rung.maxrate_kbps + rung.bufsize_kbps / longest) * 1000
    return _Rates(ceil(peak), rung.maxrate_kbps * 1000)


def _rates_of_audio(track: AudioTrack) -> _Rates:
    if track.peak:
        return _Rates(track.peak, track.average)
    return _Rates(ceil(track.bitrate_kbps * 1000 * _UNMEASURED), track.bitrate_kbps * 1000)


def _default(tracks: Sequence[AudioTrack]) -> AudioTrack | None:
    return next((track for track in tracks if track.is_default), tracks[0] if tracks else None)


def _named(tracks: Sequence[T]) -> Iterator[tuple[T, str]]:
    """Names come from files of strangers, and have to differ within a group."""
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
