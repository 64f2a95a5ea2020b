"""The sample film as FFmpeg makes it."""

from pathlib import Path

import av
import pytest

from infra.local.sample import source

RATE = 25


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return source.make(tmp_path_factory.mktemp("sample"))


def test_it_is_what_a_newcomer_should_see_and_hear(path: Path) -> None:
    with av.open(str(path)) as container:
        (picture,) = container.streams.video
        (sound,) = container.streams.audio
        assert (picture.width, picture.height) == (1280, 720)
        assert float(picture.average_rate or 0) == RATE
        assert picture.frames == RATE * source.SECONDS
        assert (sound.rate, sound.channels) == (48_000, 2)
        assert [each.language for each in container.streams.subtitles] == ["eng", "deu"]


def test_no_moment_of_it_but_the_last_is_black(path: Path) -> None:
    with av.open(str(path)) as container:
        container.streams.video[0].codec_context.skip_frame = "NONKEY"
        brightness = [
            max(bytes(frame.reformat(width=64, height=36, format="gray").planes[0]))
            for frame in container.decode(video=0)
            if 1 < float(frame.time) < source.SECONDS - 1
        ]
    assert brightness
    assert min(brightness) > 100


def test_what_ffmpeg_cannot_write_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "film.mp4").mkdir()
    with pytest.raises(source.SampleFailed):
        source.make(tmp_path)
