"""A plan is held against what the decoder delivered; each lie is noticed, and damage is not one."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.catalogue.damage import Decodable
from chalicelib.encoding.picture_evidence import (
    DeliveredPictures,
    Excused,
    ExpectedPictures,
    StandIn,
)
from chalicelib.encoding.plan import Plan
from tests.builders.reports import PLAN, Finished, finished
from transcoder.outputs.objects import chunk_report
from transcoder.proof.model import Proof

EXPECTED = ExpectedPictures((144, 288, 48), first_frame=0, last_frame=479, longest_hold=1)
FIRST, MIDDLE, LAST = range(3)
WITH_EXPECTED: Plan = replace(PLAN, expected=EXPECTED)


def title(*changes: tuple[int, dict[str, Any]], expected: ExpectedPictures = EXPECTED) -> Finished:
    done = finished(replace(PLAN, expected=expected))
    for number in range(PLAN.chunk_count):
        chunk = PLAN.chunk(number)
        end = chunk.first_frame + chunk.frames - 1
        delivered = DeliveredPictures(
            chunk.frames,
            first_frame=chunk.first_frame,
            last_frame=end,
            longest_hold=1,
            furthest_frame=end,
        )
        for at, facts in changes:
            delivered = replace(delivered, **facts) if at == number else delivered
        name = chunk_report(number)
        done.reports[name] = replace(done.reports[name], delivered=delivered)
    return done


def test_a_true_plan_is_proven() -> None:
    proof = title().proof()
    assert (proof.failed, proof.notes) == ((), PLAN.notes)


@pytest.mark.parametrize(
    ("change", "failed", "note"),
    [
        ((FIRST, {"first_frame": 2}), ("source_begins",), ""),
        ((FIRST, {"before": 3}), ("source_begins",),
         "At the beginning 3 pictures were left out."),
        ((LAST, {"last_frame": 477}), ("source_ends",), ""),
        ((LAST, {"last_frame": 429}), ("source_ends", "source_holds"),
         "The source ends 2.1 s earlier than planned."),
        ((LAST, {"beyond": 24, "furthest_frame": 503}), ("source_ends",),
         "The source goes on 1.0 s longer than planned."),
        ((MIDDLE, {"longest_hold": 3}), ("source_holds",), ""),
        ((MIDDLE, {"count": 286}), ("source_pictures",),
         "Although nothing is damaged, 2 pictures are missing."),
    ],
)  # fmt: skip
def test_a_plan_that_is_not_true_is_not_proven(
    change: tuple[int, dict[str, Any]], failed: tuple[str, ...], note: str
) -> None:
    proof = title(change).proof()
    assert proof.failed == failed
    assert proof.decodable.pictures == 1
    assert not note or note in proof.notes


@pytest.mark.parametrize(
    ("planned", "displayed", "failed"),
    [
        (0, 288, ()),
        (0, 284, ()),
        (0, 283, ("source_displayed",)),
        (140, 144, ()),
        (139, 144, ("source_displayed",)),
        (None, 144, ()),
    ],
)
def test_pictures_share_frames_only_as_planned(
    planned: int | None, displayed: int, failed: tuple[str, ...]
) -> None:
    expected = replace(EXPECTED, displaced=planned)
    changes = (
        (FIRST, {"displayed": 144}),
        (MIDDLE, {"displayed": displayed}),
        (LAST, {"displayed": 48}),
    )
    proof = title(*changes, expected=expected).proof()
    assert proof.failed == failed
    assert proof.measures["displayed_pictures"] == 192 + displayed


def test_a_picture_that_comes_after_a_later_one_takes_no_frame() -> None:
    late = {"displayed": 240, "out_of_order": 48}
    changes = ((FIRST, {"displayed": 144}), (MIDDLE, late), (LAST, {"displayed": 48}))
    expected = replace(EXPECTED, displaced=0, overlapping=48)
    assert title(*changes, expected=expected).proof().failed == ()


@pytest.mark.parametrize(
    ("displayed", "failed"), [(240, ()), (236, ()), (235, ("source_displayed",))]
)
def test_a_picture_at_the_time_of_another_takes_no_frame(
    displayed: int, failed: tuple[str, ...]
) -> None:
    changes = (
        (FIRST, {"displayed": 144}),
        (MIDDLE, {"displayed": displayed}),
        (LAST, {"displayed": 48}),
    )
    expected = replace(EXPECTED, displaced=0, overlapping=48)
    assert title(*changes, expected=expected).proof().failed == failed


def test_missing_pictures_among_suspect_ones_are_damage() -> None:
    change = (MIDDLE, {"count": 282, "longest_hold": 9})
    expected = replace(EXPECTED, suspect=(0, 20, 0))
    proof = title(change, expected=expected).proof()
    assert proof.failed == ()
    assert proof.measures["damaged_pictures"] == 6
    assert proof.measures["affected_pictures"] == 20
    assert "Damage may be seen in 4.17% of the pictures." in proof.notes


def said(proof: Proof) -> dict[str, str]:
    return {check.name: check.measured for check in proof.checks}


def test_checks_of_a_damaged_source_say_what_damage_explains() -> None:
    excused = Excused(frames=288, count=0, begin=True, end=True)
    lossy = {"count": 22, "errors": 40, "excused": excused, "longest_hold": 30}
    proof = title((MIDDLE, lossy)).proof()
    assert "source_pictures" not in proof.failed
    assert said(proof)["source_pictures"] == "214 came; damage explains 266 missing ones"
    assert said(proof)["source_holds"] == "0.042 s; 1.251 s where it is damaged"


def test_how_long_pictures_are_held_is_not_measured_where_damage_may_explain_each() -> None:
    excused = Excused(frames=480, count=0, begin=True, end=True)
    damage = {"errors": 40, "excused": excused, "longest_hold": 2}
    changes = [(number, damage) for number in (FIRST, MIDDLE, LAST)]
    assert said(title(*changes).proof())["source_holds"].startswith("not measured: damage")


def test_pictures_after_the_last_frame_of_a_slower_grid_count_as_well() -> None:
    change = (LAST, {"beyond": 2, "furthest_frame": 480})
    done = title(change)
    plan = replace(done.plan, picture=replace(done.plan.picture, frames=481))
    proof = replace(done, plan=plan).proof()
    assert said(proof)["source_pictures"] == "481 came"
    assert proof.measures["delivered_pictures"] == proof.measures["source_pictures"] == 481
    assert said(proof)["source_displayed"].startswith("not measured")


def test_one_picture_is_not_one_pictures() -> None:
    expected = replace(EXPECTED, counts=(1, 0, 0), last_frame=0)
    nothing = {"count": 0, "first_frame": None, "last_frame": None, "furthest_frame": None}
    one = (FIRST, {"count": 1, "last_frame": 0, "before": 1})
    proof = title(one, (MIDDLE, nothing), (LAST, nothing), expected=expected).proof()
    texts = {check.name: check for check in proof.checks}
    assert texts["source_begins"].measured == "one picture comes before it"


def test_suspect_pictures_of_one_chunk_explain_nothing_in_another() -> None:
    expected = replace(EXPECTED, suspect=(20, 0, 0))
    assert title((MIDDLE, {"count": 282}), expected=expected).proof().failed == ("source_pictures",)
    end = {"last_frame": 429}
    failed = ("source_ends", "source_holds")
    assert title((LAST, end), expected=expected).proof().failed == failed
    expected = replace(EXPECTED, suspect=(0, 0, 20))
    assert title((LAST, end), expected=expected).proof().failed == ()


@pytest.mark.parametrize(
    ("change", "note"),
    [
        ((FIRST, {"before": 1}), "At the beginning one picture was left out."),
        ((MIDDLE, {"count": 287}), "Although nothing is damaged, one picture is missing."),
        ((MIDDLE, {"out_of_order": 1}), "Not shown is one picture that comes after a later one."),
    ],
)
def test_one_picture_is_named_in_the_singular(
    change: tuple[int, dict[str, Any]], note: str
) -> None:
    assert note in title(change).proof().notes


def test_pictures_that_come_after_later_ones_are_noted() -> None:
    note = "Not shown are 3 pictures that come after later ones."
    late = (MIDDLE, {"out_of_order": 3})
    known = replace(EXPECTED, overlapping=3)
    proofs = (title(late, expected=each).proof() for each in (EXPECTED, known))
    # The plan has said so of the latter.
    assert [note in proof.notes for proof in proofs] == [True, False]


@pytest.mark.parametrize(
    "change",
    [
        (FIRST, {"first_frame": 1}),
        (LAST, {"last_frame": 478}),
        (LAST, {"beyond": 1, "furthest_frame": 480}),
        (MIDDLE, {"longest_hold": 2}),
    ],
)
def test_one_frame_is_near_enough(change: tuple[int, dict[str, Any]]) -> None:
    assert title(change).proof().failed == ()


def test_a_picture_that_comes_a_chunk_later_is_not_missing() -> None:
    moved = title((FIRST, {"count": 143, "last_frame": 142}), (MIDDLE, {"count": 289}))
    assert moved.proof().failed == ()


def test_what_is_missing_where_the_decoder_complains_is_damage() -> None:
    proof = title((MIDDLE, {"count": 276, "errors": 2, "longest_hold": 13, "damaged": 6,
                            "affected": 30})).proof()  # fmt: skip
    assert proof.failed == ()
    assert proof.decodable.pictures == 1 - 18 / 480
    assert proof.notes[len(PLAN.notes) :] == (
        "3.75% of the pictures could not be read whole.",
        "Damage may be seen in 8.75% of the pictures.",
        "Where pictures are damaged, one is held for 0.5 s.",
    )


def test_too_much_damage_is_too_much() -> None:
    assert title((MIDDLE, {"damaged": 100})).proof().failed == ("decodable",)


def test_damage_that_only_the_source_shows_counts_as_well() -> None:
    seen = title(expected=replace(EXPECTED, damaged=120)).proof()
    assert (seen.failed, seen.decodable.pictures) == (("decodable",), 0.75)


def test_black_is_never_silent() -> None:
    black = {"count": 0, "first_frame": None, "last_frame": None, "stand_in": StandIn.BLACK}
    proof = title((MIDDLE, {**black, "errors": 1})).proof()
    assert "For 12.0 s nothing can be decoded; the picture is black." in proof.notes
    assert "source_pictures" in title((MIDDLE, black)).proof().failed


NOWHERE = Excused(longest_hold=1)


@pytest.mark.parametrize(
    ("change", "failed"),
    [
        ((MIDDLE, {"count": 286}), ("source_pictures",)),
        ((MIDDLE, {"longest_hold": 30, "excused": Excused(longest_hold=30)}), ("source_holds",)),
        ((FIRST, {"first_frame": 2}), ("source_begins",)),
        ((LAST, {"last_frame": 477}), ("source_ends",)),
        ((LAST, {"last_frame": 429}), ("source_ends", "source_holds")),
    ],
)
def test_a_complaint_elsewhere_in_the_chunk_excuses_nothing(
    change: tuple[int, dict[str, Any]], failed: tuple[str, ...]
) -> None:
    number, facts = change
    assert title((number, {"errors": 5, "excused": NOWHERE, **facts})).proof().failed == failed
    # Reports of before do not say where it was.
    assert title((number, {**facts, "errors": 5, "excused": None})).proof().failed == ()


@pytest.mark.parametrize(
    "change",
    [
        (MIDDLE, {"count": 276, "excused": Excused(frames=30, count=18)}),
        (MIDDLE, {"longest_hold": 30, "excused": replace(NOWHERE, frames=30, count=1)}),
        (FIRST, {"first_frame": 9, "excused": replace(NOWHERE, frames=9, begin=True)}),
        (LAST, {"last_frame": 429, "excused": replace(NOWHERE, frames=50, end=True)}),
    ],
)
def test_a_complaint_next_to_it_excuses_it(change: tuple[int, dict[str, Any]]) -> None:
    number, facts = change
    assert title((number, {"errors": 1, **facts})).proof().failed == ()


def test_no_more_is_excused_than_has_room_near_the_complaint() -> None:
    some = {"errors": 1, "count": 276, "excused": Excused(frames=9, count=2)}
    proof = title((MIDDLE, some)).proof()
    assert proof.failed == ("source_pictures",)
    assert "Although nothing is damaged, 4 pictures are missing." in proof.notes
    assert proof.decodable.pictures == 1 - 8 / 480


def test_where_several_pictures_share_a_frame_as_many_may_be_missing() -> None:
    dense = ExpectedPictures((288, 576, 96), first_frame=0, last_frame=479, longest_hold=1)
    whole = [(FIRST, {"count": 288}), (LAST, {"count": 96})]
    lost = {"errors": 1, "count": 566, "excused": Excused(frames=12, count=14, longest_hold=1)}
    assert title(*whole, (MIDDLE, lost), expected=dense).proof().failed == ()


def test_pictures_that_come_close_together_by_a_complaint_are_not_missing() -> None:
    burst = {"errors": 3, "excused": Excused(frames=12, count=30, longest_hold=1)}
    proof = title((MIDDLE, burst)).proof()
    assert (proof.failed, proof.decodable.pictures) == ((), 1)
    assert proof.notes[len(PLAN.notes) :] == ()
    (check,) = [each for each in title((MIDDLE, {**burst, "count": 286})).proof().checks
                if each.name == "source_pictures"]  # fmt: skip
    assert check.measured == "478 came; 2 missing though nothing is damaged"


def test_the_end_is_excused_by_what_the_chunks_behind_it_say() -> None:
    none: dict[str, Any] = {"count": 0, "first_frame": None, "last_frame": None, "errors": 1}
    middle, behind = (MIDDLE, {"excused": NOWHERE}), Excused(frames=48, begin=True, end=True)
    assert title(middle, (LAST, {**none, "excused": behind})).proof().failed == ()
    elsewhere = title(middle, (LAST, {**none, "excused": Excused()}))
    assert elsewhere.proof().failed == ("source_pictures", "source_ends", "source_holds")


def earlier(done: Finished, *numbers: int, whole: int | None = None) -> Finished:
    """Some chunks are reported as before a report said what the decoder had delivered."""
    for number in numbers:
        frames = PLAN.chunk(number).frames if whole is None else whole
        name = chunk_report(number)
        done.reports[name] = replace(done.reports[name], delivered=None, decoded_frames=frames)
    return done


def test_what_an_earlier_version_made_is_proven_as_it_was() -> None:
    assert earlier(title(), FIRST, MIDDLE, LAST).proof().failed == ()
    assert finished().proof().failed == finished(WITH_EXPECTED).proof().failed == ()


def test_chunks_without_evidence_are_left_out_and_the_report_says_so() -> None:
    proof = earlier(title(), MIDDLE).proof()
    assert proof.failed == ()
    assert proof.decodable == Decodable()
    assert proof.notes[len(PLAN.notes) :] == (
        "An earlier version made one of 3 chunks; its pictures were not compared with the source.",
    )


@pytest.mark.parametrize(
    ("unknown", "change", "failed"),
    [
        (MIDDLE, (FIRST, {"first_frame": 2}), ("source_begins",)),
        (MIDDLE, (LAST, {"last_frame": 429}), ("source_ends", "source_holds")),
        (MIDDLE, (LAST, {"count": 40}), ("source_pictures",)),
        (LAST, (MIDDLE, {"longest_hold": 9}), ("source_holds",)),
        (FIRST, (MIDDLE, {"count": 200}), ("source_pictures",)),
    ],
)
def test_all_other_chunks_are_judged(
    unknown: int, change: tuple[int, dict[str, Any]], failed: tuple[str, ...]
) -> None:
    assert earlier(title(change), unknown).proof().failed == failed


def test_of_chunks_without_evidence_damage_is_counted_as_before() -> None:
    proof = earlier(title(), MIDDLE, whole=240).proof()
    assert (proof.failed, proof.decodable.pictures) == ((), 1 - 48 / 480)


@pytest.mark.parametrize(("unknown", "name"), [(FIRST, "source_begins"), (LAST, "source_ends")])
def test_what_cannot_be_compared_is_called_so(unknown: int, name: str) -> None:
    checks = {check.name: check for check in earlier(title(), unknown).proof().checks}
    assert checks[name].measured == "not measured: an earlier version made a part of it"


@pytest.mark.parametrize(
    ("first_frame", "failed"),
    [(36, ()), (37, ()), (39, ("source_begins",)), (30, ("source_begins",))],
)
def test_a_picture_that_is_held_for_earlier_sound_begins_where_planned(
    first_frame: int, failed: tuple[str, ...]
) -> None:
    expected = ExpectedPictures((108, 288, 48), first_frame=36, last_frame=479, longest_hold=2)
    change = {"count": 108, "first_frame": first_frame}
    assert title((FIRST, change), expected=expected).proof().failed == failed


@pytest.mark.parametrize(("before", "failed"), [(17, ()), (18, ("source_begins",))])
def test_pictures_that_an_edit_list_hides_come_before_the_video(
    before: int, failed: tuple[str, ...]
) -> None:
    expected = replace(EXPECTED, before=17)
    assert title((FIRST, {"before": before}), expected=expected).proof().failed == failed


def test_a_picture_that_is_held_for_a_whole_chunk_begins_in_the_next_one() -> None:
    expected = ExpectedPictures((0, 250, 48), first_frame=182, last_frame=479, longest_hold=1)
    none = {"count": 0, "first_frame": None, "last_frame": None, "longest_hold": 0}
    begins = {"count": 250, "first_frame": 182}
    assert title((FIRST, none), (MIDDLE, begins), expected=expected).proof().failed == ()
