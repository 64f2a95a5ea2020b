"""Sound that cannot be decoded: how much of it, what is refused for it, and what is left out."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from chalicelib.catalogue.asset import AudioTrack
from chalicelib.encoding.plan import SoundTimes
from tests.builders.reports import PLAN, SOUND_EVIDENCE, SOUND_RATE, SOUND_TIMES, Finished, finished

_WHOLE: dict[str, Any] = {}
# Nine packets of ten fail, one after the other: each leaves a gap that no clock makes.
_MOSTLY_BROKEN: dict[str, Any] = {
    "undecodable_packets": 900,
    "silent_samples": 18 * SOUND_RATE,
    "silence_count": 100,
}
_NOTHING: dict[str, Any] = {"undecodable_packets": 1000, "begins": None, "ends": None}
_A_LITTLE: dict[str, Any] = {"undecodable_packets": 50, "silent_samples": SOUND_RATE}
# Nothing is to be said of a track that is not there.
_OF_SOUND = {"audio_frames", "audio_times", "same_duration", "audio_heard"}
_LEFT_OUT = "Sound track {}: most of it cannot be decoded; it was left out."


def titled(*tracks: dict[str, Any], default: int = 0, times: SoundTimes = SOUND_TIMES) -> Finished:
    """The video lasts 20.02 s; each track is as it was heard."""
    audio = tuple(
        AudioTrack(number, number + 1, language, language, number == default)
        for number, language in enumerate(("de", "en", "fr")[: len(tracks)])
    )
    plan = replace(
        PLAN, asset=replace(PLAN.asset, audio=audio), sounds=tuple(times for _ in tracks)
    )
    title = finished(plan)
    for number, heard in enumerate(tracks):
        evidence = replace(SOUND_EVIDENCE, **heard)
        title.reports[f"audio-{number}"] = replace(
            title.reports[f"audio-{number}"],
            sound=evidence,
            decoded_frames=evidence.packets - evidence.undecodable_packets,
        )
    return title


@pytest.mark.parametrize("heard", [_MOSTLY_BROKEN, _NOTHING])
def test_a_video_whose_only_sound_is_broken_waits_for_a_decision(heard: dict[str, Any]) -> None:
    proof = titled(heard).proof()
    assert proof.failed == ("audible",)
    assert proof.decodable.sound < 0.15
    assert proof.decodable.pictures == 1
    # What an administrator looks at, and perhaps accepts, has its sound.
    assert len(proof.asset.audio) == 1


def test_sound_with_a_little_damage_is_published_and_counted() -> None:
    proof = titled(_A_LITTLE).proof()
    assert proof.failed == ()
    assert proof.decodable.sound == pytest.approx(0.95)
    assert proof.measures["audible"] == pytest.approx(0.95)


def test_a_broken_track_beside_the_one_that_plays_is_left_out_and_said() -> None:
    proof = titled(_WHOLE, _MOSTLY_BROKEN, _A_LITTLE).proof()
    assert proof.failed == ()
    assert [track.number for track in proof.asset.audio] == [0, 2]
    assert proof.decodable.sound == 1
    assert _LEFT_OUT.format(2) in proof.notes
    assert _LEFT_OUT.format(3) not in proof.notes


def test_what_the_file_lacks_at_its_end_counts_and_leaves_out_no_track() -> None:
    times = replace(SOUND_TIMES, cut_off=Fraction(3, 5))
    proof = titled(_WHOLE, _A_LITTLE, times=times).proof()
    assert proof.failed == ("audible",)
    assert proof.decodable.sound == pytest.approx(0.4)
    assert len(proof.asset.audio) == 2


def test_a_track_of_which_a_third_is_broken_stays() -> None:
    third = {"undecodable_packets": 333, "silent_samples": 20 * SOUND_RATE // 3}
    assert len(titled(_WHOLE, third).proof().asset.audio) == 2


def test_the_track_that_plays_is_never_left_out_however_good_others_are() -> None:
    proof = titled(_WHOLE, _NOTHING, default=1).proof()
    assert proof.failed == ("audible",)
    assert [track.number for track in proof.asset.audio] == [0, 1]


def test_sound_that_the_source_does_not_have_is_no_damage() -> None:
    gap = replace(SOUND_TIMES, missing=Fraction(15))
    assert titled({"silent_samples": 15 * SOUND_RATE}, times=gap).proof().decodable.sound == 1
    half_lost = {"undecodable_packets": 500, "silent_samples": 17 * SOUND_RATE + SOUND_RATE // 2}
    assert titled(half_lost, times=gap).proof().decodable.sound == pytest.approx(0.5)


def test_what_is_missing_after_the_video_is_no_excuse() -> None:
    behind = SoundTimes(Fraction(0), Fraction(61), missing=Fraction(40))
    nothing = {"undecodable_packets": 900, "begins": 60 * SOUND_RATE, "ends": None}
    assert titled(nothing, times=behind).proof().decodable.sound == 0
    # A gap after the video, and damage in its first half.
    half = {"undecodable_packets": 500, "begins": 10 * SOUND_RATE, "ends": None}
    assert titled(half, times=behind).proof().decodable.sound == pytest.approx(0.5, abs=0.01)
    # A gap of half of the video, and no more damage than in the rest of it.
    tenth = {"undecodable_packets": 100, "silent_samples": 11 * SOUND_RATE, "ends": None}
    assert titled(tenth, times=behind).proof().decodable.sound == pytest.approx(0.9, abs=0.01)


def test_a_gap_longer_than_what_was_not_heard_is_no_reason_to_count_less() -> None:
    behind = SoundTimes(Fraction(0), Fraction(61), missing=Fraction(40))
    assert titled({"ends": None}, times=behind).proof().failed == ()
    late = {"begins": 20 * SOUND_RATE, "ends": None, "undecodable_packets": 1}
    gap = SoundTimes(Fraction(20), Fraction(61), missing=Fraction(40))
    assert titled(late, times=gap).proof().decodable.sound == 1


def test_a_track_without_sound_or_evidence_is_no_damage() -> None:
    assert titled({"begins": None, "ends": None, "packets": 0}).proof().decodable.sound == 1
    title = titled(_NOTHING)
    title.reports["audio-0"] = replace(title.reports["audio-0"], sound=None)
    assert title.proof().decodable.sound == 1


# A parser makes one packet of all in which it sees no frame.
_READ_AS_ONE: dict[str, Any] = {
    "packets": 701, "formats": ("48000 Hz stereo",), "format_count": 1,
    "silences": ((0, 6 * SOUND_RATE),), "silence_count": 1, "silent_samples": 6 * SOUND_RATE,
    "decoded_samples": 14 * SOUND_RATE,
}  # fmt: skip


@pytest.mark.parametrize(
    ("ends", "undecodable", "failed"),
    [
        (20 * SOUND_RATE, 1, ("audible",)),
        (None, 1, ("audible",)),
        # Without a complaint, what was not read was lost on its way to the decoder.
        (20 * SOUND_RATE, 0, ("audio_heard",)),
    ],
)
def test_one_packet_that_cannot_be_decoded_may_be_many(
    ends: int | None, undecodable: int, failed: tuple[str, ...]
) -> None:
    heard = {**_READ_AS_ONE, "ends": ends, "undecodable_packets": undecodable}
    proof = titled(heard, times=replace(SOUND_TIMES, packets=1000)).proof()
    assert proof.failed == failed


def test_nothing_is_said_of_the_sound_of_a_video_without_any_but_that_it_has_none() -> None:
    proof = titled().proof()
    assert proof.failed == ()
    assert "It has no sound." in proof.notes
    said = {check.name for check in titled(_WHOLE).proof().checks}
    assert said - {check.name for check in proof.checks} == {*_OF_SOUND, "audible"}
    assert "It has no sound." not in titled(_WHOLE).proof().notes


@pytest.mark.parametrize("is_encrypted", [True, False])
def test_sound_that_cannot_be_read_is_never_said_to_be_none(is_encrypted: bool) -> None:
    silent = titled()
    silent.plan = replace(
        silent.plan, is_sound_encrypted=is_encrypted, is_sound_lost=not is_encrypted
    )
    proof = silent.proof()
    assert proof.failed == ("audible",)
    assert "It has no sound." not in proof.notes
    assert not _OF_SOUND & {check.name for check in proof.checks}
