"""Files with subtitles beside the sources of a video: what is listed, used and deleted."""

import pytest

from chalicelib.catalogue.model import VideoId, VideoNotFound
from chalicelib.catalogue.trash import VideoInTrash
from chalicelib.ingest.subtitles import Subtitles, id_of
from tests.builders.encodes import InMemoryEncoding


@pytest.fixture
def subtitles(encoding: InMemoryEncoding) -> Subtitles:
    return Subtitles(encoding.curation, encoding.encodes, encoding.bucket)


def dropped(encoding: InMemoryEncoding) -> VideoId:
    """A source of the inbox with subtitles beside it, and some that were sent later."""
    for words in ("de", "fr", "klingonese"):
        encoding.lay(f"inbox/Film.{words}.srt", b"dropped")
    encoding.lay("inbox/Film.2.de.srt", b"of another one")
    encoding.lay("inbox/Film.2.mp4", b"another one")
    encode = encoding.receive(encoding.lay("inbox/Film.mp4", b"film"))
    assert encode
    for name in ("de.srt", "en.sdh.srt", "en.sdh.vtt"):
        encoding.lay(f"uploads/{encode.video_id}/subtitles/{name}", b"sent")
    return encode.video_id


def listed(subtitles: Subtitles, video_id: VideoId) -> dict[str, bool]:
    return {each.stored.key: each.is_used for each in subtitles.of(video_id).files}


def test_files_of_every_source_are_listed_with_those_that_the_next_one_gets(
    encoding: InMemoryEncoding, subtitles: Subtitles
) -> None:
    video_id = dropped(encoding)
    assert listed(subtitles, video_id) == {
        f"uploads/{video_id}/subtitles/de.srt": True,
        f"uploads/{video_id}/subtitles/en.sdh.srt": False,
        f"uploads/{video_id}/subtitles/en.sdh.vtt": True,
        "inbox/Film.de.srt": False,
        "inbox/Film.fr.srt": True,
        "inbox/Film.klingonese.srt": False,
    }
    last = subtitles.of(video_id).files[-1]
    assert (last.sidecar, last.stored.size) == (None, len(b"dropped"))


def test_a_file_is_deleted_by_its_id_and_no_other_one(
    encoding: InMemoryEncoding, subtitles: Subtitles
) -> None:
    video_id = dropped(encoding)
    before = listed(subtitles, video_id)
    gone = f"uploads/{video_id}/subtitles/de.srt"
    for _ in range(2):
        subtitles.remove(video_id, id_of(gone))
    after = listed(subtitles, video_id)
    assert before.keys() - after.keys() == {gone}
    assert after["inbox/Film.de.srt"]
    subtitles.remove(video_id, id_of("inbox/Film.2.de.srt"))
    assert encoding.bucket.find("inbox/Film.2.de.srt")


def test_what_is_deleted_is_not_beside_the_next_source(
    encoding: InMemoryEncoding, subtitles: Subtitles
) -> None:
    video_id = dropped(encoding)
    subtitles.remove(video_id, id_of("inbox/Film.fr.srt"))
    source = encoding.lay(f"uploads/{video_id}/{'1' * 32}/source.mp4", b"better")
    revision = encoding.videos.begin_encode(video_id)
    encoding.control.begin(video_id, revision, source)
    beside = [each.language for each in encoding.bucket.beside(source.key)]
    assert beside == ["de", "en"]


def test_of_a_video_without_a_source_the_sent_ones_are_listed(
    encoding: InMemoryEncoding, subtitles: Subtitles
) -> None:
    video = encoding.draft()
    assert subtitles.of(video.id).files == []
    encoding.lay(f"uploads/{video.id}/subtitles/de.srt", b"sent")
    assert listed(subtitles, video.id) == {f"uploads/{video.id}/subtitles/de.srt": True}


def test_of_a_video_in_the_trash_nothing_is_deleted(
    encoding: InMemoryEncoding, subtitles: Subtitles
) -> None:
    video_id = dropped(encoding)
    encoding.videos.trash(video_id, encoding.clock.now())
    with pytest.raises(VideoInTrash):
        subtitles.remove(video_id, id_of("inbox/Film.fr.srt"))
    assert len(listed(subtitles, video_id)) == 6
    for unknown in (subtitles.of, lambda video_id: subtitles.remove(video_id, "x")):
        with pytest.raises(VideoNotFound):
            unknown(VideoId(404))
