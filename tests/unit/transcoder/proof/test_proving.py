"""Only an encode that meets every rule is published; each rule is broken once, alone."""

import json
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest

from chalicelib.catalogue.asset import Grid
from chalicelib.catalogue.damage import Decodable
from chalicelib.encoding.picture_evidence import ExpectedPictures
from chalicelib.encoding.task_reports import Report
from tests.builders.reports import PLAN, Finished, finished, video_init
from transcoder.outputs.files import md5_of
from transcoder.outputs.storyboard import iframe_index
from transcoder.proof.checks import frame_rate_is_moderate
from transcoder.proof.evidence import Evidence
from transcoder.proof.proving import _notes

FIRST = "video/720p/00000.m4s"
SECOND = "video/720p/00001.m4s"
SOUND = "audio/0/00001.m4s"


def key(name: str) -> str:
    return f"media/7/3/{name}"


def without_report(encode: Finished) -> None:
    # A report that nothing else looks into.
    del encode.reports["pictures"]
    encode.reports["other"] = finished().reports["pictures"]


def without_object(encode: Finished) -> None:
    del encode.listed[key(SECOND)]


def other_object(encode: Finished) -> None:
    size, _ = encode.listed[key(SECOND)]
    encode.listed[key(SECOND)] = (size, "0" * 32)


def other_size(encode: Finished) -> None:
    size, md5 = encode.listed[key(SOUND)]
    encode.listed[key(SOUND)] = (size + 1, md5)


def other_init(encode: Finished) -> None:
    encode.change("chunk-00001", "video/480p/init.mp4", md5="0" * 32)


def frame_moved(encode: Finished) -> None:
    """As many frames in all, but not where they belong."""
    encode.change("chunk-00000", FIRST, frames=143)
    encode.change("chunk-00001", SECOND, frames=145)


def sound_moved(encode: Finished) -> None:
    frames = PLAN.asset.audio_frames_of
    encode.change("audio-0", "audio/0/00000.m4s", frames=frames(0) - 1)
    encode.change("audio-0", SOUND, frames=frames(1) + 1)


def time_gap(encode: Finished) -> None:
    encode.change("chunk-00001", SECOND, decode_time=146 * 1001 + 1)


def sound_gap(encode: Finished) -> None:
    encode.change("audio-0", SOUND, decode_time=1024)


def uneven_pictures(encode: Finished) -> None:
    encode.change("chunk-00001", SECOND, frame_ticks=0)


def uneven_sound(encode: Finished) -> None:
    encode.change("audio-0", SOUND, frame_ticks=1023)


def no_key_frame(encode: Finished) -> None:
    encode.change("chunk-00001", SECOND, iframe_bytes=0)
    index = iframe_index(PLAN, encode.reports.values()).encode()
    encode.change("iframes", "iframes.json", size=len(index), md5=md5_of(index))
    encode.listed[key("iframes.json")] = (len(index), md5_of(index))


def edit_list(encode: Finished) -> None:
    encode.heads["video/720p/init.mp4"] = video_init(1280, 720, "avc1.64001f", edit_list=True)


def other_codecs(encode: Finished) -> None:
    encode.heads["video/720p/init.mp4"] = video_init(1280, 720, "avc1.640029")


def unreadable_sound(encode: Finished) -> None:
    encode.heads["audio/0/init.mp4"] = encode.heads["audio/0/init.mp4"][:-9]


def other_resolution(encode: Finished) -> None:
    encode.heads["video/720p/init.mp4"] = video_init(1280, 544, "avc1.64001f")


def other_index(encode: Finished) -> None:
    encode.change("iframes", "iframes.json", md5="0" * 32)
    encode.listed[key("iframes.json")] = (encode.listed[key("iframes.json")][0], "0" * 32)


def too_many_bits(encode: Finished) -> None:
    encode.change("chunk-00001", SECOND, size=4_000_000 * 3)
    encode.listed[key(SECOND)] = (4_000_000 * 3, encode.listed[key(SECOND)][1])


def undecodable(encode: Finished) -> None:
    encode.reports["chunk-00001"] = replace(encode.reports["chunk-00001"], decoded_frames=100)


def said_of(grid: Grid) -> str:
    plan = replace(PLAN, asset=replace(PLAN.asset, grid=grid))
    return frame_rate_is_moderate(Evidence(plan, {}, {}, {})).measured


def test_a_video_that_is_as_planned_is_proven() -> None:
    assert finished().proof().failed == ()


@pytest.mark.parametrize(
    ("damage", "complaint"),
    [
        (without_report, "reports"),
        (without_object, "objects_exist"),
        (other_object, "objects_unchanged"),
        (other_size, "objects_unchanged"),
        (other_init, "inits_identical"),
        (frame_moved, "picture_frames"),
        (sound_moved, "audio_frames"),
        (time_gap, "picture_times"),
        (sound_gap, "audio_times"),
        (uneven_pictures, "frame_durations"),
        (uneven_sound, "frame_durations"),
        (no_key_frame, "key_frames"),
        (edit_list, "edit_lists"),
        (other_codecs, "codecs"),
        (other_resolution, "resolutions"),
        (other_index, "iframe_index"),
        (too_many_bits, "bit_rates"),
        (undecodable, "decodable"),
    ],
)
def test_one_fault_is_one_complaint(damage: Callable[[Finished], None], complaint: str) -> None:
    encode = finished()
    damage(encode)
    assert encode.proof().failed == (complaint,)


def test_an_encode_that_an_earlier_version_planned_is_proven_as_it_was() -> None:
    asset = replace(PLAN.asset, delay_frames=0)
    assert finished(replace(PLAN, asset=asset)).proof().failed == ()


def test_an_unreadable_head_is_no_proof_of_anything() -> None:
    encode = finished()
    unreadable_sound(encode)
    assert encode.proof().failed == ("audio_times", "codecs")


def test_a_missing_head_is_no_proof_of_anything() -> None:
    encode = finished()
    encode.heads.clear()
    assert {"codecs", "picture_times"} <= set(encode.proof().failed)


def test_more_than_sixty_frames_a_second_are_refused() -> None:
    grid = Grid(Fraction(72_000, 1001), frames=480, frames_per_gop=144, gops_per_segment=3)
    encode = finished(replace(PLAN, asset=replace(PLAN.asset, grid=grid)))
    assert encode.proof().failed == ("frame_rate",)


def test_a_whole_frame_rate_is_said_without_a_fraction() -> None:
    rates = (Fraction(25), Fraction(60), Fraction(24_000, 1001))
    assert [said_of(Grid(rate, 480, 48, 3)) for rate in rates] == ["25", "60", "23.976"]


def test_a_segment_that_is_too_long_fails() -> None:
    encode = finished()
    encode.change("chunk-00001", SECOND, frames=144 + 40)
    assert encode.proof().failed == ("picture_frames", "same_duration", "segment_length")


def test_sound_that_ends_early_fails() -> None:
    encode = finished()
    encode.change("audio-0", SOUND, frames=PLAN.asset.audio_frames_of(1) - 2)
    assert encode.proof().failed == ("audio_frames", "same_duration")


def test_a_file_that_no_report_names_is_a_fault() -> None:
    encode = finished()
    del encode.reports["chunk-00001"]
    assert {"reports", "objects_unchanged", "picture_frames"} <= set(encode.proof().failed)


def test_a_little_damage_is_accepted_and_reported() -> None:
    encode = finished()
    last = encode.reports["chunk-00001"]
    encode.reports["chunk-00001"] = replace(last, decoded_frames=last.decoded_frames - 12, errors=3)
    proof = encode.proof()
    assert proof.ok
    assert proof.notes == (
        "A cover picture was left out.",
        "2.5% of the pictures could not be read whole.",
        "Decoding met 3 errors; if they can be seen or heard, other notes say so.",
    )


@pytest.mark.parametrize(
    ("damaged", "notes"),
    [
        (12, ["2.5% of the pictures are missing in the file."]),
        (24, ["5% of the pictures are missing in the file."]),
        (
            36,
            [
                "5% of the pictures are missing in the file.",
                "2.5% of the pictures could not be read whole.",
            ],
        ),
    ],
)
def test_pictures_that_are_not_in_the_file_are_apart_from_damaged_ones(
    damaged: int, notes: list[str]
) -> None:
    reports = finished().reports
    counts = [reports[each].decoded_frames for each in sorted(reports) if each.startswith("chunk")]
    missing = sum(counts) // 20
    expected = ExpectedPictures(
        tuple(counts), 0, sum(counts) - 1, longest_hold=1, damaged=damaged, missing=missing
    )
    encode = finished(replace(PLAN, expected=expected))
    said = [each for each in encode.proof().notes if "of the pictures" in each]
    assert said == notes


@pytest.mark.parametrize("missing", [0.0, 0.00001])
def test_no_damage_is_so_little_that_it_is_said_to_be_none(missing: float) -> None:
    assert _notes({}, Decodable(0.99999, 0.99999), 0, missing=missing) == [
        "Less than 0.01% of the pictures could not be read whole.",
        "Less than 0.01% of the sound could not be decoded.",
    ]
    assert _notes({}, Decodable(), 0, missing=0) == []


@pytest.mark.parametrize(("codec", "is_noted"), [("h264", False), ("hevc", True)])
def test_errors_that_damage_nothing_are_noted_if_not_all_damage_can_be_measured(
    codec: str, is_noted: bool
) -> None:
    encode = finished(replace(PLAN, picture=replace(PLAN.picture, codec=codec)))
    encode.reports["chunk-00001"] = replace(encode.reports["chunk-00001"], errors=3)
    proof = encode.proof()
    assert proof.measures["decode_errors"] == 3
    assert any("Decoding met 3 errors" in note for note in proof.notes) == is_noted


def test_a_note_of_many_tasks_is_reported_once() -> None:
    encode = finished()
    for name, report in encode.reports.items():
        encode.reports[name] = replace(report, notes=("The picture was held.",))
    assert encode.proof().notes == ("A cover picture was left out.", "The picture was held.")


def test_subtitles_without_a_word_are_left_out_of_the_asset() -> None:
    encode = finished()
    encode.reports["subtitles-0"] = Report((), notes=("Nothing can be read.",))
    del encode.listed[key("subtitles/0/00000.vtt")]
    proof = encode.proof()
    assert proof.ok
    assert proof.asset.subtitles == ()


def test_the_asset_comes_back_with_what_was_measured() -> None:
    asset = finished().proof().asset
    sizes = [4000 * 600, 4000 * 600, 4000 * 600, 4000 * 100 * 48 // 144 * 6]
    assert asset.has_iframes
    assert asset.rungs[0].average == -(-sum(sizes) * 8 * 24_000 // (480 * 1001))
    assert asset.rungs[0].peak == -(-sizes[0] * 8 * 24_000 // (144 * 1001))
    assert asset.audio[0].peak >= asset.audio[0].average > 0


def test_the_report_says_what_it_was_estimated_to_cost() -> None:
    plan = replace(PLAN, estimated_cpu_seconds=61.5, estimated_dollars=0.0009)
    measures = json.loads(finished(plan).proof().to_json())["measures"]
    assert (measures["estimated_cpu_seconds"], measures["estimated_dollars"]) == (61.5, 0.0009)


def test_the_report_reads_well() -> None:
    encode = finished()
    time_gap(encode)
    report = json.loads(encode.proof().to_json())
    check = next(each for each in report["checks"] if each["name"] == "picture_times")
    assert report["ok"] is False
    assert check == {
        "name": "picture_times",
        "ok": False,
        "expected": "each begins where the last one ends",
        "measured": "720p, segment 1: off by 0.000042 s",
    }
    assert report["measures"]["audio-0.loudness"] == -23
    assert report["measures"]["frames"] == 480
