"""How much of a source may be damaged, and what the report says of it."""

from dataclasses import replace

import pytest

from chalicelib.catalogue.damage import Decodable
from chalicelib.encoding.plan import Plan
from tests.builders.assets import an_asset
from tests.formats.media import PLAN
from transcoder.proof.damage_limit import DamageLimit, damage_of
from transcoder.proof.model import Proof

_PLAN = replace(PLAN, is_sound_encrypted=False, is_sound_lost=False)
_ENCRYPTED = replace(_PLAN, is_sound_encrypted=True, is_sound_lost=True)
_LOST = replace(_PLAN, is_sound_lost=True)
PARTS = (Decodable, lambda share: Decodable(sound=share))


@pytest.mark.parametrize("part", [0, 1], ids=["pictures", "sound"])
@pytest.mark.parametrize(
    ("accepted", "share", "is_ok", "is_accepted"),
    [
        (None, 0.8, True, False),
        (None, 0.7999, False, False),
        (0.5, 0.5, True, True),
        (0.5, 0.4999, False, False),
        # Both are rounded to 28.75%, which is what was looked at.
        (0.712504, 0.712496, True, True),
        # A person has accepted it, whatever the settings allow by now.
        (0.5, 0.8, True, True),
        (0.5, 1.0, True, False),
        (0.9, 0.85, True, False),
        (0.0, 0.0, True, True),
    ],
)
def test_what_an_administrator_accepted_widens_the_limit_and_never_narrows_it(
    part: int, accepted: float | None, share: float, *, is_ok: bool, is_accepted: bool
) -> None:
    decodable = PARTS[part](share)
    limit = DamageLimit(0.8, None if accepted is None else PARTS[part](accepted))
    check, other = limit.checks(decodable)[part], limit.checks(decodable)[1 - part]
    assert other.ok
    assert (check.ok, limit.is_accepted(decodable)) == (is_ok, is_accepted)
    assert ("accepted" in check.expected) == bool(limit.notes(decodable)) == is_accepted


def test_damage_of_the_sound_is_not_accepted_with_that_of_the_pictures() -> None:
    limit = DamageLimit(0.8, Decodable(pictures=0.5))
    assert [check.ok for check in limit.checks(Decodable(0.5, 0.5))] == [True, False]


@pytest.mark.parametrize(
    ("decodable", "plan", "said"),
    [
        (Decodable(0.5, 1), _PLAN, "Only 50% of its pictures can be read."),
        (Decodable(1, 0), _PLAN, "Only 0% of its sound can be read."),
        (Decodable(0.5, 0), _PLAN, "Only 50% of its pictures and 0% of its sound can be read."),
        (
            Decodable(1, 0),
            _ENCRYPTED,
            "Its sound is encrypted: please upload it without copy protection.",
        ),
        (
            Decodable(0.5, 0),
            _ENCRYPTED,
            "Only 50% of its pictures can be read, and its sound is encrypted.",
        ),
        (
            Decodable(1, 0),
            _LOST,
            "None of its sound can be read: please upload it with sound in AAC or AC-3.",
        ),
        (
            Decodable(0.5, 0),
            _LOST,
            "Only 50% of its pictures can be read, and none of its sound.",
        ),
    ],
)
def test_a_refusal_says_how_much_can_be_read_or_that_the_sound_is_encrypted(
    decodable: Decodable, plan: Plan, said: str
) -> None:
    checks = tuple(DamageLimit(0.8).checks(decodable))
    proof = Proof(checks, an_asset(10), decodable=decodable)
    assert damage_of(proof, plan) == said


def test_without_a_limit_everything_is_published() -> None:
    assert all(check.ok for check in DamageLimit(0).checks(Decodable(0, 0)))
    assert not DamageLimit(0).leaves_out(0)


def test_the_checks_say_both_numbers() -> None:
    pictures, sound = DamageLimit(0.8, Decodable(0.5)).checks(Decodable(0.625, 0.75))
    assert pictures.expected == "at least 62.5%, as accepted by an administrator"
    assert (pictures.measured, sound.measured) == ("62.5%", "75%")
    assert sound.expected == "at least 80%"


@pytest.mark.parametrize("part", [0, 1], ids=["pictures", "sound"])
def test_damage_that_rounds_to_nothing_is_accepted_once(part: int) -> None:
    decodable = PARTS[part](0.99996)
    refused = DamageLimit(1).checks(decodable)[part]
    assert not refused.ok
    assert (refused.expected, refused.measured) == ("at least 100%", "99.996%")
    accepted = DamageLimit(1, decodable)
    check = accepted.checks(decodable)[part]
    assert check.ok
    assert check.expected == "at least 99.996%, as accepted by an administrator"
    assert accepted.is_accepted(decodable)


def test_what_had_no_damage_was_not_accepted_with_the_rest() -> None:
    limit = DamageLimit(1, Decodable(pictures=0.5))
    assert [check.ok for check in limit.checks(Decodable(0.5, 0.99999))] == [True, False]
