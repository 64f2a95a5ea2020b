"""A new sample rate is neither damage nor what is no rate."""

import pytest

from transcoder.probing.sounds.sample_rates import SampleRates

_ADTS_44, _ADTS_48 = bytes.fromhex("fff150800000"), bytes.fromhex("fff14c800000")
_MP2_44, _MP2_48 = bytes.fromhex("fffda0000000"), bytes.fromhex("fffda4000000")
_AC3_44, _AC3_48 = bytes.fromhex("0b7700004000"), bytes.fromhex("0b7700000000")
_EAC3_24, _EAC3_48 = bytes.fromhex("0b770000c000"), bytes.fromhex("0b7700003000")
_EAC3_48_SHORT = bytes.fromhex("0b7700001000")


def changes(codec: str, *heads: bytes) -> bool:
    rates = SampleRates(codec)
    for head in heads:
        rates.see(head)
    return rates.changes


@pytest.mark.parametrize(
    ("codec", "one", "other"),
    [
        ("aac", _ADTS_44, _ADTS_48),
        ("mp2", _MP2_44, _MP2_48),
        ("mp3", _MP2_44, _MP2_48),
        ("ac3", _AC3_44, _AC3_48),
        ("eac3", _EAC3_48, _EAC3_24),
    ],
)
def test_a_rate_that_stays_another_one_is_a_change(codec: str, one: bytes, other: bytes) -> None:
    assert changes(codec, *[one] * 20, *[other] * 20)
    assert changes(codec, *[other] * 20, *[one] * 20)
    assert not changes(codec, *[one] * 40)
    assert not changes(codec, *[one] * 20, *[other] * 9, *[one] * 20)
    assert not changes(codec, *([one] * 5 + [other]) * 20)


def test_blocks_of_another_length_are_no_other_rate() -> None:
    assert not changes("eac3", *[_EAC3_48] * 20, *[_EAC3_48_SHORT] * 20)


@pytest.mark.parametrize("codec", ["aac", "mp2", "ac3", "eac3", "opus", "dts"])
def test_what_is_no_header_says_nothing(codec: str) -> None:
    assert not changes(codec, *[b""] * 20, *[b"\xff"] * 20, *[b"junk and so"] * 20)
