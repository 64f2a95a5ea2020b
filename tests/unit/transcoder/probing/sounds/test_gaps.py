"""When a sound track is heard, by the times of its packets alone."""

from dataclasses import replace
from fractions import Fraction

import pytest
from av.audio.codeccontext import AudioCodecContext
from av.codec.context import CodecContext

from chalicelib.encoding.plan import SoundTimes
from transcoder.probing.sounds.gaps import GAP_SECONDS, ROUNDING_SECONDS, Packets, by_codec


def seen(*packets: tuple[int | None, int], smallest: Fraction = GAP_SECONDS) -> SoundTimes | None:
    following = Packets(Fraction(1, 1000), smallest)
    for begin, ticks in packets:
        following.add(begin, ticks)
    times = following.times
    assert times is None or times.packets == len(packets)
    return times and replace(times, packets=0)


def test_a_track_without_packets_has_no_times() -> None:
    assert seen() is None
    assert seen((None, 30)) is None


def test_it_begins_and_ends_with_its_packets() -> None:
    assert seen((-20, 20), (0, 20), (20, 20)) == SoundTimes(Fraction(-1, 50), Fraction(1, 25))


def test_what_is_between_packets_is_missing() -> None:
    times = seen((0, 20), (20, 20), (140, 20), (160, 20))
    gap = (Fraction(4, 100), Fraction(14, 100))
    assert times == SoundTimes(Fraction(0), Fraction(18, 100), Fraction(1, 10), (gap,))
    assert times is not None
    assert times.is_each_gap_known


def test_of_many_gaps_the_first_are_kept_and_all_are_counted() -> None:
    times = seen(*((number * 50, 20) for number in range(500)))
    assert times
    assert (times.missing, len(times.gaps)) == (Fraction(499 * 30, 1000), 100)
    assert not times.is_each_gap_known


def test_many_gaps_that_are_too_short_to_be_filled_are_missing_together() -> None:
    packets = [(number * 40, 21) for number in range(100)]
    times = seen(*packets, smallest=ROUNDING_SECONDS)
    assert times
    # Each second one is filled, with what was too little before.
    assert times.missing == Fraction(98 * 19, 1000)
    assert times.gaps[0] == (Fraction(42, 1000), Fraction(80, 1000))
    guessed = seen(*packets)
    assert guessed
    assert guessed.missing == 0


def test_packets_that_come_late_and_early_by_turns_leave_no_gap() -> None:
    times = seen(*((20 * n + n % 2 * 15, 20) for n in range(100)), smallest=ROUNDING_SECONDS)
    assert times
    assert times.missing == 0


def test_rounding_is_no_gap() -> None:
    assert seen((0, 21), (21, 21), (43, 21), (64, 21)) == SoundTimes(
        Fraction(0), Fraction(85, 1000)
    )


def test_packets_that_say_not_how_long_they_last_are_as_long_as_those_before() -> None:
    times = seen((0, 0), (23, 0), (46, 0), (169, 0), (192, 0))
    gap = (Fraction(69, 1000), Fraction(169, 1000))
    assert times == SoundTimes(Fraction(0), Fraction(215, 1000), Fraction(1, 10), (gap,))


def test_the_first_packet_of_late_sound_is_not_as_long_as_its_delay() -> None:
    late = SoundTimes(Fraction(5), Fraction(5063, 1000))
    assert seen((5000, 0), (5021, 0), (5042, 0)) == late
    assert seen((5000, 0), (5021, 21), (5042, 21)) == late
    assert seen((5000, 0)) == SoundTimes(Fraction(5), Fraction(5))


def test_a_hole_before_a_packet_that_says_not_how_long_it_lasts_is_missing() -> None:
    times = seen((0, 20), (140, 0), (160, 20))
    gap = (Fraction(2, 100), Fraction(14, 100))
    assert times == SoundTimes(Fraction(0), Fraction(18, 100), Fraction(12, 100), (gap,))


def test_packets_without_time_or_length_share_what_passes_until_the_next_time() -> None:
    times = seen((0, 0), (None, 0), (40, 0), (None, 0), (80, 0), (None, 0), (None, 0))
    assert times == SoundTimes(Fraction(0), Fraction(140, 1000))
    late = seen((5000, 0), (None, 0), (5040, 0), (None, 0), (5180, 0))
    gap = (Fraction(5080, 1000), Fraction(5180, 1000))
    assert late == SoundTimes(Fraction(5), Fraction(52, 10), Fraction(1, 10), (gap,))


def test_a_packet_without_a_time_goes_on_where_the_last_one_ended() -> None:
    assert seen((0, 20), (None, 20), (40, 20)) == SoundTimes(Fraction(0), Fraction(60, 1000))


def _pcm() -> CodecContext:
    context = CodecContext.create("pcm_s16le", "r")
    assert isinstance(context, AudioCodecContext)
    context.sample_rate, context.layout, context.bit_rate = 48_000, "stereo", 1_536_000
    return context


@pytest.mark.parametrize(
    ("size", "lasting"), [(150_000, Fraction(25, 32)), (200_000, 0), (100_000, 0)]
)
def test_how_long_sound_lasts_by_its_codec_is_believed_if_it_is_likely(
    size: int, lasting: Fraction
) -> None:
    times = SoundTimes(Fraction(1), Fraction(2))
    assert by_codec(times, _pcm(), 100, size) == replace(times, lasting=Fraction(lasting))


@pytest.mark.parametrize(
    ("header", "begins"),
    [
        (b"OpusHead\1\2\x38\1\x80\xbb\0\0\0\0\0", 1),
        (b"OpusHead\1\2\x80\x70\x80\xbb\0\0\0\0\0", Fraction(8, 5)),
        (b"OpusHead\1\2\xff\xff\x80\xbb\0\0\0\0\0", 2),
        (b"OpusHead", 1),
        (b"\x11\x90", 1),
        (None, 1),
    ],
)
def test_sound_begins_behind_what_players_skip(header: bytes | None, begins: Fraction) -> None:
    context = CodecContext.create("opus", "r")
    context.extradata = header
    times = by_codec(SoundTimes(Fraction(1), Fraction(2)), context, 50, 5000)
    assert times == SoundTimes(Fraction(begins), Fraction(2))
