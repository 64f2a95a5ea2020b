"""Pictures without a time of their own have a place."""

from transcoder.probing.times.filling import filled, spread


def test_pictures_whose_times_were_wrong_fill_the_gaps_they_left() -> None:
    assert list(filled([0, 40, 120, 160], 1)) == [0, 40, 80, 120, 160]
    assert list(filled([0, 40, 80], 1)) == [0, 40, 80]


def test_pictures_that_came_with_another_follow_it() -> None:
    assert spread([0, 120], 4, 40) == [0, 40, 80, 120, 160, 200]


def test_where_decoders_mix_times_up_pictures_come_evenly() -> None:
    assert spread([0, 140, 200], 3, 40) == [0, 40, 80, 120, 160, 200]


def test_a_pause_between_them_stays() -> None:
    assert spread([0, 4000], 2, 40) == [0, 40, 80, 4000]
