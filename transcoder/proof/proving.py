"""Apply all rules to a finished encode and return its proof."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from chalicelib.catalogue.asset import Asset, AudioTrack, Rung, default_audio
from chalicelib.catalogue.damage import Decodable
from chalicelib.encoding.chunks import CHUNK
from chalicelib.encoding.plan import Plan
from chalicelib.encoding.task_reports import Report
from transcoder.counts import counted
from transcoder.outputs import objects
from transcoder.proof.checks import RULES
from transcoder.proof.damage_limit import AUDIBLE, DamageLimit
from transcoder.proof.evidence import Evidence, Rates, TrackEvidence
from transcoder.proof.model import Check, Proof, compared
from transcoder.proof.sound import tracks_of
from transcoder.proof.source import SourcePictures, tells_damage
from transcoder.proof.source_checks import source_checks, source_measures, source_notes

_TOLERANCE = Fraction(11, 10)
# What they say would be untrue of a video without a sound track.
_OF_SOUND = frozenset({"audio_frames", "audio_times", "same_duration", "audio_heard"})


def prove(
    plan: Plan,
    reports: Mapping[str, Report],
    *,
    listed: Mapping[str, tuple[int, str]],
    heads: Mapping[str, bytes],
    limit: DamageLimit,
) -> Proof:
    """Apply every rule to the reports of tasks and the objects in the bucket."""
    evidence = Evidence(plan, reports, listed, heads)
    video, audio = _rates(evidence.pictures, evidence), _rates(evidence.sounds, evidence)
    pictures, errors = _decodable(evidence)
    tracks = {track.track.number: track for track in tracks_of(evidence)}
    readable = {number: track.readable for number, track in tracks.items()}
    default = default_audio(evidence.asset.audio)
    without = 1 if _is_silent(plan) else 0
    decodable = Decodable(pictures, readable.get(default.number, 1) if default else without)
    broken = [
        number
        for number, track in tracks.items()
        # What is behind the end of the file is missing in each track.
        if default and number != default.number and limit.leaves_out(track.audible)
    ]
    checks = (
        *_fitting(plan, (rule(evidence) for rule in RULES)),
        *source_checks(evidence),
        _rates_are_held(evidence.asset, video),
        *_fitting(plan, limit.checks(decodable, is_certain=tells_damage(plan))),
    )
    asset = _measured(evidence.asset, video, audio, broken)
    return Proof(
        checks=checks,
        asset=asset,
        notes=(
            *plan.notes,
            *(["It has no sound."] if _is_silent(plan) else []),
            *_notes(
                reports,
                decodable,
                _worth_a_note(errors, evidence, decodable),
                missing=_missing(evidence),
            ),
            *_plays_first(default_audio(plan.asset.audio), default),
            *map(_left_out, broken),
            *source_notes(evidence),
            *limit.notes(decodable),
        ),
        measures={
            "duration_seconds": float(asset.grid.duration),
            "frames": asset.grid.frames,
            "samples": asset.samples if asset.audio else 0,
            "objects": len(list(objects.named_objects(asset))),
            "bytes": sum(file.size for file in evidence.files.values()),
            "decodable": round(pictures, 6),
            "audible": round(decodable.sound, 6),
            "decode_errors": errors,
            **source_measures(evidence),
            "estimated_cpu_seconds": plan.estimated_cpu_seconds,
            "estimated_dollars": plan.estimated_dollars,
            **_bit_rates(asset),
            **_measures(reports),
        },
        decodable=decodable,
    )


def _is_silent(plan: Plan) -> bool:
    """Whether the source has no sound, not even some that cannot be read."""
    return not (plan.asset.audio or plan.is_sound_encrypted or plan.is_sound_lost)


def _fitting(plan: Plan, checks: Iterable[Check]) -> Iterator[Check]:
    """Leave out the checks of sound where there is none."""
    left_out = frozenset[str]() if plan.asset.audio else _OF_SOUND
    left_out |= {AUDIBLE} if _is_silent(plan) else set()
    return (check for check in checks if check.name not in left_out)


def _rates(tracks: Sequence[TrackEvidence], evidence: Evidence) -> list[Rates]:
    target = objects.target_seconds(evidence.asset)
    return [track.rates(target=target) for track in tracks]


def _rates_are_held(asset: Asset, video: Sequence[Rates]) -> Check:
    """Segments in a row, and short videos, may exceed the cap by the buffer; all by a tolerance."""
    faults = []
    for rung, rates in zip(asset.rungs, video, strict=True):
        cap, buffer = rung.maxrate_kbps * 1000, rung.bufsize_kbps * 1000
        most_on_average, burst = cap + buffer / rates.seconds, cap + buffer / rates.peak_seconds
        if rates.average > most_on_average * _TOLERANCE or rates.peak > burst * _TOLERANCE:
            notes = f"{rates.average // 1000} on average, {rates.peak // 1000} at most"
            faults.append(f"{rung.name}: {notes}, of {rung.maxrate_kbps} kbit/s")
    return compared("bit_rates", expected="within the caps and 10%", faults=faults)


def _decodable(evidence: Evidence) -> tuple[float, int]:
    """Return the share of decoded pictures, and the number of complaints of the decoder."""
    chunks = [report for name, report in evidence.reports.items() if name.startswith(CHUNK)]
    if pictures := SourcePictures.of(evidence):
        return pictures.decodable, sum(report.errors for report in chunks)
    decoded = sum(report.decoded_frames for report in chunks)
    there = evidence.plan.picture.frames
    # Where several pictures share a frame of the grid, the last ones may lie after its end.
    behind = -(-there // evidence.asset.grid.frames) - 1
    share = 1.0 if decoded + behind >= there else decoded / there
    return share, sum(report.errors for report in chunks)


def _measured(
    asset: Asset, video: Sequence[Rates], audio: Sequence[Rates], broken: Collection[int]
) -> Asset:
    """Return the asset with its bit rates, without tracks that are broken."""
    return replace(
        asset,
        rungs=tuple(
            replace(rung, peak=rates.peak, average=rates.average)
            for rung, rates in zip(asset.rungs, video, strict=True)
        ),
        audio=tuple(
            replace(track, peak=rates.peak, average=rates.average)
            for track, rates in zip(asset.audio, audio, strict=True)
            if track.number not in broken
        ),
    )


def _plays_first(planned: AudioTrack | None, default: AudioTrack | None) -> list[str]:
    if planned is None or default is None or planned.number == default.number:
        return []
    # People count from 1.
    silent, heard = planned.number + 1, default.number + 1
    return [f"Sound track {silent} is silent; sound track {heard} plays first."]


def _left_out(number: int) -> str:
    # People count from 1.
    return f"Sound track {number + 1}: most of it cannot be decoded; it was left out."


def _worth_a_note(errors: int, evidence: Evidence, decodable: Decodable) -> int:
    """Return the errors, or 0 if nothing is damaged, or if another note names the cause."""
    pictures = SourcePictures.of(evidence)
    is_any_seen = decodable.pictures < 1 or (pictures is not None and pictures.affected > 0)
    # Of a decoder that does not report all damage, errors are the only sign.
    is_suspect = is_any_seen or decodable.sound < 1 or not tells_damage(evidence.plan)
    return errors if is_suspect and not evidence.plan.zeros else 0


def _missing(evidence: Evidence) -> float:
    """Return the share of the planned pictures that is not in the file."""
    expected = evidence.plan.expected
    return expected.missing / max(1, sum(expected.counts)) if expected else 0


def _notes(
    reports: Mapping[str, Report], decodable: Decodable, errors: int, *, missing: float
) -> list[str]:
    """Each note once, even if several chunks report it."""
    notes = [note for name in sorted(reports) for note in reports[name].notes]
    damage = decodable.damage.pictures
    absent = min(damage, Decodable(1 - min(1.0, missing)).damage.pictures)
    if absent:
        notes.append(f"{absent:g}% of the pictures are missing in the file.")
    if decodable.pictures < 1 and (damage > absent or not absent):
        # Together, these make the damage.
        rest = round(damage - absent, 2)
        notes.append(
            f"{rest:g}% of the pictures could not be read whole."
            if rest
            else "Less than 0.01% of the pictures could not be read whole."
        )
    if decodable.sound < 1:
        lost = decodable.damage.sound
        notes.append(
            f"{lost:g}% of the sound could not be decoded."
            if lost
            else "Less than 0.01% of the sound could not be decoded."
        )
    if errors:
        notes.append(
            counted(
                errors,
                one="Decoding met one error; if it can be seen or heard, another note says so.",
                many="Decoding met {} errors; if they can be seen or heard, other notes say so.",
            )
        )
    return list(dict.fromkeys(notes))


def _bit_rates(asset: Asset) -> dict[str, float]:
    tracks: list[tuple[str, Rung | AudioTrack]] = [
        *((rung.name, rung) for rung in asset.rungs),
        *((objects.audio_report(track.number), track) for track in asset.audio),
    ]
    return {
        f"{label}.{what}": value
        for label, track in tracks
        for what, value in (("average", track.average), ("peak", track.peak))
    }


def _measures(reports: Mapping[str, Report]) -> dict[str, float]:
    return {
        f"{name}.{what}": value
        for name in sorted(reports)
        if not name.startswith(CHUNK)
        for what, value in reports[name].measures.items()
    }
