"""A silent sound track is not the one that plays where another is heard."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from chalicelib.encoding.messages import TaskKind
from tests.builders import clips
from tests.builders.published_encodes import finished
from tests.media.in_memory_transcoder import InMemoryTranscoder

_SILENT = "aevalsrc=0:s=48000:d=3"
_HEARD = f"aevalsrc='{clips.BURST}':s=48000:d=3"
_NOTE = "Sound track 1 is silent; sound track {} plays first."


def _source(
    path: Path, *sounds: str, first_is_default: bool = False, commentary: int | None = None
) -> Path:
    inputs = [option for sound in sounds for option in ("-f", "lavfi", "-i", sound)]
    maps = [option for number in range(len(sounds) + 1) for option in ("-map", str(number))]
    disposition = ["-disposition:a:0", "default"] if first_is_default else []
    if commentary is not None:
        disposition += [f"-disposition:a:{commentary}", "comment"]
    pictures = ("-f", "lavfi", "-i", "testsrc2=s=160x90:r=25:d=3", *inputs, *maps)
    clips.ffmpeg(*pictures, "-c:v", "libx264", "-c:a", "pcm_s16le", *disposition, path)
    return path


@pytest.mark.parametrize("first_is_default", [True, False])
def test_the_first_track_that_is_heard_plays_first(tmp_path: Path, first_is_default: bool) -> None:
    sounds = (_SILENT, _SILENT, _HEARD, _HEARD)
    made = finished(_source(tmp_path / "film.mov", *sounds, first_is_default=first_is_default))
    assert [track.is_default for track in made.asset.audio] == [False, False, True, False]
    assert _NOTE.format(3) in made.report["notes"]  # type: ignore[operator]


@pytest.mark.parametrize("sounds", [(_HEARD, _SILENT), (_SILENT, _SILENT), (_SILENT,)])
def test_the_default_track_stays_where_no_other_is_better(
    tmp_path: Path, sounds: tuple[str, ...]
) -> None:
    made = finished(_source(tmp_path / "film.mov", *sounds))
    assert [track.is_default for track in made.asset.audio] == [True, False][: len(sounds)]
    assert made.report["notes"] == []


@pytest.mark.parametrize(
    ("sounds", "default"),
    [((_SILENT, _HEARD, _HEARD), 2), ((_SILENT, _HEARD), 0)],
)
def test_a_commentary_does_not_become_the_track_that_plays_first(
    tmp_path: Path, sounds: tuple[str, ...], default: int
) -> None:
    path = _source(tmp_path / "film.mkv", *sounds, first_is_default=True, commentary=1)
    tracks = finished(path).asset.audio
    assert [track.number for track in tracks if track.is_default] == [default]


def test_an_mp4_file_has_the_track_that_is_heard(tmp_path: Path) -> None:
    path = _source(tmp_path / "film.mov", _SILENT, _HEARD)
    with TemporaryDirectory() as folder:
        transcoder = InMemoryTranscoder(Path(folder))
        encode = transcoder.receive(path.read_bytes())
        transcoder.make(encode)
        transcoder.do(encode, TaskKind.MP4)
        (tmp_path / "film.mp4").write_bytes(
            next(data for key, data in transcoder.media.objects.items() if key.endswith("film.mp4"))
        )
    assert len(clips.bursts(tmp_path / "film.mp4")) == 3
