"""Pictures that were sent as posters: decoded in the sandbox, made in all sizes, or refused."""

import subprocess
import zlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import av
import pytest

from chalicelib.catalogue import object_keys
from chalicelib.catalogue.model import NOTHING_YET, Video
from chalicelib.catalogue.poster import OwnPoster, PosterId
from chalicelib.encoding.failures import Reason
from chalicelib.encoding.messages import Task, TaskKind
from tests.builders.videos import a_published_video
from tests.media.in_memory_transcoder import InMemoryTranscoder
from transcoder.errors import Refused
from transcoder.ffmpeg.opening import ffmpeg
from transcoder.outputs.pictures import NAMES, THUMBNAIL_BYTES, WIDTHS
from transcoder.wiring import REFUSED

POSTER = PosterId(11)


@cache
def picture(suffix: str, source: str, *options: str) -> bytes:
    """Return a picture that FFmpeg writes."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"picture.{suffix}"
        command = [ffmpeg(), "-v", "error", "-f", "lavfi", "-i", source, *options]
        subprocess.run([*command, "-frames:v", "1", "-update", "1", path], check=True)
        return path.read_bytes()


def pixels(jpeg: bytes, folder: Path) -> tuple[int, int, tuple[int, ...]]:
    """Return width, height, and the first pixel of a JPEG."""
    path = folder / "made.jpg"
    path.write_bytes(jpeg)
    with av.open(str(path)) as container:
        frame = next(container.decode(video=0)).reformat(format="rgb24")
        return frame.width, frame.height, tuple(bytes(frame.planes[0])[:3])


def sent(transcoder: InMemoryTranscoder, content: bytes) -> Video:
    """A video for which a picture has arrived."""
    video = a_published_video(transcoder.clock.now())
    transcoder.videos.add(video)
    transcoder.uploads.objects[object_keys.sent_poster(video.id, POSTER)] = content
    transcoder.context.posters.store.begin(video.id, POSTER)
    return video


def make(transcoder: InMemoryTranscoder, video: Video) -> dict[str, bytes]:
    """Do the task and return what it has stored, by name."""
    transcoder.run(Task(TaskKind.POSTER, video.id, NOTHING_YET, number=POSTER))
    folder = f"media/{video.id}/posters/{POSTER}/pictures/"
    objects = transcoder.media.objects
    return {key.removeprefix(folder): each for key, each in objects.items() if folder in key}


@pytest.mark.parametrize(
    ("suffix", "options"),
    [("jpg", ()), ("png", ()), ("webp", ("-c:v", "libwebp"))],
    ids=["jpeg", "png", "webp"],
)
def test_a_picture_is_made_in_all_sizes_for_every_page(
    transcoder: InMemoryTranscoder, tmp_path: Path, suffix: str, options: Iterable[str]
) -> None:
    video = sent(transcoder, picture(suffix, "color=red:s=1600x900", *options))
    made = make(transcoder, video)
    assert set(made) == {f"{name}.jpg" for name in NAMES}
    for name, width in WIDTHS.items():
        wide, high, (red, green, blue) = pixels(made[f"{name}.jpg"], tmp_path)
        assert (wide, high) == (width, width * 9 // 16)
        assert red > 240
        assert max(green, blue) < 15
    assert len(made["thumbnail.jpg"]) <= THUMBNAIL_BYTES
    public = f"images/{video.id}/posters/{POSTER}/"
    assert {key for key in transcoder.media.objects if key.startswith(public)} == {
        f"{public}{name}.jpg" for name in NAMES
    }
    assert transcoder.videos.get(video.id).poster == OwnPoster(POSTER, POSTER)


@pytest.mark.parametrize(
    ("size", "hero", "poster"),
    [
        ("100x300", (100, 300), (100, 300)),
        ("2000x3000", (1280, 1920), (640, 960)),
        ("100x8000", (24, 1920), (24, 1920)),
        ("1x1", (1, 1), (1, 1)),
    ],
)
def test_no_size_is_larger_than_the_picture_or_its_frame(
    transcoder: InMemoryTranscoder,
    tmp_path: Path,
    size: str,
    hero: tuple[int, int],
    poster: tuple[int, int],
) -> None:
    made = make(transcoder, sent(transcoder, picture("png", f"color=red:s={size}")))
    assert pixels(made["hero.jpg"], tmp_path)[:2] == hero
    assert pixels(made["poster.jpg"], tmp_path)[:2] == poster
    assert pixels(made["thumbnail.jpg"], tmp_path)[:2] == poster


def test_what_is_transparent_is_black_and_hides_nothing(
    transcoder: InMemoryTranscoder, tmp_path: Path
) -> None:
    clear = picture("png", "color=white:s=64x64,format=rgba,colorchannelmixer=aa=0")
    made = make(transcoder, sent(transcoder, clear))
    assert max(pixels(made["hero.jpg"], tmp_path)[2]) < 15


def test_tags_of_a_photo_turn_it_upright_and_are_left_out(
    transcoder: InMemoryTranscoder, tmp_path: Path
) -> None:
    plain = picture("jpg", "testsrc2=s=640x480")
    # Turned by a quarter, and taken at a secret place.
    tags = b"MM\0*\0\0\0\x08\0\x02\x01\x0e\0\x02\0\0\0\x07\0\0\0\x26\x01\x12\0\x03\0\0\0\x01"
    tags += b"\0\x06\0\0\0\0\0\0secret\0"
    exif = b"Exif\0\0" + tags
    tagged = plain[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + plain[2:]
    made = make(transcoder, sent(transcoder, tagged))
    assert pixels(made["hero.jpg"], tmp_path)[:2] == (480, 640)
    assert not any(b"secret" in each or b"Exif" in each for each in made.values())


WHOLE = ("testsrc2=s=640x360",)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"GIF89a" + bytes(100), Reason.UNSUPPORTED_FORMAT),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", Reason.UNSUPPORTED_FORMAT),
        (b"RIFF\0\0\0\0AVI LIST", Reason.UNSUPPORTED_FORMAT),
        (b"", Reason.UNSUPPORTED_FORMAT),
        (b"\xff\xd8\xff\xe0" + bytes(1000), Reason.CORRUPT),
        (b"RIFF\0\0\0\0WEBPVP8 ", Reason.CORRUPT),
        (picture("jpg", *WHOLE)[:-2000], Reason.CORRUPT),
        (picture("png", *WHOLE)[:-2000], Reason.CORRUPT),
        (picture("webp", *WHOLE, "-c:v", "libwebp")[:-2000], Reason.CORRUPT),
    ],
    ids=["gif", "svg", "avi", "empty", "zeros", "head", "half jpeg", "half png", "half webp"],
)
def test_what_is_no_whole_picture_is_refused(
    transcoder: InMemoryTranscoder, content: bytes, reason: Reason
) -> None:
    video = sent(transcoder, content)
    with pytest.raises(Refused) as refused:
        make(transcoder, video)
    assert refused.value.reason is reason
    assert not any(key.startswith("images/") for key in transcoder.media.objects)


def bomb(kind: str) -> bytes:
    """A file of few bytes for 8,000 by 8,000 pixels; a PNG can have them in its header alone."""
    if kind == "jpg":
        return picture("jpg", "color=red:s=8000x8000")
    small = picture("png", "color=red:s=8x8")
    side = (8_000).to_bytes(4, "big")
    header = b"IHDR" + side + side + small[24:29]
    return small[:12] + header + zlib.crc32(header).to_bytes(4, "big") + small[33:]


@pytest.mark.parametrize("kind", ["png", "jpg"])
def test_a_picture_of_too_many_pixels_is_refused_before_it_takes_memory(
    transcoder: InMemoryTranscoder, kind: str
) -> None:
    with pytest.raises(Refused) as refused:
        make(transcoder, sent(transcoder, bomb(kind)))
    assert refused.value.reason is Reason.TOO_MANY_PIXELS


def test_a_file_that_became_too_large_is_not_fetched(transcoder: InMemoryTranscoder) -> None:
    video = sent(transcoder, bytes(20 * 1024**2 + 1))
    with pytest.raises(Refused) as refused:
        make(transcoder, video)
    assert refused.value.reason is Reason.TOO_LARGE


def test_a_refusal_is_noted_and_what_was_there_stays(transcoder: InMemoryTranscoder) -> None:
    video = sent(transcoder, picture("png", "color=red:s=64x64"))
    make(transcoder, video)
    later = PosterId(POSTER + 1)
    transcoder.context.posters.store.begin(video.id, later)
    task = Task(TaskKind.POSTER, video.id, NOTHING_YET, number=later)
    with pytest.raises(Refused, match="source_gone"):
        transcoder.run(task)
    for _ in range(2):
        REFUSED[TaskKind.POSTER](transcoder.context, task, Reason.SOURCE_GONE)
    known = transcoder.videos.get(video.id).poster
    assert known == OwnPoster(POSTER, later, refusal="source_gone")


def test_a_message_that_comes_again_or_late_makes_nothing(transcoder: InMemoryTranscoder) -> None:
    video = sent(transcoder, picture("png", "color=red:s=64x64"))
    make(transcoder, video)
    transcoder.uploads.objects.clear()
    make(transcoder, video)
    transcoder.videos.remove(video.id)
    make(transcoder, video)
