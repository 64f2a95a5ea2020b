"""A plan is held against what the decoder delivered; each lie is noticed, and damage is not one."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.transcoding.evidence import DeliveredPictures, ExpectedPictures, StandIn
from chalicelib.transcoding.plan import Plan
from tests.unit.transcoder.finished import PLAN, Finished, finished
from transcoder.proof.objects import chunk_report

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
    assert title().proof().failed == ()
    assert title().proof().notes == PLAN.notes


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
    assert proof.decodable == 1
    assert not note or note in proof.notes


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
    assert proof.decodable == 1 - 18 / 480
    assert proof.notes[len(PLAN.notes) :] == (
        "3.75% of the pictures could not be read whole; others stand in.",
        "Damage may be seen in 8.75% of the pictures.",
        "Where pictures are damaged, one is held for 0.5 s.",
    )


def test_too_much_damage_is_too_much() -> None:
    assert title((MIDDLE, {"damaged": 100})).proof().failed == ("decodable",)


def test_damage_that_only_the_source_shows_counts_as_well() -> None:
    seen = title(expected=replace(EXPECTED, damaged=120)).proof()
    assert (seen.failed, seen.decodable) == (("decodable",), 0.75)


def test_black_is_never_silent() -> None:
    black = {"count": 0, "first_frame": None, "last_frame": None, "stand_in": StandIn.BLACK}
    proof = title((MIDDLE, {**black, "errors": 1})).proof()
    assert "For 12.0 s nothing can be decoded; the picture is black." in proof.notes
    assert "source_pictures" in title((MIDDLE, black)).proof().failed


def test_what_an_earlier_version_made_is_proven_as_it_was() -> None:
    done = title()
    name = chunk_report(MIDDLE)
    done.reports[name] = replace(done.reports[name], delivered=None)
    assert done.proof().failed == ()
    assert finished().proof().failed == finished(WITH_EXPECTED).proof().failed == ()


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


def test_a_picture_that_is_held_for_a_whole_chunk_begins_in_the_next_one() -> None:
    expected = ExpectedPictures((0, 250, 48), first_frame=182, last_frame=479, longest_hold=1)
    none = {"count": 0, "first_frame": None, "last_frame": None, "longest_hold": 0}
    begins = {"count": 250, "first_frame": 182}
    assert title((FIRST, none), (MIDDLE, begins), expected=expected).proof().failed == ()
