"""Sound of the source that the video lacks is not proven, unless the source is the cause."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from chalicelib.encoding.plan import SoundTimes
from chalicelib.encoding.task_reports import SoundEvidence
from tests.builders.reports import PLAN, SOUND_EVIDENCE, SOUND_RATE, SOUND_TIMES, Finished, finished
from transcoder.ffmpeg.hearing import Hearing
from transcoder.outputs.sound_notes import notes_on
from transcoder.proof.model import Check

_HEARD = replace(
    SOUND_EVIDENCE,
    packets=938,
    decoded_samples=20 * SOUND_RATE,
    formats=("48000 Hz stereo",),
    format_count=1,
)


def titled(
    times: SoundTimes | None = SOUND_TIMES, *, frames: int = 938, start: int = 0, **heard: Any
) -> Finished:
    """The video lasts 20.02 s."""
    picture = replace(PLAN.picture, start=Fraction(start))
    title = finished(replace(PLAN, sounds=(times,), picture=picture))
    title.reports["audio-0"] = replace(
        title.reports["audio-0"], sound=replace(_HEARD, **heard), decoded_frames=frames
    )
    return title


def check_of(title: Finished) -> Check:
    return next(check for check in title.proof().checks if check.name == "audio_heard")


def test_sound_that_is_heard_where_it_is_in_the_source_is_proven() -> None:
    assert titled().proof().failed == ()
    assert titled(start=-1, begins=SOUND_RATE, ends=None).proof().failed == ()
    assert titled(replace(SOUND_TIMES, ends=Fraction(30)), ends=None).proof().failed == ()
    later = SoundTimes(Fraction(3, 2), Fraction(19))
    assert titled(later, begins=72_000, ends=19 * SOUND_RATE).proof().failed == ()


@pytest.mark.parametrize(
    ("heard", "measured"),
    [
        ({"begins": None, "ends": None}, "audio 0 was not decoded, for 20.000 s"),
        ({"begins": SOUND_RATE}, "audio 0 begins at 1.000 instead of 0.000 s"),
        ({"begins": -SOUND_RATE}, "audio 0 begins at -1.000 instead of 0.000 s"),
        ({"ends": 12 * SOUND_RATE}, "audio 0 ends at 12.000 instead of 20.000 s"),
        (
            {"silent_samples": 2 * SOUND_RATE, "silence_count": 1},
            "audio 0 is silent for 2.000 s, 0.000 of them missing",
        ),
    ],
)
def test_sound_that_was_lost_on_the_way_is_no_proof(heard: dict[str, Any], measured: str) -> None:
    title = titled(**heard)
    assert title.proof().failed == ("audio_heard",)
    assert check_of(title).measured == measured


def test_sound_that_came_out_silent_is_no_proof() -> None:
    title = titled()
    title.reports["audio-0"].measures.update(found_lufs=-23.0, made_lufs=-70.0)
    assert check_of(title).measured == "audio 0 is silent, and in the source it is not"
    title.reports["audio-0"].measures.update(found_lufs=-70.0)
    assert check_of(title).ok


def test_what_is_missing_in_the_source_is_no_fault() -> None:
    gap = replace(SOUND_TIMES, missing=Fraction(2))
    assert check_of(titled(gap, silent_samples=2 * SOUND_RATE)).ok
    assert not check_of(titled(gap, silent_samples=3 * SOUND_RATE)).ok


def test_what_cannot_be_decoded_is_no_fault_as_far_as_it_goes() -> None:
    tenth: dict[str, Any] = {"undecodable_packets": 94, "frames": 844}
    assert check_of(titled(silent_samples=2 * SOUND_RATE, **tenth)).ok
    assert not check_of(titled(silent_samples=12 * SOUND_RATE, **tenth)).ok
    nothing: dict[str, Any] = {
        "undecodable_packets": 938,
        "frames": 0,
        "begins": None,
        "ends": None,
    }
    assert check_of(titled(**nothing)).ok


def test_where_times_or_evidence_are_missing_nothing_is_compared() -> None:
    assert check_of(titled(None, begins=SOUND_RATE)).ok
    title = titled(begins=SOUND_RATE)
    title.reports["audio-0"] = replace(title.reports["audio-0"], sound=None)
    assert check_of(title).ok


def test_the_log_says_where_sound_breaks_off_and_ends() -> None:
    hearing = Hearing()
    counted = "300 packets read (5 bytes); 297 frames decoded; 3 decode errors (140000 samples); "
    for line in (
        "[graph_0_in_0:1 @ 0x1] tb:1/48000 samplefmt:fltp samplerate:48000 chlayout:stereo",
        "[Eval @ 0x1] 0.000000",
        f"[Eval @ 0x1] {4 * -240 + 1}.000000",
        f"[Eval @ 0x1] {4 * 48_000}.000000",
        f"[Eval @ 0x1] {4 * 96_000 + 1}.000000",
        "[graph_0_in_0:1 @ 0x2] tb:1/48000 samplefmt:fltp samplerate:44100 chlayout:5.1(side)",
        f"[Eval @ 0x1] {4 * 97_000}.000000",
        f"[Eval @ 0x1] {4 * 96_500 + 1}.000000",
        f"[Eval @ 0x1] {4 * 144_000 + 2}.000000",
        f"  Input stream #0:1 (audio): {counted}",
    ):
        hearing.read_line(line)
    assert hearing.evidence == SoundEvidence(
        begins=-240,
        ends=144_000,
        silences=((48_000, 96_000),),
        silence_count=1,
        silent_samples=48_000,
        lost_samples=0,
        cut_samples=500,
        packets=300,
        undecodable_packets=3,
        decoded_samples=140_000,
        formats=("48000 Hz stereo", "44100 Hz 5.1(side)"),
        format_count=2,
    )
    assert notes_on(PLAN.asset.audio[0], hearing.evidence, PLAN.asset, None) == (
        "Sound track 1: its rate or its channels change on the way.",
        "Sound track 1: it ends 17.0 s before the film.",
        "Sound track 1: not all of it can be decoded (1.0 s of silence).",
    )


def test_however_often_a_track_breaks_off_or_changes_little_is_kept_and_all_is_counted() -> None:
    hearing = Hearing()
    for number in range(50_000):
        rate = 44_100 + number % 2
        hearing.read_line(f"[graph_0_in_0:1 @ 0x1] samplerate:{rate} chlayout:stereo")
        came = 100 * number + (7 if number % 2 else -3)
        hearing.read_line(f"[Eval @ 0x1] {4 * 100 * number}.000000")
        hearing.read_line(f"[Eval @ 0x1] {4 * came + 1}.000000")
    hearing.read_line("Input (audio): 9 packets read (5 bytes); 0 decode errors (9 samples)")
    evidence = hearing.evidence
    assert (len(evidence.silences), len(evidence.formats)) == (100, 20)
    assert (len(hearing.silences), len(hearing.formats)) == (100, 20)
    assert (evidence.begins, evidence.silences[0]) == (-3, (100, 107))
    assert (evidence.silence_count, evidence.silent_samples) == (25_000, 7 * 25_000)
    assert (evidence.cut_samples, evidence.format_count) == (3 * 24_999, 50_000)


@pytest.mark.parametrize(
    ("layout", "notes"),
    [
        ("5.1", ()),
        ("7.1.4", ("Sound track 1: some of its channels (7.1.4) are not heard.",)),
    ],
)
def test_speakers_that_the_mixer_drops_are_named(layout: str, notes: tuple[str, ...]) -> None:
    heard = replace(_HEARD, formats=(f"48000 Hz {layout}",), format_count=1)
    assert notes_on(PLAN.asset.audio[0], heard, PLAN.asset, None) == notes


def test_a_track_without_a_packet_is_said_to_hold_no_sound() -> None:
    empty = Hearing().evidence
    assert notes_on(PLAN.asset.audio[0], empty, PLAN.asset, None) == (
        "Sound track 1: there is no sound in it; it is silent.",
    )


@pytest.mark.parametrize(
    ("others", "undecodable", "is_certain"),
    [
        (("22050 Hz mono", "48000 Hz stereo"), 9, False),
        (("22050 Hz mono", "48000 Hz stereo"), 0, True),
        (("22050 Hz mono",), 9, True),
        (("22050 Hz mono", "44100 Hz stereo"), 9, True),
    ],
)
def test_a_format_that_comes_and_goes_with_damage_is_no_certain_change(
    others: tuple[str, ...], undecodable: int, is_certain: bool
) -> None:
    formats = ("48000 Hz stereo", *others)
    heard = replace(
        _HEARD, formats=formats, format_count=len(formats), undecodable_packets=undecodable
    )
    first, *_ = notes_on(PLAN.asset.audio[0], heard, PLAN.asset, SOUND_TIMES)
    assert ("change on the way" in first) == is_certain
    assert ("seem to change for a while" in first) != is_certain


@pytest.mark.parametrize(
    ("missing", "heard", "notes"),
    [
        (
            2,
            {"silent_samples": 2 * SOUND_RATE},
            ("2.0 s are missing in the source; it is silent there.",),
        ),
        (0, {"silent_samples": 2 * SOUND_RATE}, ("2.0 s of silence were filled in.",)),
        (
            1,
            {"silent_samples": 3 * SOUND_RATE},
            (
                "1.0 s are missing in the source; it is silent there.",
                "2.0 s of silence were filled in.",
            ),
        ),
        (
            1,
            {"silent_samples": 6 * SOUND_RATE, "undecodable_packets": 1},
            (
                "1.0 s are missing in the source; it is silent there.",
                "not all of it can be decoded (5.0 s of silence).",
            ),
        ),
        (40, {"undecodable_packets": 469}, ("not all of it can be decoded.",)),
    ],
)
def test_only_what_has_no_packets_is_said_to_be_missing(
    missing: int, heard: dict[str, Any], notes: tuple[str, ...]
) -> None:
    times = replace(SOUND_TIMES, missing=Fraction(missing))
    said = notes_on(PLAN.asset.audio[0], replace(_HEARD, **heard), PLAN.asset, times)
    assert said == tuple(f"Sound track 1: {note}" for note in notes)


# Three packets of four give nothing: each gap is as short as a clock's.
_THREE_OF_FOUR: dict[str, Any] = {"silent_samples": 15 * SOUND_RATE, "silence_count": 235}


@pytest.mark.parametrize(
    ("heard", "unheard"),
    [
        (_THREE_OF_FOUR, "is not heard for 15.000 of 20.000 s"),
        (
            {**_THREE_OF_FOUR, "undecodable_packets": 1, "frames": 937},
            "is not heard for 15.000 of 20.000 s",
        ),
        # Each third of it might be explained by damage, and not all of them.
        (
            {
                "undecodable_packets": 94,
                "frames": 844,
                "begins": 5 * SOUND_RATE,
                "ends": 15 * SOUND_RATE,
                "silences": ((6 * SOUND_RATE, 11 * SOUND_RATE),),
                "silence_count": 1,
                "silent_samples": 5 * SOUND_RATE,
            },
            "is not heard for 15.000 of 20.000 s",
        ),
    ],
    ids=["no complaint", "one complaint", "a tenth complained of"],
)
def test_sound_that_is_mostly_silence_is_no_proof(heard: dict[str, Any], unheard: str) -> None:
    title = titled(**heard)
    assert title.proof().failed == ("audio_heard",)
    assert check_of(title).measured == f"audio 0 {unheard}"


def test_packets_of_which_the_decoder_makes_nothing_are_damage() -> None:
    """It need not complain: an empty frame is a frame."""
    empty: dict[str, Any] = {"frames": 234, "ends": None}
    for heard in (_THREE_OF_FOUR, {**_THREE_OF_FOUR, "undecodable_packets": 1}):
        proof = titled(replace(SOUND_TIMES, ends=Fraction(30)), **heard, **empty).proof()
        assert proof.failed == ("audible",)
        assert proof.decodable.sound == pytest.approx(0.25, abs=0.01)


def test_packets_of_which_the_decoder_makes_less_than_they_last_are_damage() -> None:
    """Opus and Vorbis take noise for shorter frames, one for each packet."""
    times = replace(SOUND_TIMES, packets=938)
    proof = titled(times, **_THREE_OF_FOUR, decoded_samples=5 * SOUND_RATE).proof()
    assert proof.failed == ("audible",)
    assert proof.decodable.sound == pytest.approx(0.25, abs=0.01)
    # So was what was not read.
    few: dict[str, Any] = {"packets": 235, "frames": 235, "decoded_samples": 5 * SOUND_RATE}
    assert titled(times, **_THREE_OF_FOUR, **few).proof().failed == ("audio_heard",)
    # What it made, and what is not there in the end, was lost on our way.
    assert titled(times, **_THREE_OF_FOUR).proof().failed == ("audio_heard",)
    unknown: dict[str, Any] = {
        "decoded_samples": 5 * SOUND_RATE,
        "formats": ("48000 Hz mono", "44100 Hz mono"),
    }
    assert titled(times, **_THREE_OF_FOUR, **unknown, format_count=2).proof().failed == (
        "audio_heard",
    )


def test_gaps_at_both_ends_explain_why_nothing_is_heard_there() -> None:
    gaps = ((Fraction(1), Fraction(5)), (Fraction(14), Fraction(19)))
    times = replace(SOUND_TIMES, missing=Fraction(9), gaps=gaps)
    heard: dict[str, Any] = {"begins": 5 * SOUND_RATE, "ends": 14 * SOUND_RATE}
    assert not check_of(titled(times, **heard)).ok
    damaged: dict[str, Any] = {"undecodable_packets": 40, "frames": 898}
    assert check_of(titled(times, **heard, **damaged)).ok
    assert not check_of(titled(replace(times, gaps=()), **heard, **damaged)).ok


def test_packets_in_front_of_and_behind_each_other_by_turns_are_no_silence() -> None:
    assert check_of(titled(**_THREE_OF_FOUR, cut_samples=15 * SOUND_RATE)).ok
    assert check_of(titled(replace(SOUND_TIMES, missing=Fraction(15)), **_THREE_OF_FOUR)).ok


def test_sound_is_not_silent_for_what_comes_twice_elsewhere() -> None:
    """Half of it is lost in gaps that a clock might leave, and half of it comes twice."""
    hearing = Hearing()
    for number in range(100):
        hearing.read_line(f"[Eval @ 0x1] {4 * 4000 * number}.000000")
        hearing.read_line(f"[Eval @ 0x1] {4 * (4000 * number + 2000) + 1}.000000")
    for number in range(100):
        hearing.read_line(f"[Eval @ 0x1] {4 * (500_000 + 4000 * number)}.000000")
        hearing.read_line(f"[Eval @ 0x1] {4 * (500_000 + 4000 * number - 2000) + 1}.000000")
    assert (hearing.silent_samples, hearing.cut_samples) == (99 * 2000, 100 * 2000)
    assert hearing.lost_samples == 99 * 2000


def test_packets_that_come_ahead_and_back_by_turns_lose_nothing() -> None:
    ahead, back = Hearing(), Hearing()
    for number in range(100):
        for hearing, step in ((ahead, 1000), (back, -1000)):
            came = 5000 * number + (step if number % 2 else 0)
            hearing.read_line(
                f"[Eval @ 0x1] {4 * (5000 * number + (0 if number % 2 else step))}.000000"
            )
            hearing.read_line(f"[Eval @ 0x1] {4 * came + 1}.000000")
    assert ahead.silent_samples == back.cut_samples == 50_000
    # The last one may have no other beside it.
    assert ahead.lost_samples <= 1000
    assert back.lost_samples <= 1000


_SPREAD: dict[str, Any] = {
    "silent_samples": 10 * SOUND_RATE,
    "silence_count": 200,
    "cut_samples": 10 * SOUND_RATE,
}


def test_losses_are_no_jitter_where_the_cuts_are_elsewhere() -> None:
    assert check_of(titled(**_SPREAD)).ok
    assert check_of(titled(**_SPREAD, lost_samples=0)).ok
    check = check_of(titled(**_SPREAD, lost_samples=10 * SOUND_RATE))
    assert check.measured == "audio 0 is not heard for 10.000 of 20.000 s"


@pytest.mark.parametrize(
    ("silences", "measured"),
    [
        (((2, 4), (10, 11)), ""),
        (((2, 3), (10, 12)), "audio 0 is silent for 1.000 s where the source has sound"),
        (((5, 8),), "audio 0 is silent for 3.000 s where the source has sound"),
    ],
)
def test_silence_belongs_where_the_source_has_none(
    silences: tuple[tuple[int, int], ...], measured: str
) -> None:
    gaps = tuple((Fraction(a), Fraction(b)) for a, b in ((2, 4), (10, 11)))
    times = replace(SOUND_TIMES, missing=Fraction(3), gaps=gaps)
    ranges = tuple((a * SOUND_RATE, b * SOUND_RATE) for a, b in silences)
    heard: dict[str, Any] = {
        "silences": ranges,
        "silent_samples": 3 * SOUND_RATE,
        "lost_samples": 0,
    }
    check = check_of(titled(times, silence_count=len(ranges), **heard))
    assert check.ok == (not measured)
    assert measured in ("", check.measured)
    before = replace(times, gaps=())
    assert check_of(titled(before, silences=ranges, silent_samples=3 * SOUND_RATE)).ok


def test_a_gap_after_the_end_explains_no_silence() -> None:
    after = SoundTimes(Fraction(0), Fraction(40), Fraction(5), ((Fraction(30), Fraction(35)),))
    heard: dict[str, Any] = {"silences": (), "silence_count": 90, "silent_samples": 5 * SOUND_RATE}
    assert not check_of(titled(after, ends=None, lost_samples=5 * SOUND_RATE, **heard)).ok
    within = replace(after, gaps=((Fraction(3), Fraction(8)),))
    assert check_of(titled(within, ends=None, lost_samples=5 * SOUND_RATE, **heard)).ok


def test_silence_is_counted_within_the_video_alone() -> None:
    hearing = Hearing(samples=4 * SOUND_RATE)
    for expected, came in ((-9, -9), (-2, 1), (3, 5), (7, 6)):
        hearing.read_line(f"[Eval @ 0x1] {4 * expected * SOUND_RATE}.000000")
        hearing.read_line(f"[Eval @ 0x1] {4 * came * SOUND_RATE + 1}.000000")
    assert hearing.silences == [(0, SOUND_RATE), (3 * SOUND_RATE, 4 * SOUND_RATE)]
    assert (hearing.silent_samples, hearing.cut_samples) == (2 * SOUND_RATE, 0)


def test_a_clock_that_drifts_is_no_silence() -> None:
    """Each correction is too short to hear; over a long video they add up."""
    silences = tuple((number * SOUND_RATE, number * SOUND_RATE + 1000) for number in range(1, 15))
    drifting: dict[str, Any] = {"silences": silences, "silence_count": 14, "silent_samples": 14_000}
    assert check_of(titled(**drifting)).ok
    whole: dict[str, Any] = {
        "silences": ((SOUND_RATE, SOUND_RATE + 14_000),),
        "silence_count": 1,
        "silent_samples": 14_000,
    }
    assert not check_of(titled(**whole)).ok
