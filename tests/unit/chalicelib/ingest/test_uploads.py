"""Parts that are sent, lost, sent again, joined once."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.accounts.model import AccountId
from chalicelib.catalogue.model import VideoId, VideoNotFound
from chalicelib.ingest.model import (
    BadUpload,
    Upload,
    UploadIncomplete,
    UploadNotFound,
    UploadQuotaReached,
)
from chalicelib.ingest.upload_part import MOST_PARTS, UploadGone, part_size_for
from chalicelib.ingest.uploads import Uploads
from tests.builders.encodes import LIMITS, Workplace
from tests.fakes.uploads_bucket import InMemoryUploads

ADA = AccountId(1)
MIB = 1024**2
SMALLEST_PART_OF_S3 = 5 * MIB
LARGEST_PART_OF_S3 = 5 * 1024**3


def begin(place: Workplace, size: int = 40 * MIB, filename: str = "Film.mp4") -> Upload:
    return place.uploads.begin(ADA, filename=filename, size=size)


def send(place: Workplace, upload: Upload, *numbers: int) -> None:
    for number in numbers:
        content = b"x" * upload.part(number).size
        place.bucket.send(upload.key, upload.multipart_id, number, content)


@given(st.integers(1, 5 * 1024**4))
def test_every_size_is_cut_into_parts_that_s3_takes(size: int) -> None:
    part_size = part_size_for(size)
    count = -(-size // part_size)
    assert count <= MOST_PARTS
    assert part_size % MIB == 0
    assert SMALLEST_PART_OF_S3 <= part_size <= LARGEST_PART_OF_S3


def test_an_upload_makes_a_draft_named_after_the_file(place: Workplace) -> None:
    upload = begin(place, filename="../Die_Nibelungen\n.mkv")
    video = place.videos.get(upload.video_id)
    assert (video.card.title, video.is_published) == ("Die Nibelungen", False)
    assert upload.key == f"uploads/{video.id}/{upload.id}/source.mkv"


@pytest.mark.parametrize(
    "filename",
    ["letter.txt", "Film.PDF", "film.mp4.zip", "film.rar", "page.html", "song.mp3", "film.mkv.nfo"],
)
def test_a_name_that_no_video_has_is_refused_before_a_draft_is_made(
    place: Workplace, filename: str
) -> None:
    with pytest.raises(BadUpload) as refused:
        begin(place, filename=filename)
    [said] = refused.value.fields["filename"]
    assert said.startswith("This is not the name of a video: please ")
    assert list(place.videos.since(None)) == []


@pytest.mark.parametrize("filename", ["Film.de.srt", "film.VTT", "film.ass"])
def test_subtitles_are_refused_as_a_source_and_it_is_said_where_they_belong(
    place: Workplace, filename: str
) -> None:
    with pytest.raises(BadUpload) as refused:
        begin(place, filename=filename)
    [said] = refused.value.fields["filename"]
    assert "/video/<id>/subtitles/" in said
    assert list(place.videos.since(None)) == []


@pytest.mark.parametrize(
    "filename",
    # A telephone puts its moving picture behind a photo; an APNG and a GIF move.
    ["film", "film.xyz", "Dr. No", "film.part", "photo.jpg", "moving.png", "moving.gif", ".srt2x"],
)
def test_a_name_that_a_video_may_have_is_accepted(place: Workplace, filename: str) -> None:
    assert begin(place, filename=filename).filename == filename


def test_an_upload_for_a_video_makes_no_other(place: Workplace) -> None:
    video = place.draft()
    upload = place.uploads.begin(ADA, filename="x", size=1, video_id=video.id)
    assert upload.video_id == video.id
    assert list(place.videos.since(None)) == [video.id]
    with pytest.raises(VideoNotFound):
        place.uploads.begin(ADA, filename="x", size=1, video_id=VideoId(404))


def test_parts_add_up_to_the_file(place: Workplace) -> None:
    upload = begin(place, size=40 * MIB + 1)
    sizes = [upload.part(number).size for number in range(1, upload.part_count + 1)]
    assert sizes == [16 * MIB, 16 * MIB, 8 * MIB + 1]


def test_an_upload_lists_the_parts_that_have_arrived(place: Workplace) -> None:
    upload = begin(place)
    send(place, upload, 3, 1)
    assert sorted(place.uploads.parts(upload)) == [1, 3]
    with pytest.raises(UploadIncomplete, match=r"cut short: 2\."):
        place.uploads.complete(upload)
    send(place, upload, 2)
    assert not place.uploads.complete(upload).is_open
    assert len(place.bucket.objects[upload.key]) == upload.size


def test_a_part_that_was_cut_short_is_missing(place: Workplace) -> None:
    upload = begin(place)
    send(place, upload, 1, 2, 3)
    place.bucket.send(upload.key, upload.multipart_id, 2, b"short")
    with pytest.raises(UploadIncomplete, match="2"):
        place.uploads.complete(upload)


def test_to_complete_twice_is_to_complete_once(place: Workplace) -> None:
    upload = begin(place, size=1)
    send(place, upload, 1)
    first = place.uploads.complete(upload)
    assert place.uploads.complete(place.uploads.get(ADA, upload.id)) == first
    assert list(place.uploads.open_of(ADA)) == []
    assert place.uploads.parts(first)[1].size == 1
    with pytest.raises(UploadGone):
        place.uploads.part_urls(first, [1])


def test_a_call_whose_answer_was_lost_can_be_made_again(place: Workplace) -> None:
    upload = begin(place, size=1)
    send(place, upload, 1)
    place.bucket.complete(upload.key, upload.multipart_id, place.uploads.parts(upload))
    assert not place.uploads.complete(upload).is_open


def test_an_aborted_upload_is_gone(place: Workplace) -> None:
    video = place.draft()
    upload = place.uploads.begin(ADA, filename="x", size=1, video_id=video.id)
    place.uploads.abort(upload)
    with pytest.raises(UploadNotFound):
        place.uploads.get(ADA, upload.id)
    with pytest.raises(UploadGone):
        place.uploads.complete(upload)
    assert place.bucket.sent == {}


def is_there(place: Workplace, video_id: VideoId) -> bool:
    return place.videos.since(None)[video_id] is not None


def test_the_draft_of_an_aborted_upload_goes_with_it(place: Workplace) -> None:
    upload, other = begin(place), begin(place)
    place.uploads.abort(upload)
    assert not is_there(place, upload.video_id)
    assert upload.video_id not in place.curation.cache.snapshot().by_id
    assert is_there(place, other.video_id)


def test_the_draft_of_a_forgotten_upload_goes_after_two_days(place: Workplace) -> None:
    upload = begin(place)
    place.clock.advance(hours=47)
    place.upload_expiry.abort_expired()
    assert is_there(place, upload.video_id)
    place.clock.advance(hours=2)
    assert place.upload_expiry.abort_expired() == 1
    assert not is_there(place, upload.video_id)


def test_parts_of_expired_uploads_go_after_two_days(place: Workplace) -> None:
    place.bucket.begin("uploads/7/a/source")
    place.clock.advance(hours=30)
    place.bucket.begin("uploads/7/b/source")
    place.clock.advance(hours=20)
    assert place.upload_expiry.abort_expired() == 1
    assert [key for key, _ in place.bucket.sent] == ["uploads/7/b/source"]


USES: dict[str, Callable[[Workplace, Upload], object]] = {
    "renamed": lambda place, upload: place.curation.change(
        upload.video_id, lambda card: replace(card, title="Nosferatu")
    ),
    "published": lambda place, upload: place.curation.change(
        upload.video_id, lambda card: card, is_published=True
    ),
    "another upload": lambda place, upload: place.uploads.begin(
        ADA, filename="x", size=1, video_id=upload.video_id
    ),
    "subtitles": lambda place, upload: place.uploads.subtitles_url(
        upload.video_id, language="de", filename="x.srt", size=9
    ),
    "a source that arrived": lambda place, upload: place.videos.begin_encode(upload.video_id),
}


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("is_forgotten", [True, False])
def test_a_draft_that_anything_else_was_done_with_stays(
    place: Workplace, use: str, *, is_forgotten: bool
) -> None:
    upload = begin(place)
    USES[use](place, upload)
    if is_forgotten:
        place.clock.advance(days=3)
        place.upload_expiry.abort_expired()
    else:
        place.uploads.abort(upload)
    assert is_there(place, upload.video_id)


@pytest.mark.parametrize("upload_id", ["a" * 3000, "A" * 32, "0" * 33, ""])
def test_no_store_is_asked_for_what_is_no_id_of_an_upload(place: Workplace, upload_id: str) -> None:
    # Real stores answer keys that are too long with an error of their own.
    place.uploads.store.add(replace(begin(place), id=upload_id))
    with pytest.raises(UploadNotFound):
        place.uploads.get(ADA, upload_id)


def test_a_complete_upload_cannot_be_aborted(place: Workplace) -> None:
    upload = begin(place, size=1)
    send(place, upload, 1)
    completed = place.uploads.complete(upload)
    with pytest.raises(UploadGone):
        place.uploads.abort(completed)
    assert place.uploads.get(ADA, upload.id) == completed


def test_no_part_is_asked_for_a_video_that_was_deleted(place: Workplace) -> None:
    upload = begin(place)
    place.curation.remove(upload.video_id)
    with pytest.raises(VideoNotFound):
        place.uploads.part_urls(upload, [1])


def test_who_aborts_what_was_completed_a_moment_before_removes_nothing(place: Workplace) -> None:
    upload = begin(place, size=1)
    send(place, upload, 1)
    place.uploads.complete(upload)
    place.uploads.abort(upload)  # it was read before it was complete
    assert is_there(place, upload.video_id)
    assert place.bucket.find(upload.key)


def test_an_upload_that_is_over_its_quota_leaves_no_draft(
    place: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Uploads, "_require_room", lambda *_: None)
    begin(place, size=LIMITS.quota_bytes)
    with pytest.raises(UploadQuotaReached):
        begin(place, size=LIMITS.quota_bytes)
    assert len([each for each in place.videos.since(None).values() if each]) == 1


def test_an_upload_for_a_deleted_video_is_not_completed(place: Workplace) -> None:
    upload = begin(place, size=1)
    send(place, upload, 1)
    place.curation.remove(upload.video_id)
    with pytest.raises(VideoNotFound):
        place.uploads.complete(upload)


@pytest.mark.parametrize("size", [0, LIMITS.largest_bytes + 1])
def test_a_file_of_no_size_or_too_large_is_refused_before_a_draft_is_made(
    place: Workplace, size: int
) -> None:
    with pytest.raises(BadUpload) as refusal:
        begin(place, size=size)
    assert "size" in refusal.value.fields
    assert place.videos.since(None) == {}


class SlowBucket(InMemoryUploads):
    """Another process is always a moment faster."""

    def begin(self, key: str) -> str:
        self.meanwhile()
        return super().begin(key)

    def meanwhile(self) -> None: ...


def test_uploads_begun_at_once_share_one_quota(
    place: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = SlowBucket(place.clock)
    theirs = replace(place.uploads)
    ours = replace(place.uploads, bucket=slow)
    most = LIMITS.largest_bytes
    begin(place, most)
    monkeypatch.setattr(slow, "meanwhile", lambda: theirs.begin(ADA, filename="b.mp4", size=most))
    with pytest.raises(UploadQuotaReached):
        ours.begin(ADA, filename="a.mp4", size=most)
    assert sum(each.size for each in ours.open_of(ADA)) <= LIMITS.quota_bytes
    assert slow.sent == {}


def test_uploads_whose_video_is_gone_leave_their_room(place: Workplace) -> None:
    size = LIMITS.quota_bytes // 2
    kept, orphan = begin(place, size), begin(place, size)
    place.curation.remove(orphan.video_id)
    later = begin(place, size)
    assert {each.id for each in place.uploads.open_of(ADA)} == {later.id, kept.id}
    with pytest.raises(UploadGone):
        place.bucket.parts(orphan.key, orphan.multipart_id)
    with pytest.raises(UploadQuotaReached):
        begin(place, size)


def test_open_uploads_count_against_the_quota_and_complete_ones_do_not(place: Workplace) -> None:
    first = begin(place, size=LIMITS.largest_bytes)
    begin(place, size=LIMITS.largest_bytes)
    with pytest.raises(UploadQuotaReached):
        begin(place, size=1)
    place.uploads.begin(AccountId(2), filename="x", size=1)
    place.uploads.abort(first)
    begin(place, size=1)


@pytest.mark.parametrize("numbers", [[], [0], [4], [1] * 101])
def test_only_parts_that_there_are_get_addresses(place: Workplace, numbers: list[int]) -> None:
    upload = begin(place)
    with pytest.raises(BadUpload):
        place.uploads.part_urls(upload, numbers)
    assert set(place.uploads.part_urls(upload, [1, 3])) == {1, 3}


def test_subtitles_have_a_place_of_their_own(place: Workplace) -> None:
    video = place.draft()
    url = place.uploads.subtitles_url(video.id, language="de", filename="x.SRT", size=10)
    assert url.endswith(f"uploads/{video.id}/subtitles/de.srt")
    with pytest.raises(VideoNotFound):
        place.uploads.subtitles_url(VideoId(404), language="de", filename="x.srt", size=1)


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("filename", {"filename": "x.exe"}),
        ("language", {"language": "../x"}),
        ("size", {"size": 0}),
        ("size", {"size": 11 * MIB}),
    ],
)
def test_what_are_no_subtitles_is_refused(
    place: Workplace, field: str, changes: dict[str, object]
) -> None:
    sent = {"language": "de", "filename": "x.srt", "size": 10, **changes}
    with pytest.raises(BadUpload) as refusal:
        place.uploads.subtitles_url(place.draft().id, **sent)  # type: ignore[arg-type]
    assert list(refusal.value.fields) == [field]
