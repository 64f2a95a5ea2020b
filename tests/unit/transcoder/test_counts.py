"""A sentence about one thing is in the singular, about none or several in the plural."""

from transcoder.counts import counted


def test_the_number_chooses_the_sentence() -> None:
    sentences = [counted(number, one="One stays.", many="{} stay.") for number in (0, 1, 2)]
    assert sentences == ["0 stay.", "One stays.", "2 stay."]
