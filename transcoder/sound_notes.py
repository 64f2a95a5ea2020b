"""What a person should know about a sound track: what is missing in it, and why."""

from collections.abc import Iterator

from chalicelib.catalogue.asset import AUDIO_RATE, Asset, AudioTrack
from chalicelib.transcoding.reports import SoundEvidence

# Less of it nobody notices.
_AUDIBLE_SECONDS = 0.05
# Less is usual at both ends of a film, or where a recording begins inside a group of pictures.
_USUAL_SECONDS = 0.1
_SPOKEN_SECONDS = 0.5
_MOST_FORMATS = 4


def notes_on(track: AudioTrack, heard: SoundEvidence, asset: Asset) -> tuple[str, ...]:
    # People count from 1.
    return tuple(f"Sound track {track.number + 1}: {note}" for note in _notes(heard, asset))


def _notes(heard: SoundEvidence, asset: Asset) -> Iterator[str]:
    if heard.begins is None:
        cause = "nothing in it can be decoded" if heard.packets else "there is no sound in it"
        yield f"{cause}; it is silent."
        return
    if len(heard.formats) > 1:
        yield f"it changes from {' to '.join(heard.formats[:_MOST_FORMATS])}."
    yield from _ends(heard.begins / AUDIO_RATE, _end(heard, asset), asset)
    yield from _gaps(heard)


def _ends(begins: float, ends: float, asset: Asset) -> Iterator[str]:
    after = float(asset.grid.duration) - ends
    if begins < -_USUAL_SECONDS:
        yield f"its first {-begins:.1f} s come before the film begins and were cut."
    if begins > _SPOKEN_SECONDS:
        yield f"it begins after {begins:.1f} s; it is silent until then."
    if after > _SPOKEN_SECONDS:
        yield f"it ends {after:.1f} s before the film; it is silent from there."


def _gaps(heard: SoundEvidence) -> Iterator[str]:
    silent, twice = heard.silent_samples / AUDIO_RATE, heard.cut_samples / AUDIO_RATE
    if heard.undecodable_packets:
        share = heard.undecodable_packets / max(1, heard.packets)
        yield f"{share:.2%} of it cannot be decoded; it is silent for {silent:.1f} s in between."
    elif silent > _AUDIBLE_SECONDS:
        yield f"{silent:.1f} s of it are missing in the source; it is silent there."
    if twice > _USUAL_SECONDS:
        yield f"{twice:.1f} s of it come twice, and were cut once."


def _end(heard: SoundEvidence, asset: Asset) -> float:
    return float(asset.grid.duration) if heard.ends is None else heard.ends / AUDIO_RATE
