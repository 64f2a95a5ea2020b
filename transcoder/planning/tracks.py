"""Audio and subtitle tracks of a plan, with distinct names for viewers."""

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from chalicelib.catalogue.asset import BESIDE_THE_SOURCE, AudioTrack, SubtitleTrack
from chalicelib.catalogue.language_tags import UNKNOWN, own_name, without_own_region
from chalicelib.encoding.model import Sidecar
from transcoder.planning.ladder import AUDIO_KBPS
from transcoder.probing.model import SoundFacts, TextFacts

_LONGEST_NAME = 60
_FOR_DEAF = " (SDH)"


def audio_tracks(sounds: Sequence[SoundFacts]) -> tuple[AudioTrack, ...]:
    names = _distinct(_name(each.title, each.language, "Audio") for each in sounds)
    # Exactly one track is the default.
    default = next((at for at, each in enumerate(sounds) if each.is_default), 0)
    return tuple(
        AudioTrack(
            number=number,
            stream=each.stream,
            language=each.language,
            name=name,
            is_default=number == default,
            bitrate_kbps=AUDIO_KBPS,
            is_for_some=sounds[number].is_for_some,
        )
        for number, (each, name) in enumerate(zip(sounds, names, strict=True))
    )


def for_some(sounds: Sequence[SoundFacts]) -> tuple[int, ...]:
    """Numbers of the audio tracks for some viewers alone, such as commentaries."""
    return tuple(number for number, each in enumerate(sounds) if each.is_for_some)


def subtitle_tracks(texts: Sequence[TextFacts]) -> tuple[SubtitleTrack, ...]:
    names = _distinct(_name(each.title, each.language, "Subtitles") for each in texts)
    # Players show the forced track in the language of the audio.
    default = next(
        (at for at, each in enumerate(texts) if each.is_default and not each.is_forced), None
    )
    return tuple(
        SubtitleTrack(
            number=number,
            stream=each.stream,
            language=each.language,
            name=name,
            is_default=number == default,
            is_forced=each.is_forced,
            is_for_deaf=each.is_for_deaf,
        )
        for number, (each, name) in enumerate(zip(texts, names, strict=True))
    )


def with_sidecars(
    tracks: Sequence[SubtitleTrack], sidecars: Sequence[Sidecar], for_some: Collection[int] = ()
) -> tuple[SubtitleTrack, ...]:
    """Add the subtitles of separate files; they replace those of the same language and kind.

    The comments among the streams for some viewers are never replaced.
    """
    replaced = replaced_by(sidecars, tracks, for_some)
    added = [
        SubtitleTrack(
            number=0,
            stream=BESIDE_THE_SOURCE,
            language=sidecar.language,
            name=_name("", sidecar.language, _tag(sidecar.language) or "Subtitles")
            + _FOR_DEAF * sidecar.is_for_deaf,
            is_default=False,
            is_forced=sidecar.is_forced,
            sidecar_key=sidecar.key,
            is_for_deaf=sidecar.is_for_deaf,
        )
        for sidecar in sidecars
    ]
    kept = [track for track in tracks if track not in replaced]
    names = _distinct(track.name for track in [*kept, *added])
    return tuple(
        replace(track, number=number, name=name)
        for number, (track, name) in enumerate(zip([*kept, *added], names, strict=True))
    )


def replaced_by(
    sidecars: Sequence[Sidecar], tracks: Sequence[SubtitleTrack], for_some: Collection[int]
) -> list[SubtitleTrack]:
    beside = {_kind(sidecar) for sidecar in sidecars}
    texts = (each for each in tracks if each.is_for_deaf or each.stream not in for_some)
    return [each for each in texts if _kind(each) in beside]


def _kind(of: Sidecar | SubtitleTrack) -> tuple[str, bool, bool]:
    return without_own_region(of.language), of.is_forced, of.is_for_deaf


def _tag(language: str) -> str:
    return "" if language == UNKNOWN else language


def _name(title: str, language: str, otherwise: str) -> str:
    return readable(title) or own_name(language) or otherwise


def readable(title: str) -> str:
    """Remove characters that break a playlist or change the direction of text."""
    kept = "".join(
        character
        for character in title[: 4 * _LONGEST_NAME]
        if character == " " or unicodedata.category(character)[0] not in "CZ"
    )
    return " ".join(kept.replace('"', "'").split())[:_LONGEST_NAME].strip()


def _distinct(names: Iterable[str]) -> Iterator[str]:
    taken = set[str]()
    for name in names:
        count, free = 1, name
        while free in taken:
            count += 1
            free = f"{name} {count}"
        taken.add(free)
        yield free
