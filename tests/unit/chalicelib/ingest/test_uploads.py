"""Parts that are sent, lost, sent again, joined once."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.accounts.model import AccountId
from chalicelib.catalogue.model import VideoId, VideoNotFound
from chalicelib.catalogue.trash import VideoInTrash
from chalicelib.ingest.model import (
    BadUpload,
    Upload,
    UploadIncomplete,
    UploadNotFound,
    UploadQuotaReached,
)
from chalicelib.ingest.parts import MOST_PARTS, UploadGone, part_size_for
from chalicelib.ingest.sidecar_names import Meaning
from chalicelib.ingest.uploads import Uploads
from tests.builders.encodes import LIMITS, InMemoryEncoding
from tests.fakes.uploads_bucket import InMemoryUploads

ADA = AccountId(1)
MIB = 1024**2
SMALLEST_PART_OF_S3 = 5 * MIB
LARGEST_PART_OF_S3 = 5 * 1024**3


def begin(encoding: InMemoryEncoding, size: int = 40 * MIB, filename: str = "Film.mp4") -> Upload:
    return encoding.uploads.begin(ADA, filename=filename, size=size)


def send(encoding: InMemoryEncoding, upload: Upload, *numbers: int) -> None:
    for number in numbers:
        content = b"x" * upload.part(number).size
        encoding.bucket.send(upload.key, upload.multipart_id, number, content)


@given(st.integers(1, 5 * 1024**4))
def test_every_size_is_cut_into_parts_that_s3_takes(size: int) -> None:
    part_size = part_size_for(size)
    count = -(-size // part_size)
    assert count <= MOST_PARTS
    assert part_size % MIB == 0
    assert SMALLEST_PART_OF_S3 <= part_size <= LARGEST_PART_OF_S3


def test_an_upload_goes_on_although_its_video_is_in_the_trash(encoding: InMemoryEncoding) -> None:
    upload = begin(encoding, size=3)
    encoding.videos.trash(upload.video_id, encoding.clock.now())
    assert encoding.uploads.part_urls(upload, [1])
    send(encoding, upload, 1)
    assert not encoding.uploads.complete(upload).is_open
    source = encoding.bucket.find(upload.key)
    assert source
    encode = encoding.intake.received(upload.key, source.etag)
    assert encode
    restored = encoding.videos.restore(upload.video_id)
    assert restored.encode.revision == encode.revision


def test_for_a_video_in_the_trash_nothing_new_is_begun(encoding: InMemoryEncoding) -> None:
    video = encoding.draft()
    encoding.videos.trash(video.id, encoding.clock.now())
    with pytest.raises(VideoInTrash):
        encoding.uploads.begin(ADA, filename="Film.mp4", size=3, video_id=video.id)
    with pytest.raises(VideoInTrash):
        encoding.uploads.subtitles_url(video.id, Meaning("de"), filename="a.srt", size=3)
    assert encoding.uploads.open_of(ADA) == []


def test_an_upload_makes_a_draft_named_after_the_file(encoding: InMemoryEncoding) -> None:
    upload = begin(encoding, filename="../Die_Nibelungen\n.mkv")
    video = encoding.videos.get(upload.video_id)
    assert (video.card.title, video.is_published) == ("Die Nibelungen", False)
    assert upload.key == f"uploads/{video.id}/{upload.id}/source.mkv"


@pytest.mark.parametrize(
    "filename",
    ["letter.txt", "Film.PDF", "film.mp4.zip", "film.rar", "song.mp3", "song.m4a", "film.mkv.nfo"],
)
def test_a_name_that_no_video_has_is_refused_before_a_draft_is_made(
    encoding: InMemoryEncoding, filename: str
) -> None:
    with pytest.raises(BadUpload) as refused:
        begin(encoding, filename=filename)
    [said] = refused.value.fields["filename"]
    assert said.startswith("This is not the name of a video: please ")
    assert list(encoding.videos.since(None)) == []


@pytest.mark.parametrize("filename", ["Film.de.srt", "film.VTT", "film.ass", "film.sub"])
def test_subtitles_are_refused_as_a_source_and_it_is_said_where_they_belong(
    encoding: InMemoryEncoding, filename: str
) -> None:
    with pytest.raises(BadUpload) as refused:
        begin(encoding, filename=filename)
    [said] = refused.value.fields["filename"]
    assert "/video/<id>/subtitles/" in said
    assert list(encoding.videos.since(None)) == []


@pytest.mark.parametrize(
    "filename",
    # A telephone puts its moving picture behind a photo; an APNG and a GIF move.
    ["film", "film.xyz", "Dr. No", "film.part", "photo.jpg", "moving.png", "moving.gif", ".srt2x"],
)
def test_a_name_that_a_video_may_have_is_accepted(
    encoding: InMemoryEncoding, filename: str
) -> None:
    assert begin(encoding, filename=filename).filename == filename


def test_an_upload_for_a_video_makes_no_other(encoding: InMemoryEncoding) -> None:
    video = encoding.draft()
    upload = encoding.uploads.begin(ADA, filename="x", size=1, video_id=video.id)
    assert upload.video_id == video.id
    assert list(encoding.videos.since(None)) == [video.id]
    with pytest.raises(VideoNotFound):
        encoding.uploads.begin(ADA, filename="x", size=1, video_id=VideoId(404))


def test_parts_add_up_to_the_file(encoding: InMemoryEncoding) -> None:
    upload = begin(encoding, size=40 * MIB + 1)
    sizes = [upload.part(number).size for number in range(1, upload.part_count + 1)]
    assert sizes == [16 * MIB, 16 * MIB, 8 * MIB + 1]


def test_an_upload_lists_the_parts_that_have_arrived(encoding: InMemoryEncoding) -> None:
    upload = begin(encoding)
    send(encoding, upload, 3, 1)
    assert sorted(encoding.uploads.parts(upload)) == [1, 3]
    with pytest.raises(UploadIncomplete, match=r"cut short: 2\."):
        encoding.uploads.complete(upload)
    send(encoding, upload, 2)
    assert not encoding.uploads.complete(upload).is_open
    assert len(encoding.bucket.objects[upload.key]) == upload.size


def test_a_part_that_was_cut_short_is_missing(encoding: InMemoryEncoding) -> None:
    upload = begin(encoding)
    send(encoding, upload, 1, 2, 3)
    encoding.bucket.send(upload.key, upload.multipart_id, 2, b"short")
    with pytest.raises(UploadIncomplete, match="2"):
        encoding.uploads.complete(upload)


def test_to_complete_twice_is_to_complete_once(encoding: InMemoryEncoding) -> None:
    upload = begin(encoding, size=1)
    send(encoding, upload, 1)
    first = encoding.uploads.complete(upload)
    assert encoding.uploads.complete(encoding.uploads.get(ADA, upload.id)) == first
    assert list(encoding.uploads.open_of(ADA)) == []
    assert encoding.uploads.parts(first)[1].size == 1
    with pytest.raises(UploadGone):
        encoding.uploads.part_urls(first, [1])


def test_a_call_whose_answer_was_lost_can_be_made_again(encoding: InMemoryEncoding) -> None:
    upload = begin(encoding, size=1)
    send(encoding, upload, 1)
    encoding.bucket.complete(upload.key, upload.multipart_id, encoding.uploads.parts(upload))
    assert not encoding.uploads.complete(upload).is_open


def test_an_aborted_upload_is_gone(encoding: InMemoryEncoding) -> None:
    video = encoding.draft()
    upload = encoding.uploads.begin(ADA, filename="x", size=1, video_id=video.id)
    encoding.uploads.abort(upload)
    with pytest.raises(UploadNotFound):
        encoding.uploads.get(ADA, upload.id)
    with pytest.raises(UploadGone):
        encoding.uploads.complete(upload)
    assert encoding.bucket.sent == {}


def is_there(encoding: InMemoryEncoding, video_id: VideoId) -> bool:
    return encoding.videos.since(None)[video_id] is not None


def test_the_draft_of_an_aborted_upload_goes_with_it(encoding: InMemoryEncoding) -> None:
    upload, other = begin(encoding), begin(encoding)
    encoding.uploads.abort(upload)
    assert not is_there(encoding, upload.video_id)
    assert encoding.curation.cache.snapshot().entry(upload.video_id) is None
    assert is_there(encoding, other.video_id)


def test_the_draft_of_a_forgotten_upload_goes_after_two_days(encoding: InMemoryEncoding) -> None:
    upload = begin(encoding)
    encoding.clock.advance(hours=47)
    encoding.upload_expiry.abort_expired()
    assert is_there(encoding, upload.video_id)
    encoding.clock.advance(hours=2)
    assert encoding.upload_expiry.abort_expired() == 1
    assert not is_there(encoding, upload.video_id)


def test_parts_of_expired_uploads_go_after_two_days(encoding: InMemoryEncoding) -> None:
    encoding.bucket.begin("uploads/7/a/source")
    encoding.clock.advance(hours=30)
    encoding.bucket.begin("uploads/7/b/source")
    encoding.clock.advance(hours=20)
    assert encoding.upload_expiry.abort_expired() == 1
    assert [key for key, _ in encoding.bucket.sent] == ["uploads/7/b/source"]


USES: dict[str, Callable[[InMemoryEncoding, Upload], object]] = {
    "renamed": lambda encoding, upload: encoding.curation.change(
        upload.video_id, lambda card: replace(card, title="Nosferatu")
    ),
    "published": lambda encoding, upload: encoding.curation.change(
        upload.video_id, lambda card: card, is_published=True
    ),
    "another upload": lambda encoding, upload: encoding.uploads.begin(
        ADA, filename="x", size=1, video_id=upload.video_id
    ),
    "subtitles": lambda encoding, upload: encoding.uploads.subtitles_url(
        upload.video_id, Meaning("de"), filename="x.srt", size=9
    ),
    "a source that arrived": lambda encoding, upload: encoding.videos.begin_encode(upload.video_id),
}


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("is_forgotten", [True, False])
def test_a_draft_that_anything_else_was_done_with_stays(
    encoding: InMemoryEncoding, use: str, *, is_forgotten: bool
) -> None:
    upload = begin(encoding)
    USES[use](encoding, upload)
    if is_forgotten:
        encoding.clock.advance(days=3)
        encoding.upload_expiry.abort_expired()
    else:
        encoding.uploads.abort(upload)
    assert is_there(encoding, upload.video_id)


@pytest.mark.parametrize("upload_id", ["a" * 3000, "A" * 32, "0" * 33, ""])
def test_no_store_is_asked_for_what_is_no_id_of_an_upload(
    encoding: InMemoryEncoding, upload_id: str
) -> None:
    # Real stores answer keys that are too long with an error of their own.
    encoding.uploads.store.add(replace(begin(encoding), id=upload_id))
    with pytest.raises(UploadNotFound):
        encoding.uploads.get(ADA, upload_id)


def test_a_complete_upload_cannot_be_aborted(encoding: InMemoryEncoding) -> None:
    upload = begin(encoding, size=1)
    send(encoding, upload, 1)
    completed = encoding.uploads.complete(upload)
    with pytest.raises(UploadGone):
        encoding.uploads.abort(completed)
    assert encoding.uploads.get(ADA, upload.id) == completed


def test_no_part_is_asked_for_a_video_that_was_deleted(encoding: InMemoryEncoding) -> None:
    upload = begin(encoding)
    encoding.curation.remove(upload.video_id)
    with pytest.raises(VideoNotFound):
        encoding.uploads.part_urls(upload, [1])


def test_who_aborts_what_was_completed_a_moment_before_removes_nothing(
    encoding: InMemoryEncoding,
) -> None:
    upload = begin(encoding, size=1)
    send(encoding, upload, 1)
    encoding.uploads.complete(upload)
    encoding.uploads.abort(upload)  # it was read before it was complete
    assert is_there(encoding, upload.video_id)
    assert encoding.bucket.find(upload.key)


def test_an_upload_that_is_over_its_quota_leaves_no_draft(
    encoding: InMemoryEncoding, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Uploads, "_require_room", lambda *_: None)
    begin(encoding, size=LIMITS.quota_bytes)
    with pytest.raises(UploadQuotaReached):
        begin(encoding, size=LIMITS.quota_bytes)
    assert len([each for each in encoding.videos.since(None).values() if each]) == 1


def test_an_upload_for_a_deleted_video_is_not_completed(encoding: InMemoryEncoding) -> None:
    upload = begin(encoding, size=1)
    send(encoding, upload, 1)
    encoding.curation.remove(upload.video_id)
    with pytest.raises(VideoNotFound):
        encoding.uploads.complete(upload)


@pytest.mark.parametrize(
    ("size", "said"),
    [
        (0, "The file is empty: please choose another file, or upload it again."),
        (LIMITS.largest_bytes + 1, "A file may have at most 1 GB."),
    ],
)
def test_a_file_of_no_size_or_too_large_is_refused_before_a_draft_is_made(
    encoding: InMemoryEncoding, size: int, said: str
) -> None:
    with pytest.raises(BadUpload) as refusal:
        begin(encoding, size=size)
    assert str(refusal.value.fields["size"][0]) == said
    assert encoding.videos.since(None) == {}


class SlowBucket(InMemoryUploads):
    """Another process is always a moment faster."""

    def begin(self, key: str) -> str:
        self.meanwhile()
        return super().begin(key)

    def meanwhile(self) -> None: ...


def test_uploads_begun_at_once_share_one_quota(
    encoding: InMemoryEncoding, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = SlowBucket(encoding.clock)
    theirs = replace(encoding.uploads)
    ours = replace(encoding.uploads, bucket=slow)
    most = LIMITS.largest_bytes
    begin(encoding, most)
    monkeypatch.setattr(slow, "meanwhile", lambda: theirs.begin(ADA, filename="b.mp4", size=most))
    with pytest.raises(UploadQuotaReached):
        ours.begin(ADA, filename="a.mp4", size=most)
    assert sum(each.size for each in ours.open_of(ADA)) <= LIMITS.quota_bytes
    assert slow.sent == {}


def test_uploads_whose_video_is_gone_leave_their_room(encoding: InMemoryEncoding) -> None:
    size = LIMITS.quota_bytes // 2
    kept, orphan = begin(encoding, size), begin(encoding, size)
    encoding.curation.remove(orphan.video_id)
    later = begin(encoding, size)
    assert {each.id for each in encoding.uploads.open_of(ADA)} == {later.id, kept.id}
    with pytest.raises(UploadGone):
        encoding.bucket.parts(orphan.key, orphan.multipart_id)
    with pytest.raises(UploadQuotaReached):
        begin(encoding, size)


def test_open_uploads_count_against_the_quota_and_complete_ones_do_not(
    encoding: InMemoryEncoding,
) -> None:
    first = begin(encoding, size=LIMITS.largest_bytes)
    begin(encoding, size=LIMITS.largest_bytes)
    with pytest.raises(UploadQuotaReached):
        begin(encoding, size=1)
    encoding.uploads.begin(AccountId(2), filename="x", size=1)
    encoding.uploads.abort(first)
    begin(encoding, size=1)


@pytest.mark.parametrize("numbers", [[], [0], [4], [1] * 101])
def test_only_parts_that_there_are_get_addresses(
    encoding: InMemoryEncoding, numbers: list[int]
) -> None:
    upload = begin(encoding)
    with pytest.raises(BadUpload):
        encoding.uploads.part_urls(upload, numbers)
    assert set(encoding.uploads.part_urls(upload, [1, 3])) == {1, 3}


def test_subtitles_have_a_folder_of_their_own(encoding: InMemoryEncoding) -> None:
    video = encoding.draft()
    for said in (Meaning("de"), Meaning("de", is_forced=True), Meaning("hi", is_for_deaf=True)):
        key, url = encoding.uploads.subtitles_url(video.id, said, filename="x.SRT", size=10)
        assert key == f"uploads/{video.id}/subtitles/{said.words}.srt"
        assert url.endswith(key)
    with pytest.raises(VideoNotFound):
        encoding.uploads.subtitles_url(VideoId(404), Meaning("de"), filename="x.srt", size=1)


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("filename", {"filename": "x.exe"}),
        ("language", {"said": Meaning("../x")}),
        ("size", {"size": 0}),
        ("size", {"size": 11 * MIB}),
    ],
)
def test_what_are_no_subtitles_is_refused(
    encoding: InMemoryEncoding, field: str, changes: dict[str, object]
) -> None:
    sent = {"said": Meaning("de"), "filename": "x.srt", "size": 10, **changes}
    with pytest.raises(BadUpload) as refusal:
        encoding.uploads.subtitles_url(encoding.draft().id, **sent)  # type: ignore[arg-type]
    assert list(refusal.value.fields) == [field]
