"""No share reads as another one that was compared with it, and none as all unless it is."""

from chalicelib.catalogue.damage import Decodable
from transcoder.proof.damage_limit import percents, rough_percent


def test_two_digits_are_enough_for_most() -> None:
    assert percents(0.8, 0.625) == ["80%", "62.5%"]
    assert percents(1, 1) == ["100%", "100%"]


def test_what_differs_is_written_differently() -> None:
    assert percents(0.8, 0.799996) == ["80%", "79.9996%"]
    assert percents(0.99996) == ["99.996%"]
    assert percents(0.8, 0.8 - 1e-16)


def test_almost_all_is_not_written_as_less() -> None:
    assert [rough_percent(each) for each in (0, 0.8167, 0.99996)] == ["0", "81.67", "99.996"]
    assert [rough_percent(each) for each in (1 - 0.8, 0.29, 0.57, 0.58)] == ["20", "29", "57", "58"]


def test_what_can_be_read_and_what_cannot_make_a_hundred() -> None:
    for share in (0.00425, 0.3987, 0.60126, 0.5, 1 / 3):
        assert float(rough_percent(share)) + Decodable(share).damage.pictures == 100
