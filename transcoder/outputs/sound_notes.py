"""Notes for people about an audio track: what is missing in it, and why."""

from collections.abc import Iterator, Sequence

from chalicelib.catalogue.asset import AUDIO_RATE, Asset, AudioTrack
from chalicelib.encoding.plan import SoundTimes
from chalicelib.encoding.task_reports import SoundEvidence

# Shorter gaps cannot be heard.
_AUDIBLE_SECONDS = 0.05
# Less is usual at the start and end, or where a recording starts inside a group of pictures.
_USUAL_SECONDS = 0.1
_SPOKEN_SECONDS = 0.5
# FFmpeg's mixer drops speakers behind the listener above ear level, and others of 22.2; it guesses
# such layouts by the number of channels, if a file does not tell them.
_PARTLY_MIXED = frozenset(
    {"cube", "5.1.4", "7.1.4", "7.2.3", "9.1.4", "9.1.6", "hexadecagonal", "22.2"}
)


def notes_on(
    track: AudioTrack, heard: SoundEvidence, asset: Asset, times: SoundTimes | None
) -> tuple[str, ...]:
    """Return the notes on a track; `times` is None for plans of earlier versions."""
    # People count from 1.
    return tuple(_notes(track.number + 1, heard, asset, times))


def _notes(
    track: int, heard: SoundEvidence, asset: Asset, times: SoundTimes | None
) -> Iterator[str]:
    if heard.begins is None and heard.packets:
        yield f"Sound track {track}: nothing in it can be decoded; it is silent."
    elif heard.begins is None:
        yield f"Sound track {track}: there is no sound in it; it is silent."
    else:
        yield from _changes(track, heard, times)
        yield from partly_mixed(track, heard.formats)
        begins, ends = heard.begins / AUDIO_RATE, _end(heard, asset)
        yield from _ends(track, begins, ends, asset)
        silent = heard.silent_samples / AUDIO_RATE
        scrambled = times.scrambled * asset.grid.duration if times else 0
        silent, missing = (
            max(0.0, each - float(scrambled)) for each in (silent, _missing(heard, silent, times))
        )
        if missing > _AUDIBLE_SECONDS:
            yield (
                f"Sound track {track}: {missing:.1f} s are missing in the source;"
                " it is silent there."
            )
        yield from _undecoded(track, heard, silent - missing)
        overlapping = heard.cut_samples / AUDIO_RATE
        if overlapping > _USUAL_SECONDS:
            yield f"Sound track {track}: {overlapping:.1f} s of it overlap, and were cut."


def _changes(track: int, heard: SoundEvidence, times: SoundTimes | None) -> Iterator[str]:
    if len(heard.formats) <= 1:
        return
    # The header of a damaged frame may name another format, for as long as this frame lasts.
    is_back = set(heard.formats[::2]) == {heard.formats[-1]}
    is_known = times is not None and times.changes_rate
    if heard.undecodable_packets and is_back and not is_known:
        yield (
            f"Sound track {track}: its rate or its channels seem to change for a while;"
            " damage may be the reason."
        )
    else:
        yield f"Sound track {track}: its rate or its channels change on the way."


def _ends(track: int, begins: float, ends: float, asset: Asset) -> Iterator[str]:
    after = float(asset.grid.duration) - ends
    if begins < -_USUAL_SECONDS:
        early = f"{-begins:.1f}"
        yield f"Sound track {track}: its first {early} s, before the film begins, were cut."
    if begins > _SPOKEN_SECONDS:
        yield f"Sound track {track}: it begins after {begins:.1f} s; it is silent until then."
    if after > _SPOKEN_SECONDS:
        yield f"Sound track {track}: it ends {after:.1f} s before the film."


def _missing(heard: SoundEvidence, silent: float, times: SoundTimes | None) -> float:
    """Seconds of the inserted silence for which the source has no packets."""
    if times is not None:
        return min(silent, float(times.missing))
    return 0 if heard.undecodable_packets else silent


def _undecoded(track: int, heard: SoundEvidence, silent: float) -> Iterator[str]:
    """Decoders may skip more than they report, and a slow clock leaves silence as well."""
    if not heard.undecodable_packets:
        if silent > _AUDIBLE_SECONDS:
            yield f"Sound track {track}: {silent:.1f} s of silence were filled in."
        return
    # The report says how much, by all that it knows.
    if silent > _AUDIBLE_SECONDS:
        yield f"Sound track {track}: not all of it can be decoded ({silent:.1f} s of silence)."
    else:
        yield f"Sound track {track}: not all of it can be decoded."


def _end(heard: SoundEvidence, asset: Asset) -> float:
    return float(asset.grid.duration) if heard.ends is None else heard.ends / AUDIO_RATE


def unmixed(track: int, *, is_one: bool) -> str:
    """`is_one`: the first channel is heard on both sides."""
    if is_one:
        return f"Sound track {track}: its channels cannot be mixed; only the first one is heard."
    return f"Sound track {track}: its channels cannot be mixed; only the first ones are heard."


def partly_mixed(track: int, formats: Sequence[str]) -> Iterator[str]:
    """Name each layout, once, of which speakers besides that for bass are dropped."""
    layouts = (each.split("Hz ", 1)[-1] for each in formats)
    for layout in dict.fromkeys(each for each in layouts if each in _PARTLY_MIXED):
        yield f"Sound track {track}: some of its channels ({layout}) are not heard."
