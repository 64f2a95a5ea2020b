"""Rules and notes that compare the plan with the pictures and sound that decoders delivered."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import inf

from chalicelib.encoding.task_reports import Report
from transcoder.counts import counted
from transcoder.outputs.objects import audio_report
from transcoder.proof.evidence import Evidence
from transcoder.proof.model import Check, compared
from transcoder.proof.sound import TOLERATED_SECONDS, TrackSound, tracks_of
from transcoder.proof.source import SourcePictures, tells_damage

# In frames of the grid.
_NEAR = 1
# Of pictures; a difference of less is not worth a note of its own.
_NEAR_SHARE = 0.05
# Pictures that may share a frame although this is not planned: a number, or a share of all.
_FEW_DISPLACED, _FEW_DISPLACED_SHARE = 2, 0.01
_UNKNOWN = "not measured: an earlier version made a part of it"
_SILENT_LUFS, _AUDIBLE_LUFS = -69.0, -60.0


# What a rule says: whether it holds, what was expected, and what came.
Verdict = tuple[bool, str, str]


def source_checks(evidence: Evidence) -> Iterator[Check]:
    pictures = SourcePictures.of(evidence)
    for name, rule in _RULES.items():
        verdict = rule(pictures) if pictures else (True, "as planned", _UNKNOWN)
        yield Check(name, *verdict)


def _every_picture_of_the_source_comes(pictures: SourcePictures) -> Verdict:
    """Pictures whose loss damage explains are not missing here: they count as damage."""
    lost, explained = pictures.unexplained, pictures.explained
    came = [f"{pictures.came} came"]
    came += [f"damage explains {explained} missing ones"] if explained else []
    came += [f"{lost} missing though nothing is damaged"] if lost else []
    return lost == 0, _pictures(pictures.stored), "; ".join(came)


def _the_source_begins_where_planned(pictures: SourcePictures) -> Verdict:
    planned, first = pictures.expected.first_frame, pictures.first
    expected = f"the first picture at {_time(pictures, planned)}"
    if before := pictures.before:
        verb = counted(before, one="one picture comes", many="{} pictures come")
        return False, expected, f"{verb} before it"
    if first is None:
        return True, expected, _UNKNOWN
    begin = first.first_frame
    if begin is None:
        return first.is_begin_excused, expected, "no picture came"
    is_late = begin > planned + _NEAR and not first.is_begin_excused
    measured = f"the first picture at {_time(pictures, begin)}"
    return not is_late and begin >= planned - _NEAR, expected, measured


def _the_source_ends_where_planned(pictures: SourcePictures) -> Verdict:
    """Within one frame: no end is cut off, and no last picture is held too long."""
    planned, end = pictures.expected.last_frame, pictures.end
    expected = f"the last picture at {_time(pictures, planned)}"
    if not pictures.is_end_known:
        return True, expected, _UNKNOWN
    if end is None:
        return False, expected, "no picture came"
    measured = f"the last picture at {_time(pictures, end)}"
    is_early = end < planned - _NEAR and not pictures.is_end_excused
    return not is_early and end <= planned + _NEAR, expected, measured


def _no_picture_is_held_longer_than_planned(pictures: SourcePictures) -> Verdict:
    planned, longest = pictures.expected.longest_hold, pictures.longest_hold
    rate, damaged = pictures.plan.asset.grid.rate, pictures.longest_damaged_hold
    expected = f"none held for more than {float(planned / rate):.3f} s"
    if longest is None or (damaged and not longest):
        return True, expected, "not measured: damage may explain how long each is held"
    measured = f"{float(longest / rate):.3f} s"
    if damaged > longest:
        measured += f"; {float(damaged / rate):.3f} s where it is damaged"
    return longest <= planned + _NEAR, expected, measured


def _every_picture_is_displayed_as_planned(pictures: SourcePictures) -> Verdict:
    planned, displayed = pictures.expected.displaced, pictures.displayed
    if planned is None or displayed is None:
        return True, "hardly any picture not shown", _UNKNOWN
    few = max(_FEW_DISPLACED, pictures.planned * _FEW_DISPLACED_SHARE)
    stored, most = pictures.stored + pictures.overlapping, planned + pictures.overlapping + few
    return (
        pictures.displaced <= most,
        f"at most {int(most) + pictures.behind} of {_pictures(stored)} not shown",
        f"{pictures.displaced + pictures.behind} not shown",
    )


def _pictures(count: int) -> str:
    return counted(count, one="one picture", many="{} pictures")


def _time(pictures: SourcePictures, frame: int) -> str:
    """Return the time of a frame in the source's clock."""
    plan = pictures.plan
    return f"{float(plan.picture.start + frame / plan.asset.grid.rate):.3f} s"


_RULES: Mapping[str, Callable[[SourcePictures], Verdict]] = {
    "source_pictures": _every_picture_of_the_source_comes,
    "source_begins": _the_source_begins_where_planned,
    "source_ends": _the_source_ends_where_planned,
    "source_displayed": _every_picture_is_displayed_as_planned,
    "source_holds": _no_picture_is_held_longer_than_planned,
}


def source_measures(evidence: Evidence) -> Mapping[str, int]:
    pictures = SourcePictures.of(evidence)
    if pictures is None:
        return {}
    return {
        "source_pictures": pictures.stored,
        "delivered_pictures": pictures.came,
        "damaged_pictures": pictures.damaged,
        "affected_pictures": pictures.affected,
        **({} if pictures.displayed is None else {"displayed_pictures": pictures.displayed}),
    }


def source_notes(evidence: Evidence) -> Iterator[str]:
    if not tells_damage(evidence.plan):
        yield "In this codec not all damage can be measured; an undamaged source is not affected."
    if pictures := SourcePictures.of(evidence):
        yield from _of_the_plan(pictures)
        yield from _of_damage(pictures)


def _of_the_plan(pictures: SourcePictures) -> Iterator[str]:
    """Deviations from the plan, as sentences."""
    rate, planned = pictures.plan.asset.grid.rate, pictures.expected.last_frame
    if missing := pictures.unexplained:
        yield counted(
            missing,
            one="Although nothing is damaged, one picture is missing.",
            many="Although nothing is damaged, {} pictures are missing.",
        )
    if before := pictures.before:
        yield counted(
            before,
            one="At the beginning one picture was left out.",
            many="At the beginning {} pictures were left out.",
        )
    if late := pictures.out_of_order:
        yield counted(
            late,
            one="Not shown is one picture that comes after a later one.",
            many="Not shown are {} pictures that come after later ones.",
        )
    if unknown := pictures.unknown_chunks:
        yield counted(
            unknown,
            one=f"An earlier version made one of {pictures.plan.chunk_count} chunks;"
            " its pictures were not compared with the source.",
            many=f"An earlier version made {{}} of {pictures.plan.chunk_count} chunks;"
            " their pictures were not compared with the source.",
        )
    if not pictures.is_end_known:
        return
    later = (pictures.end or 0) - planned
    if later > 1:
        yield f"The source goes on {float(later / rate):.1f} s longer than planned."
    if later < -1 and not pictures.is_end_excused:
        yield f"The source ends {float(-later / rate):.1f} s earlier than planned."


def _of_damage(pictures: SourcePictures) -> Iterator[str]:
    rate = pictures.plan.asset.grid.rate
    # A note says where zeros are: they explain the damage, and how long a picture is held.
    near = pictures.planned * _NEAR_SHARE if pictures.plan.zeros else 0
    if pictures.affected > pictures.damaged + near:
        share = min(1.0, pictures.affected / max(1, pictures.planned))
        yield f"Damage may be seen in {round(share * 100, 2):g}% of the pictures."
    held = pictures.longest_damaged_hold
    if held > pictures.expected.longest_hold + 1 and not pictures.plan.zeros:
        yield f"Where pictures are damaged, one is held for {float(held / rate):.1f} s."
    if black := pictures.black_frames:
        yield f"For {float(black / rate):.1f} s nothing can be decoded; the picture is black."


def sound_is_heard_where_the_source_has_it(evidence: Evidence) -> Check:
    known = {track.track.number: track for track in tracks_of(evidence)}
    faults = [
        f"audio {track.number} {fault}"
        for track in evidence.plan.asset.audio
        for fault in (
            *_silence(evidence.reports.get(audio_report(track.number))),
            *_losses(known.get(track.number)),
        )
    ]
    return compared(
        "audio_heard", expected="each track from begin to end, but for damage", faults=faults
    )


def _silence(report: Report | None) -> Iterator[str]:
    measures = report.measures if report and report.sound else {}
    source, output = measures.get("found_lufs", -inf), measures.get("made_lufs", inf)
    if source > _AUDIBLE_LUFS and output < _SILENT_LUFS:
        yield "is silent, and in the source it is not"


def _losses(track: TrackSound | None) -> Sequence[str]:
    if track is None:
        return ()
    return list(_faults(track)) or list(_too_little(track))


def _faults(track: TrackSound) -> Iterator[str]:
    expected = track.expected_seconds
    if expected <= TOLERATED_SECONDS:
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
    if track.heard.begins is not None and track.is_unheard:
        unheard, expected = track.unheard_seconds, track.expected_seconds
        yield f"is not heard for {float(unheard):.3f} of {float(expected):.3f} s"
