"""The same video in MPEG-TS: one stream per segment, one clock for picture and sound."""

import io
from itertools import pairwise

import av
import imageio_ffmpeg

from chalicelib.catalogue.asset import AUDIO_FRAME, TS_BEGINS, TS_CLOCK, Container
from tests.builders import clips, encoded_clips
from tests.builders.encoded_clips import Made
from tests.builders.plans import a_sandbox
from transcoder.sandbox.runner import Limits

PACKET = 188


def picture() -> Made:
    return encoded_clips.picture("film", Container.TS)


def sound() -> Made:
    return encoded_clips.sound("film", Container.TS)


def times(file: io.BytesIO) -> list[int]:
    with av.open(file, mode="r", format="mpegts") as container:
        return sorted(each.pts for each in container.demux() if each.pts is not None)


def test_every_frame_and_every_sample_is_there() -> None:
    asset = picture().plan.asset
    assert clips.numbers(picture().joined("video/180p")) == list(range(asset.grid.frames))
    assert len(clips.samples(sound().joined("audio/0"))) == asset.audio_frames * AUDIO_FRAME


def test_times_go_on_over_all_joins_from_one_beginning() -> None:
    frame = TS_CLOCK * 1001 / 24_000
    presented = times(picture().joined("video/90p"))
    assert presented == [TS_BEGINS + round(number * frame) for number in range(len(presented))]
    heard = times(sound().joined("audio/0"))
    assert heard[0] == TS_BEGINS
    assert {after - before for before, after in pairwise(heard)} == {AUDIO_FRAME * 90 // 48}


def test_reports_say_when_each_segment_begins() -> None:
    asset = picture().plan.asset
    files = [each for each in picture().files if "180p" in each.name]
    begins = [asset.grid.frames_per_segment * number for number in range(asset.grid.segments)]
    expected = [TS_BEGINS + round(each * TS_CLOCK / asset.grid.rate) for each in begins]
    assert [file.decode_time for file in files] == expected
    assert sum(file.frames for file in files) == asset.grid.frames


def test_a_segment_can_be_played_without_any_other() -> None:
    folder = picture().folder / "video/180p"
    for path in folder.glob("*.ts"):
        data = path.read_bytes()
        assert len(data) % PACKET == 0
        assert data[::PACKET] == b"\x47" * (len(data) // PACKET)
    assert clips.numbers(folder / "00003.ts") == list(range(144, 192))


def test_the_first_picture_of_a_segment_can_be_fetched_alone() -> None:
    file = picture().files[1]
    data = (picture().folder / file.name).read_bytes()[: file.iframe_bytes]
    assert file.iframe_bytes % PACKET == 0
    assert len(clips.numbers(io.BytesIO(data))) == 1


def test_ffmpeg_has_nothing_to_complain_about() -> None:
    for made, name in ((picture(), "video/180p"), (sound(), "audio/0")):
        sandbox = a_sandbox(made.folder)
        (made.folder / "joined.ts").write_bytes(made.joined(name).getvalue())
        command = (imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-v", "warning", "-i",
                   "joined.ts", "-f", "null", "-")  # fmt: skip
        finished = sandbox.run(command, limits=Limits(idle_seconds=60, cpu_seconds=60))
        assert finished.is_good
        assert [line for line in finished.lines if line.startswith("[")] == []
