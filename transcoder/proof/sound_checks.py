"""Whether the sound of the source is in the film: what its packets say against what was decoded."""

from collections.abc import Iterator, Mapping
from fractions import Fraction

from chalicelib.catalogue.asset import AUDIO_RATE, AudioTrack
from chalicelib.transcoding.plan import Plan, SoundTimes
from chalicelib.transcoding.reports import Report, SoundEvidence
from transcoder.proof.evidence import Evidence
from transcoder.proof.model import Check, compared
from transcoder.proof.objects import audio_report

# What encoders put in front and at the end, a frame or two of any codec.
_TOLERATED_SECONDS = Fraction(1, 10)
# A decoder that fails over a packet may need a few more until it is in step again.
_PACKETS_PER_FAILURE = 3
_SILENT_LUFS, _AUDIBLE_LUFS = -69.0, -60.0


def sound_is_heard_where_the_source_has_it(evidence: Evidence) -> Check:
    plan, faults = evidence.plan, list[str]()
    for track, times in _known(plan):
        report = evidence.reports.get(audio_report(track.number))
        # Reports of before hold no evidence.
        if report is None or report.sound is None:
            continue
        label = f"audio {track.number}"
        faults += [f"{label} {fault}" for fault in _silence(report.measures)]
        if times is not None:
            faults += [f"{label} {fault}" for fault in _faults(plan, times, report, report.sound)]
    return compared("audio_heard", expected="each track from begin to end", faults=faults)


def _known(plan: Plan) -> Iterator[tuple[AudioTrack, SoundTimes | None]]:
    times = [*plan.sounds, *[None] * len(plan.asset.audio)]
    yield from zip(plan.asset.audio, times, strict=False)


def _silence(measures: Mapping[str, float]) -> Iterator[str]:
    heard, made = measures.get("found_lufs"), measures.get("made_lufs")
    if heard is not None and heard > _AUDIBLE_LUFS and made is not None and made < _SILENT_LUFS:
        yield "is silent, and in the source it is not"


def _faults(plan: Plan, times: SoundTimes, report: Report, heard: SoundEvidence) -> Iterator[str]:
    duration = plan.asset.grid.duration
    begins, ends = times.begins - plan.picture.start, times.ends - plan.picture.start
    expected = min(ends, duration) - max(begins, Fraction(0))
    if expected <= _TOLERATED_SECONDS:
        return
    lost = _lost(report, heard) * (ends - begins)
    if heard.begins is None:
        if lost < expected:
            yield f"was not decoded, for {float(expected):.3f} s"
        return
    begun = Fraction(heard.begins, AUDIO_RATE)
    if not -_TOLERATED_SECONDS <= begun - begins <= lost + _TOLERATED_SECONDS:
        yield f"begins at {float(begun):.3f} instead of {float(begins):.3f} s"
    ended = duration if heard.ends is None else Fraction(heard.ends, AUDIO_RATE)
    if ended < min(ends, duration) - lost - _TOLERATED_SECONDS:
        yield f"ends at {float(ended):.3f} instead of {float(min(ends, duration)):.3f} s"
    silent = _silent(heard)
    if silent > times.missing + lost + _TOLERATED_SECONDS:
        yield f"is silent for {float(silent):.3f} s, {float(times.missing):.3f} of them missing"


def _silent(heard: SoundEvidence) -> Fraction:
    """Return the seconds of silence that are more than a slow or fast clock set right."""
    lengths = [end - begin for begin, end in heard.silences]
    if sum(lengths) < heard.silent_samples:
        count = max(1, heard.silence_count)
        lengths = [heard.silent_samples // count] * count
    limit = _TOLERATED_SECONDS * AUDIO_RATE
    return Fraction(sum(each for each in lengths if each > limit), AUDIO_RATE)


def _lost(report: Report, heard: SoundEvidence) -> Fraction:
    """Of all that the decoder was given, which share it could not make sound of, at most."""
    if not heard.packets:
        return Fraction(0)
    # At the end of the film some are left that were read already.
    in_silence = 0 if heard.ends is None else heard.packets - report.decoded_frames
    failed = max(heard.undecodable_packets, in_silence)
    return Fraction(failed * _PACKETS_PER_FAILURE, heard.packets)
