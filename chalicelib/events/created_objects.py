"""Handler of S3 events: a source begins one encode, a removal note is processed."""

import json
from collections.abc import Iterator
from urllib.parse import unquote_plus

from chalice.app import SQSRecord

from chalicelib.audit import AuditAction, AuditEvent, AuditOutcome, Target
from chalicelib.catalogue import object_keys
from chalicelib.catalogue.model import VideoId
from chalicelib.catalogue.poster import PosterId
from chalicelib.encoding.ports import EdgeBusy
from chalicelib.encoding.removal import RemovalNote, note_in
from chalicelib.ingest.source_keys import is_left_in_inbox
from chalicelib.telemetry import correlated, count, log
from chalicelib.wiring import encoding, ingest, stage


class UnreadableNotice(Exception):
    """A message on the uploads queue is not an S3 event."""


def on_upload(record: SQSRecord) -> None:
    message_id = str(record.to_dict()["messageId"])
    with correlated(message_id):
        try:
            for key, etag in _created_objects(record.body):
                _receive(key, etag)
        except Exception:
            log.exception("processing the object failed", extra={"message_id": message_id})
            count("ArrivalFailed")
            raise  # the queue decides whether to retry


def _receive(key: str, etag: str) -> None:
    if note := note_in(key):
        _process(note)
    elif sent := object_keys.sent_poster_at(key):
        _receive_poster(*sent)
    else:
        _begin(key, etag)


def _process(note: RemovalNote) -> None:
    fields = {"video_id": note.video_id}
    try:
        encoding.removal().process([note])
    except EdgeBusy:
        # The note stays; the hourly clean-up retries it.
        log.warning("edge is busy", extra=fields)
        count("EdgeBusy")
    else:
        log.info("withdrawn", extra=fields)


def _receive_poster(video_id: VideoId, poster: PosterId) -> None:
    fields = {"video_id": video_id, "poster": poster}
    if ingest.posters().received(video_id, poster):
        log.info("poster received", extra=fields)
    else:
        log.info("poster came too late", extra=fields)


def _begin(key: str, etag: str) -> None:
    if is_left_in_inbox(key):
        # Otherwise the operator who put it there waits for a draft in vain.
        log.warning("no video by its name", extra={"key": key})
        return
    encode = ingest.intake().received(key, etag)
    if encode is None:
        log.info("upload needs no encode", extra={"etag": etag})
        return
    log.info(
        "encode begun",
        extra={
            "video_id": encode.video_id,
            "revision": encode.revision,
            "attempt": encode.attempt,
            "bytes": encode.source.size,
        },
    )
    count("EncodeBegun")
    stage.audit_trail().record(
        AuditEvent(
            AuditAction.BEGIN_ENCODE,
            AuditOutcome.DONE,
            stage.clock().now(),
            target=Target("video", str(encode.video_id)),
        )
    )


def _created_objects(body: str) -> Iterator[tuple[str, str]]:
    """Yield key and ETag of each new object; the test event of S3 has none."""
    try:
        notice = json.loads(body)
        records = notice.get("Records", []) if notice.get("Event") != "s3:TestEvent" else []
        if not records and "Event" not in notice:
            raise UnreadableNotice("no records")
        created = [
            (unquote_plus(each["s3"]["object"]["key"]), str(each["s3"]["object"]["eTag"]))
            for each in records
            if each["eventName"].startswith("ObjectCreated:")
        ]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnreadableNotice(str(error)) from error
    yield from ((key, etag.strip('"')) for key, etag in created)
