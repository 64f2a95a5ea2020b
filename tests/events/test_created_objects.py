"""The handler of S3 events, and the hourly clean-up."""

import json
from typing import Any
from urllib.parse import quote_plus

import boto3
import pytest

from chalicelib.catalogue.model import VideoId
from chalicelib.encoding.ports import EdgeBusy
from chalicelib.events.created_objects import UnreadableNotice
from chalicelib.wiring import catalogue, encoding, stage
from infra.local.gateway import Gateway
from tests.builders.catalogue import every_entry
from tests.fakes.clock import HandClock

DROPPED = "inbox/Science Fiction/Metrópolis + \N{CLAPPER BOARD}.MP4"


@pytest.fixture
def app(gateway: Gateway, state_machine: str, distribution: str) -> Any:  # noqa: ARG001
    import app

    return app


def lay(key: str, content: bytes = b"film") -> str:
    bucket = stage.settings().uploads_bucket
    return str(boto3.client("s3").put_object(Bucket=bucket, Key=key, Body=content)["ETag"])


def notice(*objects: tuple[str, str], event: str = "ObjectCreated:Put") -> str:
    """Return an S3 event as recorded, with only the fields that are read."""
    return json.dumps(
        {
            "Records": [
                {
                    "eventVersion": "2.1",
                    "eventSource": "aws:s3",
                    "eventName": event,
                    "s3": {"object": {"key": quote_plus(key, safe="/"), "eTag": etag.strip('"')}},
                }
                for key, etag in objects
            ]
        }
    )


def deliver(app: Any, body: str) -> None:
    app.on_upload({"Records": [{"messageId": "1", "receiptHandle": "r", "body": body}]}, None)


def executions() -> list[str]:
    listed = boto3.client("stepfunctions").list_executions(
        stateMachineArn=stage.settings().pipeline_arn
    )
    return [each["name"] for each in listed["executions"]]


@pytest.mark.parametrize("event", ["ObjectCreated:Put", "ObjectCreated:CompleteMultipartUpload"])
def test_a_source_begins_one_execution_despite_duplicate_events(app: Any, event: str) -> None:
    body = notice((DROPPED, lay(DROPPED)), event=event)
    for _ in range(3):
        deliver(app, body)
    [name] = executions()
    video_id = int(name.removeprefix("v").partition("-")[0])
    assert name == f"v{video_id}-r1-a1"
    card = catalogue.curation().get(video_id).card  # type: ignore[arg-type]
    assert (card.title, card.category) == ("Metrópolis + \N{CLAPPER BOARD}", "Science Fiction")


def test_a_category_of_the_inbox_is_recorded_without_an_actor(
    app: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    deliver(app, notice((DROPPED, lay(DROPPED))))
    [category] = catalogue.catalogue_cache().snapshot().names.by_id
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    [line] = [each for each in lines if each.get("action") == "category.add"]
    assert (line["actor"], line["target"], line["correlation_id"]) == ("", str(category), "1")


@pytest.mark.parametrize(
    ("key", "named"),
    [("inbox/Drama/letter.txt", ["inbox/Drama/letter.txt"]), ("inbox/Drama/Film.de.srt", [])],
)
def test_a_file_of_the_inbox_that_cannot_be_a_video_is_named_in_the_log(
    app: Any, key: str, named: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    deliver(app, notice((key, lay(key))))
    keys = [getattr(record, "key", None) for record in caplog.records]
    assert [each for each in keys if each] == named
    assert executions() == []


def test_a_source_in_a_deep_folder_is_encoded(app: Any) -> None:
    deliver(app, notice(("inbox/A/B/C.mp4", lay("inbox/A/B/C.mp4"))))
    assert len(executions()) == 1


def test_the_input_of_the_execution_names_the_encode(app: Any) -> None:
    deliver(app, notice((DROPPED, lay(DROPPED))))
    client = boto3.client("stepfunctions")
    arn = stage.settings().pipeline_arn
    [execution] = client.list_executions(stateMachineArn=arn)["executions"]
    execution_details = client.describe_execution(executionArn=execution["executionArn"])
    sent = json.loads(execution_details["input"])
    assert set(sent) == {"video_id", "revision", "attempt"}
    assert (sent["revision"], sent["attempt"]) == ("1", "1")


def test_an_event_for_a_replaced_object_is_ignored(app: Any) -> None:
    old = lay(DROPPED)
    new = lay(DROPPED, b"another film")
    deliver(app, notice((DROPPED, old)))
    assert executions() == []
    deliver(app, notice((DROPPED, new)))
    assert len(executions()) == 1


def test_an_event_may_hold_many_records(app: Any) -> None:
    videos = [(f"inbox/{name}.mp4", lay(f"inbox/{name}.mp4")) for name in "abc"]
    deliver(app, notice(*videos))
    assert len(executions()) == 3


@pytest.mark.parametrize(
    "body",
    [
        '{"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "videoflix-uploads"}',
        notice((DROPPED, "e" * 32), event="ObjectRemoved:Delete"),
        notice((DROPPED, "e" * 32)),
        notice(("inbox/", "e" * 32)),
    ],
)
def test_an_event_that_needs_nothing_succeeds(app: Any, body: str) -> None:
    deliver(app, body)
    assert executions() == []


@pytest.mark.parametrize("body", ["", "{}", "[]", "null", '{"Records": [{}]}', "no json"])
def test_an_unknown_message_goes_to_the_dead_letter_queue(app: Any, body: str) -> None:
    with pytest.raises(UnreadableNotice):
        deliver(app, body)


def test_an_outage_leaves_the_message_for_a_retry(app: Any) -> None:
    body = notice((DROPPED, lay(DROPPED)))
    client = boto3.client("stepfunctions")
    client.delete_state_machine(stateMachineArn=stage.settings().pipeline_arn)
    with pytest.raises(client.exceptions.StateMachineDoesNotExist):
        deliver(app, body)
    client.create_state_machine(
        name="videoflix-pipeline", definition="{}", roleArn="arn:aws:iam::123456789012:role/p"
    )
    deliver(app, body)
    assert len(executions()) == 1
    assert executions()[0].endswith("-r1-a1")


def test_an_empty_file_fails_with_its_reason(app: Any) -> None:
    deliver(app, notice((DROPPED, lay(DROPPED, b""))))
    assert executions() == []
    [entry] = every_entry(catalogue.catalogue_cache())
    failure = catalogue.curation().get(entry.video.id).encode.failure
    assert failure
    assert failure.code == "empty"


def test_a_busy_edge_is_retried_by_the_hourly_clean_up(
    app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise EdgeBusy("Later.")

    monkeypatch.setattr("chalicelib.adapters.edge.CloudFrontEdge.invalidate", refuse)
    note = encoding.removal().request(VideoId(404))
    deliver(app, notice((note.key, "e" * 32)))
    assert list(encoding.removal().pending()) == [note]
    monkeypatch.undo()
    assert encoding.clean_up().run().withdrawn == 1
    assert list(encoding.removal().pending()) == []


def test_the_clean_up_deletes_orphaned_media(app: Any, clock: HandClock) -> None:
    media = encoding.control().media
    media.write("media/404/1/a", "of a title that is gone")
    clock.advance(days=1)
    event = {
        "time": "2026-11-21T06:00:00Z", "region": "eu-central-1", "account": "1", "version": "0",
        "id": "1", "detail-type": "Scheduled Event", "source": "aws.events", "resources": [],
        "detail": {},
    }  # fmt: skip
    for _ in range(2):
        app.on_sweep(event, None)
    assert media.listed("media/") == {}
