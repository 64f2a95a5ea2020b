"""Sources of which one part holds the video are published as far as that part goes."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.builders import clips
from tests.builders.plans import planned
from tests.builders.published_encodes import Finished, finished
from tests.media.in_memory_transcoder import InMemoryTranscoder
from transcoder.errors import Refused
from transcoder.sources.access import Sources

_ANOTHER = "Behind the video the file holds another one, which is not shown."
_PHOTOGRAPH = "In front of the video the file holds a still picture, which is not shown."
_INCOMPLETE = "The file breaks off or is damaged; what lies before is kept."
_FRAGMENTS = "-c:v libx264 -g 25 -c:a aac -movflags +frag_keyframe+empty_moov+default_base_moof"


def _clip(path: Path, options: str) -> bytes:
    clips.ffmpeg("-i", clips.get("tiny").path, *options.split(), path)
    return path.read_bytes()


def _numbers(made: Finished) -> list[int]:
    assert made.report["ok"], made.report
    return clips.numbers(made.played(f"video/{made.asset.rungs[-1].name}"))


def _notes(made: Finished) -> Any:
    return made.report["notes"]


def test_of_two_ivf_in_one_file_the_first_is_published_and_a_note_names_the_other(
    tmp_path: Path,
) -> None:
    path = tmp_path / "film.ivf"
    data = _clip(path, "-an -c:v libvpx -deadline realtime -cpu-used -8 -b:v 1M")
    assert _ANOTHER not in _notes(finished(path))
    path.write_bytes(data + data)
    made = finished(path)
    assert _numbers(made) == list(range(75))
    assert _ANOTHER in _notes(made)
    assert not [note for note in _notes(made) if "decoder" in note or "could not" in note]


def test_dv_of_two_television_systems_is_published_up_to_the_second(tmp_path: Path) -> None:
    path, dv = tmp_path / "source.dv", "-an -c:v dvvideo"
    data = _clip(path, f"{dv} -vf scale=720:576,setsar=16/15 -pix_fmt yuv420p")
    other = _clip(path, f"{dv} -r 30000/1001 -vf scale=720:480,setsar=8/9 -pix_fmt yuv411p")
    path.write_bytes(data + other)
    made = finished(path)
    assert _numbers(made) == list(range(75))
    assert _ANOTHER in _notes(made)


def test_the_video_behind_a_photograph_is_published(tmp_path: Path) -> None:
    path = tmp_path / "source.jpg"
    clips.ffmpeg("-f", "lavfi", "-i", "testsrc2=s=640x360", "-frames:v", "1", path)
    path.write_bytes(path.read_bytes() + clips.get("tiny").path.read_bytes())
    made = finished(path)
    assert _numbers(made) == list(range(75))
    assert len(clips.bursts(made.played("audio/0"))) == 3
    assert _notes(made) == [_PHOTOGRAPH]


def test_a_note_names_the_video_behind_several_photographs(tmp_path: Path) -> None:
    path = tmp_path / "source.jpg"
    clips.ffmpeg("-f", "lavfi", "-i", "testsrc2=s=640x360", "-frames:v", "1", path)
    photographs = path.read_bytes() * 11
    path.write_bytes(photographs)
    assert _ANOTHER not in planned(path).notes
    path.write_bytes(photographs + clips.get("tiny").path.read_bytes())
    plan = planned(path)
    assert plan.picture.frames == 11
    assert _ANOTHER in plan.notes


def test_a_transport_stream_that_passes_for_pictures_is_published(tmp_path: Path) -> None:
    path, copied = tmp_path / "source.png", "-c copy -f mpegts -output_ts_offset"
    clips.ffmpeg("-f", "lavfi", "-i", "color=red:s=1x1", "-frames:v", "1", path)
    picture = path.read_bytes()
    parts = (_clip(path, f"{copied} {offset}") for offset in (10, 13))
    path.write_bytes(b"".join(picture + part for part in parts))
    made = finished(path)
    assert _numbers(made) == [*range(75), *range(75)]
    path.write_bytes(picture)
    with pytest.raises(Refused, match="not_video"):
        planned(path)


@pytest.mark.parametrize("left", [60, 200])
def test_a_fragmented_mp4_that_is_cut_in_the_header_of_a_fragment_is_published_up_to_there(
    tmp_path: Path, left: int
) -> None:
    path = tmp_path / "film.mp4"
    data = _clip(path, _FRAGMENTS)
    path.write_bytes(data[: data.rindex(b"moof") + left])
    made = finished(path)
    assert _numbers(made) == list(range(50))
    assert len(clips.bursts(made.played("audio/0"))) == 2
    assert _INCOMPLETE in _notes(made)


def test_an_mp4_of_dash_that_is_cut_before_the_last_fragment_is_published_up_to_there(
    tmp_path: Path,
) -> None:
    path = tmp_path / "film.mp4"
    data = _clip(path, f"-an {_FRAGMENTS}+dash")
    path.write_bytes(data[: data.rindex(b"sidx") + 14])
    made = finished(path)
    assert _numbers(made) == list(range(50))
    assert _INCOMPLETE in _notes(made)


@pytest.mark.parametrize("options", ["+dash", "+dash+global_sidx"])
def test_fragments_that_an_index_lists_behind_the_end_are_damage(
    tmp_path: Path, options: str
) -> None:
    path = tmp_path / "film.mp4"
    data = _clip(path, f"-an {_FRAGMENTS}{options}")
    # At the end of the second fragment, of whose index the third is a part.
    end = 14 if options == "+dash" else -4
    path.write_bytes(data[: data.rindex(b"moof") + end])
    plan = planned(path)
    assert plan.expected
    assert sum(plan.expected.counts) == 50
    assert plan.expected.damaged == 17
    (note,) = [each for each in plan.notes if each.startswith("The file ends at")]
    assert ("at least" in note) == (options == "+dash")
    assert _INCOMPLETE not in plan.notes


@pytest.mark.parametrize("wrong", [0x7FFFFF00, 150])
def test_a_fragment_whose_header_has_a_wrong_size_ends_the_video_with_a_note(
    tmp_path: Path, wrong: int
) -> None:
    path = tmp_path / "film.mp4"
    data = bytearray(_clip(path, f"-an {_FRAGMENTS}"))
    second = data.index(b"moof", data.index(b"moof") + 4)
    data[second - 4 : second] = wrong.to_bytes(4)
    path.write_bytes(data)
    plan = planned(path)
    assert plan.picture.frames < 75
    assert plan.notes.count(_INCOMPLETE) == 1


def test_an_mp4_of_many_fragments_is_read_up_to_one_that_is_cut(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    pictures = "-f lavfi -i color=s=64x64:r=50:d=110 -c:v libx264 -preset ultrafast -g 1"
    clips.ffmpeg(*pictures.split(), *_FRAGMENTS.split()[-2:], path)
    data = path.read_bytes()
    assert data.count(b"moof") > 5000
    path.write_bytes(data[: data.rindex(b"moof", 0, -1000) + 40])
    assert planned(path).notes.count(_INCOMPLETE) == 1


def test_an_excerpt_is_read_in_ranges_where_there_is_no_cache(
    tmp_path: Path,
    socket_enabled: None,  # noqa: ARG001
) -> None:
    data = _clip(tmp_path / "film.mp4", _FRAGMENTS)
    transcoder = InMemoryTranscoder(tmp_path)
    transcoder.context = replace(transcoder.context, sources=Sources(transcoder.uploads, None))
    encode = transcoder.receive(data[: data.rindex(b"moof") + 200])
    transcoder.make(encode)
    asset = transcoder.encodes.get(encode.video_id, encode.revision).asset
    assert asset is not None
    assert asset.grid.frames == 50
