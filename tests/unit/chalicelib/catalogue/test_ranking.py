"""Where lists go on whose order is computed for each request."""

from chalicelib.catalogue.ranking import RankPosition, start_after


def test_a_list_begins_at_its_beginning() -> None:
    assert start_after([5, 6, 7], None) == 0


def test_a_list_goes_on_after_the_last_one_that_was_read_wherever_it_is() -> None:
    assert start_after([5, 6, 7], RankPosition(1, 5)) == 1
    assert start_after([5, 6, 7], RankPosition(1, 7)) == 3


def test_as_many_are_skipped_as_were_read_if_the_last_one_is_gone() -> None:
    assert start_after([5, 6, 7], RankPosition(2, 9)) == 2
