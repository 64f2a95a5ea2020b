"""Rules that compare the plan with the pictures that the decoder delivered."""

from collections.abc import Callable

from chalicelib.encoding.plan import Plan
from transcoder.proof.evidence import Evidence
from transcoder.proof.model import Check
from transcoder.proof.source import SourcePictures

# In frames of the grid.
_NEAR = 1
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
    """Without pictures that damage explains: they count as damage."""

    def rule(_: Plan, pictures: SourcePictures) -> tuple[bool, str, str]:
        lost = pictures.unexplained
        came = f"{pictures.count} came"
        measured = f"{came}; {lost} missing though nothing is damaged" if lost else came
        return lost == 0, f"{pictures.planned} pictures", measured

    return _check("source_pictures", evidence, rule)


def the_source_begins_where_planned(evidence: Evidence) -> Check:
    def rule(plan: Plan, pictures: SourcePictures) -> tuple[bool, str, str]:
        planned, first = pictures.expected.first_frame, pictures.first
        expected = f"the first picture at {_time(plan, planned)}"
        if before := pictures.before:
            return False, expected, f"{before} pictures come before it"
        if first is None:
            return True, expected, _UNKNOWN
        begin = first.first_frame
        if begin is None:
            return first.is_begin_excused, expected, "no picture came"
        is_late = begin > planned + _NEAR and not first.is_begin_excused
        measured = f"the first picture at {_time(plan, begin)}"
        return not is_late and begin >= planned - _NEAR, expected, measured

    return _check("source_begins", evidence, rule)


def the_source_ends_where_planned(evidence: Evidence) -> Check:
    """Within one frame: no end is cut off, and no last picture is held too long."""

    def rule(plan: Plan, pictures: SourcePictures) -> tuple[bool, str, str]:
        planned, end = pictures.expected.last_frame, pictures.end
        expected = f"the last picture at {_time(plan, planned)}"
        if not pictures.is_end_known:
            return True, expected, _UNKNOWN
        if end is None:
            return False, expected, "no picture came"
        measured = f"the last picture at {_time(plan, end)}"
        is_early = end < planned - _NEAR and not pictures.is_end_excused
        return not is_early and end <= planned + _NEAR, expected, measured

    return _check("source_ends", evidence, rule)


def no_picture_is_held_longer_than_planned(evidence: Evidence) -> Check:
    def rule(plan: Plan, pictures: SourcePictures) -> tuple[bool, str, str]:
        planned, longest = pictures.expected.longest_hold, pictures.longest_hold
        rate = plan.asset.grid.rate
        return (
            longest <= planned + _NEAR,
            f"none held for more than {float(planned / rate):.3f} s",
            f"{float(longest / rate):.3f} s",
        )

    return _check("source_holds", evidence, rule)


def _time(plan: Plan, frame: int) -> str:
    """Return the time of a frame in the source's clock."""
    return f"{float(plan.picture.start + frame / plan.asset.grid.rate):.3f} s"


RULES: tuple[Callable[[Evidence], Check], ...] = (
    every_picture_of_the_source_comes,
    the_source_begins_where_planned,
    the_source_ends_where_planned,
    no_picture_is_held_longer_than_planned,
)
