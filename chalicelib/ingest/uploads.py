"""Use cases of uploads: clients send parts straight to the bucket, to presigned URLs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from chalicelib.accounts.model import AccountId
from chalicelib.catalogue.curation import Curation
from chalicelib.catalogue.model import Card, NewerSource, VideoId, VideoNotFound
from chalicelib.clock import Clock, to_the_millisecond
from chalicelib.encoding.failures import SENTENCES, Reason
from chalicelib.ingest.model import (
    UPLOAD_ID,
    BadUpload,
    Upload,
    UploadIncomplete,
    UploadNotFound,
    UploadQuotaReached,
)
from chalicelib.ingest.parts import Part, UploadGone, part_size_for
from chalicelib.ingest.ports import UploadBucket, UploadStore
from chalicelib.ingest.sidecar_names import Meaning
from chalicelib.ingest.source_keys import (
    SIDECAR_SUFFIXES,
    begun_at,
    cleaned,
    is_language,
    is_subtitles,
    may_be_video,
    new_upload_id,
    sidecar_key,
    suffix_of,
    title_from,
    upload_key,
)
from chalicelib.language import Text

URL_SECONDS = 3600
MOST_URLS = 100
LARGEST_SIDECAR_BYTES = 10 * 1024**2

_MOST_NAMED = 20
_SUBTITLES = (
    "Subtitles belong beside a video: please upload the video first, and then .srt or .vtt files"
    " by /video/<id>/subtitles/."
)
_OTHER_NAME = "This is not the name of a video: please choose another file, or correct the name."


@dataclass(frozen=True, slots=True)
class UploadLimits:
    largest_bytes: int
    # Of one account, in uploads that are not complete.
    quota_bytes: int


@dataclass(frozen=True, slots=True)
class Uploads:
    store: UploadStore
    bucket: UploadBucket
    curation: Curation
    clock: Clock
    limits: UploadLimits

    def begin(
        self,
        account_id: AccountId,
        *,
        filename: str,
        size: int,
        video_id: VideoId | None = None,
        title: str = "",
        category: str = "",
    ) -> Upload:
        """Begin an upload, for an existing video or for a new draft."""
        _require_video(filename)
        self._require_room(account_id, size)
        upload_id = new_upload_id(self.clock.now())
        if video_id is None:
            named = cleaned(title) or title_from(filename)
            card = Card(title=named, category=category)
            video = self.curation.add(card, awaits_upload=upload_id)
        else:
            video = self.curation.in_use(video_id)
            self.curation.keep(video)
        key = upload_key(video.id, upload_id, filename)
        upload = Upload(
            id=upload_id,
            account_id=account_id,
            video_id=video.id,
            key=key,
            multipart_id=self.bucket.begin(key),
            filename=filename,
            size=size,
            part_size=part_size_for(size),
            created_at=to_the_millisecond(self.clock.now()),
        )
        self.store.add(upload)
        if self._bytes_in_use(account_id) > self.limits.quota_bytes:
            # Another upload began at the same time, and neither request saw the other.
            self.abort(upload)
            raise _quota_reached()
        return upload

    def get(self, account_id: AccountId, upload_id: str) -> Upload:
        if not UPLOAD_ID.fullmatch(upload_id):  # a store may fail at what cannot be a key
            raise UploadNotFound
        return self.store.get(account_id, upload_id)

    def open_of(self, account_id: AccountId) -> Sequence[Upload]:
        """Uploads that were begun and are not complete, the newest first."""
        return [upload for upload in self.store.of(account_id) if upload.is_open]

    def parts(self, upload: Upload) -> Mapping[int, Part]:
        """Return the parts that were sent, by number, so that an upload can be resumed."""
        if not upload.is_open:
            return {number: upload.part(number) for number in range(1, upload.part_count + 1)}
        return self.bucket.parts(upload.key, upload.multipart_id)

    def part_urls(self, upload: Upload, numbers: Sequence[int]) -> Mapping[int, str]:
        """Return presigned URLs by part; each takes exactly the bytes of its part."""
        self._require_open(upload)
        # Refuse early: gigabytes may follow for a video that has been deleted.
        self._require_newest(upload)
        if not 0 < len(numbers) <= MOST_URLS:
            problem = Text("Ask for 1 to {most} parts at once.", most=MOST_URLS)
            raise BadUpload(fields={"numbers": [problem]})
        if any(not 1 <= number <= upload.part_count for number in numbers):
            problem = Text("Parts are 1 to {last}.", last=upload.part_count)
            raise BadUpload(fields={"numbers": [problem]})
        return {
            number: self.bucket.part_url(
                upload.key, upload.multipart_id, upload.part(number), seconds=URL_SECONDS
            )
            for number in numbers
        }

    def complete(self, upload: Upload) -> Upload:
        """Join the parts if all are there; completing twice changes nothing."""
        if not upload.is_open:
            return upload
        self._require_newest(upload)
        try:
            present = self.bucket.parts(upload.key, upload.multipart_id)
            self._require_all(upload, present)
            parts = {number: present[number] for number in range(1, upload.part_count + 1)}
            self.bucket.complete(upload.key, upload.multipart_id, parts)
        except UploadGone:
            # An earlier call may have joined them, and its answer was lost.
            source = self.bucket.find(upload.key)
            if source is None or source.size != upload.size:
                raise
        completed = replace(upload, completed_at=self.clock.now())
        self.store.complete(completed)
        return completed

    def abort(self, upload: Upload) -> None:
        """Abort the upload, and remove its draft if that was not used otherwise."""
        self._require_open(upload)
        self.bucket.abort(upload.key, upload.multipart_id)
        # Another call may have completed it just before.
        if self.bucket.find(upload.key) is None:
            self.curation.remove_abandoned(upload.video_id, upload.id)
        self.store.remove(upload)

    def subtitles_url(
        self, video_id: VideoId, said: Meaning, *, filename: str, size: int
    ) -> tuple[str, str]:
        """Return the key of subtitles, and a presigned URL for them.

        The next encode of the video includes them.
        """
        video = self.curation.in_use(video_id)
        suffix, language = suffix_of(filename), said.language
        if suffix not in SIDECAR_SUFFIXES:
            raise BadUpload(fields={"filename": ["Subtitles are .srt or .vtt files."]})
        if not is_language(language):
            raise BadUpload(fields={"language": ["A language is a code such as en or pt-BR."]})
        if size < 1:
            raise BadUpload(fields={"size": [SENTENCES[Reason.EMPTY]]})
        if size > LARGEST_SIDECAR_BYTES:
            most = LARGEST_SIDECAR_BYTES // 1024**2
            raise BadUpload(
                fields={"size": [Text("Subtitles have at most {most} MiB.", most=most)]}
            )
        self.curation.keep(video)
        key = sidecar_key(video_id, said.words, suffix)
        return key, self.bucket.file_url(key, size=size, seconds=URL_SECONDS)

    def _require_newest(self, upload: Upload) -> None:
        """Raise `VideoNotFound`, or `NewerSource` if the source would replace a newer one."""
        newest = self.curation.get(upload.video_id).encode.sent_at
        if newest and begun_at(upload.id, self.clock.now()) < newest:
            raise NewerSource

    @staticmethod
    def _require_open(upload: Upload) -> None:
        if not upload.is_open:
            raise UploadGone("This upload is complete.")

    def _require_room(self, account_id: AccountId, size: int) -> None:
        if size < 1:
            raise BadUpload(fields={"size": [SENTENCES[Reason.EMPTY]]})
        if size > self.limits.largest_bytes:
            most = _in_bytes(self.limits.largest_bytes)
            raise BadUpload(fields={"size": [Text("A file may have at most {most}.", most=most)]})
        room = self.limits.quota_bytes - size
        if self._bytes_in_use(account_id) > room:
            self._abort_those_without_a_video(account_id)
            if self._bytes_in_use(account_id) > room:
                raise _quota_reached()

    def _abort_those_without_a_video(self, account_id: AccountId) -> None:
        for upload in self.open_of(account_id):
            try:
                self.curation.get(upload.video_id)
            except VideoNotFound:
                self.abort(upload)

    def _bytes_in_use(self, account_id: AccountId) -> int:
        return sum(upload.size for upload in self.open_of(account_id))

    def _require_all(self, upload: Upload, present: Mapping[int, Part]) -> None:
        missing = upload.missing(present)
        if missing:
            named = ", ".join(map(str, missing[:_MOST_NAMED]))
            more = "" if len(missing) <= _MOST_NAMED else " …"
            raise UploadIncomplete(
                Text("These parts are missing or cut short: {numbers}.", numbers=named + more)
            )


def _require_video(filename: str) -> None:
    """Refuse names of other files, of which gigabytes might be sent in vain."""
    if not may_be_video(filename):
        problem = _SUBTITLES if is_subtitles(filename) else _OTHER_NAME
        raise BadUpload(fields={"filename": [problem]})


def _quota_reached() -> UploadQuotaReached:
    return UploadQuotaReached("Finish or abort your other uploads first.")


def _in_bytes(amount: int) -> str:
    """Return a limit as people say it: 50 GB, 1.5 MB."""
    unit, name = (10**9, "GB") if amount >= 10**9 else (10**6, "MB")
    return f"{amount / unit:.1f}".removesuffix(".0") + f" {name}"
