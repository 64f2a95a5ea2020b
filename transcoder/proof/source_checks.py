"""Whether the plan is true: each rule holds it against what the decoder delivered."""

from collections.abc import Callable

from chalicelib.transcoding.plan import Plan
from transcoder.proof.evidence import Evidence
from transcoder.proof.model import Check
from transcoder.proof.source import SourcePictures

_UNKNOWN = "not measured: an earlier version made a part of it"


def _check(
    name: str,
    evidence: Evidence,
    rule: Callable[[Plan, SourcePictures], tuple[bool, str, str]],
) -> Check:
    pictures = SourcePictures.of(evidence)
    if pictures is None:
        return Check(name, ok=True, expected="as planned", measured=_UNKNOWN)
    ok, expected, measured = rule(evidence.plan, pictures)
    return Check(name, ok, expected, measured)


def every_picture_of_the_source_comes(evidence: Evidence) -> Check:
    """Less those that damage explains, which count as damage."""

    def rule(_: Plan, pictures: SourcePictures) -> tuple[bool, str, str]:
        lost = pictures.unexplained
        came = f"{pictures.count} came"
        measured = f"{came}; {lost} are missing though nothing is damaged" if lost else came
        return lost == 0, f"{pictures.planned} pictures", measured

    return _check("source_pictures", evidence, rule)


def the_source_begins_where_planned(evidence: Evidence) -> Check:
    def rule(plan: Plan, pictures: SourcePictures) -> tuple[bool, str, str]:
        expected = f"the first picture at {_time(plan, 0)}"
        first = pictures.first
        if first.is_damaged:
            return True, expected, "damaged"
        if first.before:
            return False, expected, f"{first.before} pictures come before it"
        begin = first.first_frame
        if begin is None:
            return False, expected, "no picture in the first chunk"
        return begin <= 1, expected, f"the first picture at {_time(plan, begin)}"

    return _check("source_begins", evidence, rule)


def the_source_ends_where_planned(evidence: Evidence) -> Check:
    """Within one frame, so that neither its end is cut nor its last picture held for too long."""

    def rule(plan: Plan, pictures: SourcePictures) -> tuple[bool, str, str]:
        planned, last = pictures.expected.last_frame, pictures.last
        expected = f"the last picture at {_time(plan, planned)}"
        final = pictures.delivered[-1]
        is_beyond = final.beyond > 0 and final.furthest_frame is not None
        end = final.furthest_frame if is_beyond else last.last_frame
        if end is None:
            return False, expected, "no picture came"
        measured = f"the last picture at {_time(plan, end)}"
        is_early = end < planned - 1 and not last.is_damaged
        return not is_early and end <= planned + 1, expected, measured

    return _check("source_ends", evidence, rule)


def no_picture_is_held_longer_than_planned(evidence: Evidence) -> Check:
    def rule(plan: Plan, pictures: SourcePictures) -> tuple[bool, str, str]:
        planned, longest = pictures.expected.longest_hold, pictures.longest_hold
        rate = plan.asset.grid.rate
        return (
            longest <= planned + 1,
            f"none held for more than {float(planned / rate):.3f} s",
            f"{float(longest / rate):.3f} s",
        )

    return _check("source_holds", evidence, rule)


def _time(plan: Plan, frame: int) -> str:
    """In the clock of the source."""
    return f"{float(plan.picture.start + frame / plan.asset.grid.rate):.3f} s"


RULES: tuple[Callable[[Evidence], Check], ...] = (
    every_picture_of_the_source_comes,
    the_source_begins_where_planned,
    the_source_ends_where_planned,
    no_picture_is_held_longer_than_planned,
)
