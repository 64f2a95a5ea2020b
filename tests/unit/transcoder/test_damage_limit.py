"""How much of a source may be damaged, and what the report says of it."""

import pytest

from transcoder.proof.damage_limit import DamageLimit


@pytest.mark.parametrize(
    ("accepted", "decodable", "is_ok", "is_accepted"),
    [
        (None, 0.8, True, False),
        (None, 0.7999, False, False),
        (0.5, 0.5, True, True),
        (0.5, 0.4999, False, False),
        (0.5, 0.8, True, False),
        # Where an operator has allowed more since, nobody needs to accept it.
        (0.9, 0.85, True, False),
        (0.0, 0.0, True, True),
    ],
)
def test_what_an_administrator_accepted_widens_the_limit_and_never_narrows_it(
    accepted: float | None, decodable: float, *, is_ok: bool, is_accepted: bool
) -> None:
    limit = DamageLimit(0.8, accepted)
    check = limit.check(decodable)
    assert (check.ok, limit.is_accepted(decodable)) == (is_ok, is_accepted)
    assert ("accepted" in check.expected) == bool(limit.notes(decodable)) == is_accepted


def test_without_a_limit_everything_is_published() -> None:
    assert DamageLimit(0).check(0).ok


def test_the_check_says_both_numbers() -> None:
    check = DamageLimit(0.8, 0.5).check(0.625)
    assert check.expected == "at least 50.00%, as accepted by an administrator"
    assert check.measured == "62.50%"
