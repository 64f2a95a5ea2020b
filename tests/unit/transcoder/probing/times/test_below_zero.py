"""An Ogg that was cut without encoding begins below zero, where libavformat counts centuries."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from chalicelib.encoding.failures import Finding, Reason
from tests.builders import clips
from tests.builders.plans import REVISION, VIDEO, planned, question_of, source_of
from tests.builders.published_encodes import SYNCHRONOUS_SECONDS, finished
from transcoder.errors import Refused
from transcoder.planning import plan_of
from transcoder.probing.child import examined
from transcoder.probing.times.below_zero import NOTE
from transcoder.settings import TranscoderSettings

_CENTURY_SECONDS = 3_155_760_000


def cut(folder: Path, group: int, at: float) -> Path:
    """It begins with the key picture before this time."""
    whole, path = folder / "whole.ogv", folder / "cut.ogv"
    codecs = ("-c:v", "libtheora", "-q:v", "7", "-g", str(group), "-c:a", "libvorbis")
    clips.ffmpeg("-i", clips.get("plain").path, *codecs, whole)
    clips.ffmpeg("-ss", str(at), "-i", whole, "-c", "copy", path)
    return path


@pytest.mark.parametrize(
    ("group", "at", "first", "wrong_streams"),
    # The first page of sound lasts a second: its end is above or below zero.
    [(25, 3.8, 75, [0]), (50, 5.8, 100, [0, 1])],
    ids=["pictures", "a_page_of_sound_too"],
)
def test_all_that_is_before_zero_is_kept_in_time(
    tmp_path: Path, group: int, at: float, first: int, wrong_streams: list[int]
) -> None:
    made = finished(cut(tmp_path, group, at))
    assert made.report["ok"], made.report
    assert NOTE in made.plan.notes
    assert [each.stream for each in made.plan.picture.below_zero] == wrong_streams
    assert made.plan.picture.start == first / Fraction(25) - Fraction(str(at))
    assert clips.numbers(made.played(f"video/{made.asset.rungs[-1].name}")) == [*range(first, 325)]
    heard = clips.bursts(made.played("audio/0"))
    assert len(heard) == 13 - first // 25
    assert all(abs(at - second) < 2 * SYNCHRONOUS_SECONDS for second, at in enumerate(heard))


def test_it_is_refused_with_that_reason_where_a_picture_is_missing_below_zero(
    tmp_path: Path,
) -> None:
    path = cut(tmp_path, 50, 5.8)
    data = path.read_bytes()
    pages = [at for at in range(len(data)) if data.startswith(b"OggS", at)]
    stream = data[14:18]
    with_pictures = [at for at in pages if data[at + 14 : at + 18] == stream]
    # Behind the page with the first picture and the headers.
    page = with_pictures[3]
    path.write_bytes(data[:page] + data[pages[pages.index(page) + 1] :])
    with pytest.raises(Refused) as refused:
        planned(path)
    assert (refused.value.reason, refused.value.detail) == (
        Reason.UNSUPPORTED_FORMAT,
        Finding.BELOW_ZERO,
    )


@pytest.mark.parametrize("centuries", [-4, 4])
def test_no_plan_begins_centuries_from_zero(centuries: int) -> None:
    path = clips.get("tiny").path
    facts = examined(question_of(path))
    later = round(centuries * _CENTURY_SECONDS / facts.timeline.tick)
    timeline = replace(facts.timeline.beginning(later), sounds=())
    facts = replace(facts, timeline=timeline, sounds=())
    with pytest.raises(Refused) as refused:
        plan_of(VIDEO, REVISION, source_of(path), facts, settings=TranscoderSettings())
    assert refused.value.detail == Finding.IMPOSSIBLE_TIMES
