"""What the tasks make of a real source is proven, and what is tampered with is not."""

from dataclasses import replace
from fractions import Fraction

import pytest

from chalicelib.catalogue import object_keys
from tests.builders import clips
from tests.builders.finished_encodes import Finished, finish_encode
from tests.builders.plans import a_plan, a_sandbox
from transcoder.outputs import objects
from transcoder.outputs.chunk import make_chunk


def test_what_the_tasks_make_is_proven(encode: Finished) -> None:
    proof = encode.proof()
    assert [check for check in proof.checks if not check.ok] == []
    assert proof.notes == ()


def test_bit_rates_are_those_of_the_files(encode: Finished) -> None:
    asset = encode.proof().asset
    files = [
        encode.folder / object_keys.video_segment("180p", number, asset.container)
        for number in range(asset.grid.segments)
    ]
    bits = sum(path.stat().st_size for path in files) * 8
    assert asset.rungs[0].average == pytest.approx(bits / float(asset.grid.duration), rel=0.001)
    assert asset.rungs[0].peak >= asset.rungs[0].average


def test_the_first_bytes_that_the_index_names_hold_one_picture(encode: Finished) -> None:
    container = encode.plan.asset.container
    files = {p.name: p for report in encode.reports.values() for p in report.files}
    name = object_keys.video_segment("180p", 2, container)
    init = encode.folder / object_keys.video_init("180p")
    head = init.read_bytes() if init.exists() else b""
    cut = encode.folder / "first"
    cut.write_bytes(head + (encode.folder / name).read_bytes()[: files[name].iframe_bytes])
    first = 2 * encode.plan.asset.grid.frames_per_segment
    assert clips.numbers(cut) == [first]


def test_a_head_of_another_size_fails(encode: Finished) -> None:
    large, small = (encode.folder / name for name in objects.head_names(encode.plan.asset)[:2])
    kept = large.read_bytes()
    large.write_bytes(small.read_bytes())
    failed = encode.proof().failed
    large.write_bytes(kept)
    assert failed == ("resolutions",)


def test_an_encode_that_an_earlier_version_planned_is_proven_as_it_was(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    clip = clips.get("tiny")
    plan = a_plan(clip)
    before = replace(plan, asset=replace(plan.asset, delay_frames=0))
    assert finish_encode(clip, before, tmp_path_factory.mktemp("before")).proof().failed == ()
    assert finish_encode(clip, plan, tmp_path_factory.mktemp("now")).proof().failed == ()


def test_segments_of_two_versions_fail_the_proof(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    clip = clips.get("plain")
    plan = a_plan(clip)
    before = replace(plan, asset=replace(plan.asset, delay_frames=0))
    encode = finish_encode(clip, plan, tmp_path_factory.mktemp("mixed"))
    part = a_sandbox(tmp_path_factory.mktemp("part"))
    encode.reports[objects.chunk_report(1)] = make_chunk(before, 1, str(clip.path), sandbox=part)
    assert encode.proof().failed == ("picture_times",)


def test_a_clip_with_a_late_start_is_proven_too(tmp_path_factory: pytest.TempPathFactory) -> None:
    clip = clips.get("late_start")
    plan = a_plan(clip, start=Fraction(36_014, 10))
    proof = finish_encode(clip, plan, tmp_path_factory.mktemp("late")).proof()
    assert proof.failed == ()
