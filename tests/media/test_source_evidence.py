"""A plan that says something else than the decoder delivers is never proven."""

from array import array
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import av
import pytest

from chalicelib.encoding.picture_evidence import StandIn
from chalicelib.encoding.plan import Plan
from tests.builders import clips
from tests.builders.finished_encodes import finish_encode
from tests.builders.plans import REVISION, VIDEO, planned, planned_clip, question_of, source_of
from transcoder.outputs.objects import chunk_report
from transcoder.planning import plan_of
from transcoder.probing.child import examined
from transcoder.probing.model import Timeline
from transcoder.proof.model import Proof
from transcoder.settings import TranscoderSettings

Believed = Callable[[Timeline], Timeline]


def as_it_is(timeline: Timeline) -> Timeline:
    return timeline


def twice_as_slow(timeline: Timeline) -> Timeline:
    return replace(timeline, tick=timeline.tick * 2)


def twice_as_many(timeline: Timeline) -> Timeline:
    ticks = timeline.ticks
    length = ticks[-1] - ticks[0] + (ticks[1] - ticks[0])
    return replace(timeline, ticks=ticks + array("q", (tick + length for tick in ticks)))


def half_as_many(timeline: Timeline) -> Timeline:
    return replace(timeline, ticks=timeline.ticks[: len(timeline.ticks) // 2])


def without_the_last_four(timeline: Timeline) -> Timeline:
    return replace(timeline, ticks=timeline.ticks[:-4])


def from_the_18th_on(timeline: Timeline) -> Timeline:
    return replace(timeline, ticks=timeline.ticks[18:])


def from_18_earlier_on(timeline: Timeline) -> Timeline:
    first, step = timeline.ticks[0], timeline.ticks[1] - timeline.ticks[0]
    earlier = array("q", (first - step * back for back in range(18, 0, -1)))
    return replace(timeline, ticks=earlier + timeline.ticks)


def plan_believing(name: str, believed: Believed) -> Plan:
    path = clips.get(name).path
    facts = examined(question_of(path))
    facts = replace(facts, timeline=believed(facts.timeline), sounds=())
    return plan_of(VIDEO, REVISION, source_of(path), facts, settings=TranscoderSettings())


def proof_of(plan: Plan, name: str, folder: Path) -> Proof:
    return finish_encode(clips.get(name), plan, folder).proof()


@pytest.mark.parametrize(
    "name",
    ["avi", "fast120", "interlaced", "interlaced_h264", "long_sound", "open_gop", "vfr_mp4", "vp9"],
)
def test_a_plan_that_is_right_is_proven(name: str, tmp_path: Path) -> None:
    proof = proof_of(plan_believing(name, as_it_is), name, tmp_path)
    assert [check for check in proof.checks if not check.ok] == []
    assert proof.decodable.pictures == 1
    assert proof.measures["source_pictures"] == proof.measures["delivered_pictures"]


@pytest.mark.parametrize("name", ["avi", "interlaced", "silent", "fast120"])
@pytest.mark.parametrize(
    ("believed", "complaint"),
    [
        (half_as_many, "source_ends"),
        (without_the_last_four, "source_ends"),
        (from_the_18th_on, "source_begins"),
        (from_18_earlier_on, "source_begins"),
    ],
)
def test_a_plan_that_is_wrong_is_not_proven(
    name: str, believed: Believed, complaint: str, tmp_path: Path
) -> None:
    proof = proof_of(plan_believing(name, believed), name, tmp_path)
    assert complaint in proof.failed
    # Nothing is damaged, and nothing else is the reason.
    assert proof.decodable.pictures == 1


@pytest.mark.parametrize("name", ["avi", "fast120", "interlaced", "silent", "vfr_mp4"])
@pytest.mark.parametrize("believed", [twice_as_slow, twice_as_many])
def test_a_plan_twice_as_long_as_the_source_is_not_proven(
    name: str, believed: Believed, tmp_path: Path
) -> None:
    proof = proof_of(plan_believing(name, believed), name, tmp_path)
    assert {"source_ends", "source_holds"} <= {*proof.failed}
    assert "decodable" not in proof.failed


def test_what_was_expected_and_what_came_is_said(tmp_path: Path) -> None:
    proof = proof_of(plan_believing("silent", from_18_earlier_on), "silent", tmp_path)
    said = {check.name: (check.expected, check.measured) for check in proof.checks}
    assert said["source_pictures"] == (
        "193 pictures",
        "175 came; 18 missing though nothing is damaged",
    )
    assert said["source_begins"] == (
        "the first picture at -0.720 s",
        "the first picture at 0.000 s",
    )


def test_a_hole_in_the_middle_is_not_proven(tmp_path: Path) -> None:
    clip, whole = clips.get("prores"), planned_clip("prores")
    plan = replace(whole, asset=replace(whole.asset, audio=()))
    path = without_pictures(clip.path, range(20, 38), tmp_path / "hole.mov")
    proof = finish_encode(replace(clip, path=path), plan, tmp_path / "made").proof()
    assert proof.failed == ("source_pictures", "source_holds")
    # The same file planned as it is: then a picture is meant to be held.
    seen = replace(planned(path), asset=replace(planned(path).asset, audio=()))
    assert finish_encode(replace(clip, path=path), seen, tmp_path / "seen").proof().failed == ()


def test_slides_are_proven_and_the_last_one_stands_for_as_long_as_it_is_said_to(
    tmp_path: Path,
) -> None:
    path = tmp_path / "slides.mkv"
    slides = "trim=end_frame=4,settb=1/1000,setpts=N*9000"
    clips.ffmpeg("-i", clips.get("tiny").path, "-an", "-vf", slides, "-fps_mode", "passthrough",
                 "-enc_time_base", "1/1000", "-c:v", "libx264", path)  # fmt: skip
    plan = planned(path)
    assert plan.expected is not None
    assert plan.expected.counts == (1, 1, 0, 1, 1, 0)
    encode = finish_encode(replace(clips.get("tiny"), path=path), plan, tmp_path / "made")
    assert encode.proof().failed == ()
    last = encode.reports[chunk_report(5)].delivered
    assert last is not None
    assert (last.count, last.stand_in) == (0, StandIn.HELD)


@pytest.mark.parametrize(("name", "begin"), [("plain", "0.7"), ("prores", "0.7")])
def test_a_source_cut_without_encoding_is_proven(name: str, begin: str, tmp_path: Path) -> None:
    """Pictures that an edit list hides are no part of what is expected."""
    clip = clips.get(name)
    path = tmp_path / f"cut{clip.suffix}"
    clips.ffmpeg("-ss", begin, "-i", clip.path, "-an", "-c", "copy", path)
    encode = finish_encode(replace(clip, path=path), planned(path), tmp_path / "made")
    assert encode.proof().failed == ()


def test_pictures_missing_where_the_decoder_complains_are_damage(tmp_path: Path) -> None:
    clip = clips.get("vp9")
    path, data = tmp_path / "damaged.webm", bytearray(clip.path.read_bytes())
    begin = len(data) * 3 // 4
    data[begin : begin + 4000] = bytes(4000)
    path.write_bytes(data)
    plan = plan_believing("vp9", as_it_is)
    proof = finish_encode(replace(clip, path=path), plan, tmp_path / "made").proof()
    assert proof.failed == ()
    assert 0.5 < proof.decodable.pictures < 0.95
    assert any("of the pictures could not be read whole" in note for note in proof.notes)


@pytest.mark.parametrize(("broken", "failed"), [
    (45, ("source_pictures", "source_holds")),
    (28, ()),
])  # fmt: skip
def test_a_complaint_excuses_a_hole_next_to_it_and_none_elsewhere(
    broken: int, failed: tuple[str, ...], tmp_path: Path
) -> None:
    clip, whole = clips.get("prores"), planned_clip("prores")
    plan = replace(whole, asset=replace(whole.asset, audio=()))
    holed = without_pictures(clip.path, range(20, 28), tmp_path / "hole.mov")
    with av.open(str(clip.path)) as container:
        packet = [bytes(each) for each in container.demux(video=0) if each.size][broken]
    path = tmp_path / "broken.mov"
    path.write_bytes(holed.read_bytes().replace(packet, packet[:100] + bytes(len(packet) - 100)))
    encode = finish_encode(replace(clip, path=path), plan, tmp_path / "made")
    assert encode.reports[chunk_report(0)].errors > 0
    assert encode.proof().failed == failed


def without_pictures(source: Path, dropped: range, path: Path) -> Path:
    with av.open(str(source)) as whole, av.open(str(path), "w") as holed:
        stream = holed.add_stream_from_template(whole.streams.video[0])
        packets = [each for each in whole.demux(video=0) if each.size]
        for number, packet in enumerate(packets):
            if number not in dropped:
                packet.stream = stream
                holed.mux(packet)
    return path
