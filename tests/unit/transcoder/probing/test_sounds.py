"""When a sound track is heard, by the times of its packets alone."""

from fractions import Fraction

from chalicelib.encoding.plan import SoundTimes
from transcoder.probing.sounds import Packets


def seen(*packets: tuple[int | None, int]) -> SoundTimes | None:
    following = Packets(Fraction(1, 1000))
    for begin, ticks in packets:
        following.add(begin, ticks)
    return following.times


def test_a_track_without_packets_has_no_times() -> None:
    assert seen() is None
    assert seen((None, 30)) is None


def test_it_begins_and_ends_with_its_packets() -> None:
    assert seen((-20, 20), (0, 20), (20, 20)) == SoundTimes(Fraction(-1, 50), Fraction(1, 25))


def test_what_is_between_packets_is_missing() -> None:
    found = seen((0, 20), (20, 20), (140, 20), (160, 20))
    assert found == SoundTimes(Fraction(0), Fraction(18, 100), Fraction(1, 10))


def test_rounding_is_no_gap() -> None:
    assert seen((0, 21), (21, 21), (43, 21), (64, 21)) == SoundTimes(
        Fraction(0), Fraction(85, 1000)
    )


def test_packets_that_say_not_how_long_they_last_are_as_long_as_those_before() -> None:
    found = seen((0, 0), (23, 0), (46, 0), (169, 0), (192, 0))
    assert found == SoundTimes(Fraction(0), Fraction(215, 1000), Fraction(1, 10))


def test_the_first_packet_of_late_sound_is_not_as_long_as_its_delay() -> None:
    late = SoundTimes(Fraction(5), Fraction(5063, 1000))
    assert seen((5000, 0), (5021, 0), (5042, 0)) == late
    assert seen((5000, 0), (5021, 21), (5042, 21)) == late
    assert seen((5000, 0)) == SoundTimes(Fraction(5), Fraction(5))


def test_a_hole_before_a_packet_that_says_not_how_long_it_lasts_is_missing() -> None:
    found = seen((0, 20), (140, 0), (160, 20))
    assert found == SoundTimes(Fraction(0), Fraction(18, 100), Fraction(12, 100))


def test_a_packet_without_a_time_goes_on_where_the_last_one_ended() -> None:
    assert seen((0, 20), (None, 20), (40, 20)) == SoundTimes(Fraction(0), Fraction(60, 1000))
