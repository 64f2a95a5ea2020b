"""Rules for the sound of the source: what was decoded matches its packets."""

from collections.abc import Iterator, Mapping

from transcoder.proof.evidence import Evidence
from transcoder.proof.model import Check, compared
from transcoder.proof.sound import TOLERATED_SECONDS, TrackSound, tracks_of

_SILENT_LUFS, _AUDIBLE_LUFS = -69.0, -60.0


def sound_is_heard_where_the_source_has_it(evidence: Evidence) -> Check:
    faults = [
        f"{track.label} {fault}"
        for track in tracks_of(evidence)
        for fault in (
            *_silence(track.report.measures),
            *(list(_faults(track)) or _too_little(track)),
        )
    ]
    return compared("audio_heard", expected="each track from begin to end", faults=faults)


def _silence(measures: Mapping[str, float]) -> Iterator[str]:
    source, output = measures.get("found_lufs"), measures.get("made_lufs")
    if source is None or output is None:
        return
    if source > _AUDIBLE_LUFS and output < _SILENT_LUFS:
        yield "is silent, and in the source it is not"


def _faults(track: TrackSound) -> Iterator[str]:
    times, expected = track.times, track.expected_seconds
    if times is None or expected <= TOLERATED_SECONDS:
        return
    lost = track.explained_seconds
    if track.heard.begins is None:
        if lost < expected:
            yield f"was not decoded, for {float(expected):.3f} s"
        return
    begun, begins = track.begun, track.begins
    is_early = begun < begins - TOLERATED_SECONDS
    if is_early or track.unheard_before_seconds > lost + TOLERATED_SECONDS:
        yield f"begins at {float(begun):.3f} instead of {float(begins):.3f} s"
    if track.unheard_after_seconds > lost + TOLERATED_SECONDS:
        yield f"ends at {float(track.ended):.3f} instead of {float(track.ends):.3f} s"
    silent, missing = track.silent_seconds, track.missing_seconds
    if silent > missing + lost + TOLERATED_SECONDS:
        yield f"is silent for {float(silent):.3f} s, {float(missing):.3f} of them missing"
    elif (misplaced := track.misplaced_seconds) > lost + TOLERATED_SECONDS:
        yield f"is silent for {float(misplaced):.3f} s where the source has sound"


def _too_little(track: TrackSound) -> Iterator[str]:
    """Losses that are tolerated one by one, but not together."""
    if track.times is not None and track.heard.begins is not None and track.is_unheard:
        unheard, expected = track.unheard_seconds, track.expected_seconds
        yield f"is not heard for {float(unheard):.3f} of {float(expected):.3f} s"
