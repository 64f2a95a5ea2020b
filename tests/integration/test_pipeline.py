"""From upload to failure or success on the emulator: real HTTP, real queues, a real state machine.

The one who works is a stand-in that follows a script; real workers have tests of their own.
"""

import io
import json
import time
import uuid
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from chalice.app import CloudWatchEvent

from chalicelib.adapters.dynamodb.attributes import stamped
from chalicelib.adapters.dynamodb.catalogue_tables import CatalogueItem, day_key
from chalicelib.adapters.dynamodb.video_items import META, video_key
from chalicelib.adapters.state_machine import StepFunctionsCallback, StepFunctionsPipeline
from chalicelib.adapters.task_queues import SqsTaskQueues
from chalicelib.adapters.uploads_bucket import S3Uploads
from chalicelib.catalogue.model import EncodeStatus, EncodeSummary
from chalicelib.catalogue.ports import VideoStore
from chalicelib.clock import SystemClock
from chalicelib.encoding.control import EncodeControl
from chalicelib.encoding.failures import SENTENCES, Reason
from chalicelib.encoding.fair_work import FairWork
from chalicelib.encoding.messages import Task, TaskKind
from chalicelib.encoding.model import Encode, EncodeNotFound, Step
from chalicelib.encoding.ports import Callback, EncodeStore, Execution
from chalicelib.encoding.retention import FAILED_ENCODES_KEPT_FOR
from chalicelib.wiring import stores
from infra import stacks
from tests.browser import Browser
from tests.builders.assets import an_asset
from tests.builders.videos import a_video
from tests.fakes.clock import HandClock
from tests.integration.supervised import PASSWORD, LocalRun, Run
from tests.integration.wire import Wire

_PATIENCE_SECONDS = 30
UPLOADS = "videoflix-uploads-000000000000"
PLANNED = {"chunks": [0, 1, 2], "audio": [0], "pictures": [0], "subtitles": []}
ORDERS: list[tuple[TaskKind, int]] = [
    (TaskKind.PLAN, 0),
    (TaskKind.CHUNK, 0),
    (TaskKind.CHUNK, 1),
    (TaskKind.CHUNK, 2),
    (TaskKind.AUDIO, 0),
    (TaskKind.PICTURES, 0),
    (TaskKind.PUBLISH, 0),
    (TaskKind.MP4, 0),
    (TaskKind.MP4, 1),
]

Script = Callable[[Callback, Task], None]


@dataclass(frozen=True)
class Site:
    """Stacks of our own beside those of the run, and everything that uses them."""

    # Of the names of its queues.
    prefix: str
    catalogue: str
    videos: VideoStore
    encodes: EncodeStore
    bucket: S3Uploads
    control: EncodeControl
    queue: FairWork
    callback: StepFunctionsCallback

    def begun(self) -> Encode:
        video = a_video(datetime.now(UTC))
        self.videos.add(video)
        key = f"uploads/{video.id}/{'0' * 32}/source.mp4"
        self.bucket.client().put_object(Bucket=self.bucket.bucket, Key=key, Body=b"film")
        source = self.bucket.find(key)
        assert source
        revision = self.videos.begin_encode(video.id)
        return self.control.begin(video.id, revision, source)

    def state(self, encode: Encode) -> Execution:
        return self.control.pipeline.state(encode)

    def work_off(self, encode: Encode, script: Script) -> list[tuple[TaskKind, int]]:
        """Answer tasks until the execution has ended; return what was asked for."""
        asked: list[tuple[TaskKind, int]] = []
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while self.state(encode) is Execution.RUNNING:
            assert time.monotonic() < deadline, f"still waiting after {asked}"
            if delivery := self.queue.take(wait_seconds=1):
                task = Task.from_json(delivery.body)
                delivery.done()
                if task.video_id == encode.video_id:
                    asked.append((task.kind, task.number))
                    script(self.callback, task)
        return asked

    def outcome(self, encode: Encode) -> tuple[EncodeSummary, Step]:
        summary = self.videos.get(encode.video_id).encode
        return summary, self.encodes.get(encode.video_id, encode.revision).step


def succeed(callback: Callback, task: Task) -> None:
    answers: dict[TaskKind, dict[str, object]] = {
        TaskKind.PLAN: dict(PLANNED),
        TaskKind.PUBLISH: {"mp4": [0, 1]},
    }
    assert callback.heartbeat(task.token)
    callback.succeed(task.token, answers.get(task.kind, {}))


def failing_at(kind: TaskKind, code: str = "corrupt", text: str = "It is damaged.") -> Script:
    def script(callback: Callback, task: Task) -> None:
        if task.kind is kind:
            callback.fail(task.token, code=code, text=text)
        else:
            succeed(callback, task)

    return script


def site_of(running: Run, **parameters: str) -> Site:
    made = stacks.deploy(
        running.client("cloudformation"),
        prefix=f"t{uuid.uuid4().hex[:12]}",
        parameters=parameters,
        templates=[
            path for path in stacks.TEMPLATES if path.stem in {"catalogue", "media", "pipeline"}
        ],
    )
    return site_at(made, running.client)


def site_at(made: Mapping[str, str], client: Callable[[str], Any]) -> Site:
    table, clock = stores.catalogue_table(made["CATALOGUE_TABLE"]), SystemClock()
    clients = {name: client(name) for name in ("s3", "sqs", "stepfunctions")}
    media = stores.media(lambda: clients["s3"], made["MEDIA_BUCKET"])
    bucket = S3Uploads(lambda: clients["s3"], made["UPLOADS_BUCKET"])
    videos, encodes = stores.videos(table, clock), stores.encodes(table, clock)
    return Site(
        prefix=made["PIPELINE_ARN"].rpartition(":")[2].removesuffix("-pipeline"),
        catalogue=made["CATALOGUE_TABLE"],
        videos=videos,
        encodes=encodes,
        bucket=bucket,
        control=EncodeControl(
            updates=stores.updates(table, media, clock),
            videos=videos,
            encodes=encodes,
            pipeline=StepFunctionsPipeline(lambda: clients["stepfunctions"], made["PIPELINE_ARN"]),
            media=media,
            sources=bucket,
            clock=clock,
        ),
        queue=FairWork(SqsTaskQueues(lambda: clients["sqs"], made["WORK_QUEUE_URL"]), encodes),
        callback=StepFunctionsCallback(lambda: clients["stepfunctions"]),
    )


@pytest.fixture(scope="module")
def environment(running: Run) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", running.aws_url)
        yield


@pytest.fixture(scope="module")
def site(running: Run, environment: None) -> Site:  # noqa: ARG001
    return site_of(running)


@pytest.fixture
def hasty_site(running: Run, environment: None, site: Site) -> Iterator[Site]:  # noqa: ARG001
    """No piece of work may take longer than two seconds."""
    hasty = site_of(running, WorkPatienceSeconds="1", WorkLimitSeconds="2")
    yield hasty
    stores.catalogue_table(site.catalogue)


def deploy_function(running: Run, site: Site, line: str) -> str:
    """Deploy a function in place of the one that starts transcoders; return its name."""
    name, client = f"{site.prefix}-on_work_waiting", running.client("lambda")
    with suppress(client.exceptions.ResourceNotFoundException):
        client.delete_function(FunctionName=name)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("main.py", f"import json\ndef handler(event, context):\n    {line}\n")
    client.create_function(
        FunctionName=name,
        Runtime="python3.12",
        Role="arn:aws:iam::000000000000:role/function",
        Handler="main.handler",
        Code={"ZipFile": file.getvalue()},
    )
    return name


def test_every_task_is_ordered_once_in_the_right_order(site: Site) -> None:
    encode = site.begun()
    asked = site.work_off(encode, succeed)
    assert sorted(asked) == sorted(ORDERS)
    assert asked[0] == (TaskKind.PLAN, 0)
    assert asked[-3] == (TaskKind.PUBLISH, 0)
    assert site.state(encode) is Execution.ENDED


def test_scale_checks_are_called_when_an_execution_begins(site: Site, running: Run) -> None:
    name = deploy_function(running, site, "print(json.dumps(event))")
    site.work_off(site.begun(), succeed)
    logs = running.client("logs")
    lines = [
        each["message"]
        for each in logs.filter_log_events(logGroupName=f"/aws/lambda/{name}")["events"]
        if each["message"].startswith("{")
    ]
    events = [CloudWatchEvent(json.loads(line), None) for line in lines]
    assert [event.detail["expected"] for event in events] == [1, len(PLANNED["chunks"])]
    for event in events:
        entered = datetime.fromisoformat(event.time)
        assert timedelta(0) <= datetime.now(UTC) - entered < timedelta(minutes=1)


def test_a_video_is_encoded_although_no_function_can_be_called(hasty_site: Site) -> None:
    encode = hasty_site.begun()
    assert hasty_site.work_off(encode, succeed)[0] == (TaskKind.PLAN, 0)


@pytest.mark.parametrize(
    "kind", [TaskKind.PLAN, TaskKind.CHUNK, TaskKind.AUDIO, TaskKind.PICTURES, TaskKind.PUBLISH]
)
def test_a_failure_anywhere_is_written_by_the_state_machine_itself(
    site: Site, kind: TaskKind
) -> None:
    encode = site.begun()
    site.work_off(encode, failing_at(kind))
    summary, step = site.outcome(encode)
    assert (summary.status, step) == (EncodeStatus.FAILED, Step.FAILED)
    assert summary.failure
    assert (summary.failure.code, summary.failure.text) == ("corrupt", "It is damaged.")
    item = CatalogueItem.get(video_key(encode.video_id), META)
    assert item.shelf == day_key(stamped(item.changed_at).date())


def test_what_the_state_machine_gave_up_is_not_kept_for_ever(site: Site) -> None:
    encode = site.begun()
    site.work_off(encode, failing_at(TaskKind.PLAN))
    assert site.outcome(encode)[1] is Step.FAILED
    later = HandClock()
    later.advance(seconds=FAILED_ENCODES_KEPT_FOR.total_seconds() + 1)
    with pytest.raises(EncodeNotFound):
        stores.encodes(stores.catalogue_table(site.catalogue), later).get(
            encode.video_id, encode.revision
        )


def test_files_for_download_that_fail_unpublish_nothing(site: Site) -> None:
    encode = site.begun()

    def script(callback: Callback, task: Task) -> None:
        if task.kind is TaskKind.PUBLISH:
            updates = site.control.updates
            assert updates.publish(task.video_id, task.revision, an_asset())
        failing_at(TaskKind.MP4)(callback, task)

    assert sorted(site.work_off(encode, script)) == sorted(ORDERS)
    summary, step = site.outcome(encode)
    assert (summary.status, step) == (EncodeStatus.COMPLETED, Step.DONE)


def test_a_task_without_an_answer_ends_with_no_worker(hasty_site: Site) -> None:
    encode = hasty_site.begun()
    hasty_site.work_off(encode, lambda _callback, _task: None)
    summary, step = hasty_site.outcome(encode)
    assert (summary.status, step) == (EncodeStatus.FAILED, Step.FAILED)
    assert summary.failure
    assert summary.failure.code == Reason.NO_WORKER
    assert summary.failure.text == SENTENCES[Reason.NO_WORKER]


def test_an_error_of_the_platform_is_our_own_fault(site: Site) -> None:
    encode = site.begun()
    site.work_off(encode, failing_at(TaskKind.PLAN, code="States.TaskFailed", text="a stack trace"))
    failure = site.outcome(encode)[0].failure
    assert failure
    assert (failure.code, failure.text) == (Reason.INTERNAL, SENTENCES[Reason.INTERNAL])


def test_a_failure_of_an_old_attempt_does_not_touch_a_new_revision(site: Site) -> None:
    encode = site.begun()

    def script(callback: Callback, task: Task) -> None:
        site.videos.begin_encode(encode.video_id)
        failing_at(TaskKind.PLAN)(callback, task)

    site.work_off(encode, script)
    summary, step = site.outcome(encode)
    assert (summary.revision, summary.status) == (2, EncodeStatus.PENDING)
    assert step is Step.FAILED


def test_a_cancelled_execution_ends_and_says_why(site: Site) -> None:
    encode = site.begun()
    site.control.cancel(site.videos.get(encode.video_id))
    assert site.state(encode) is Execution.ENDED
    summary, step = site.outcome(encode)
    assert (summary.failure and summary.failure.code, step) == ("cancelled", Step.FAILED)


def test_another_try_orders_what_is_left_to_do(site: Site) -> None:
    encode = site.begun()

    def script(callback: Callback, task: Task) -> None:
        if (task.kind, task.number) == (TaskKind.CHUNK, 2):
            callback.fail(task.token, code="too_slow", text="It took too long.")
        else:
            succeed(callback, task)

    site.work_off(encode, script)
    again = site.control.retry(site.videos.get(encode.video_id))

    def rest(callback: Callback, task: Task) -> None:
        if task.kind is TaskKind.PLAN:
            left = {"chunks": [2], "audio": [], "pictures": [], "subtitles": []}
            callback.succeed(task.token, left)
        else:
            succeed(callback, task)

    asked = site.work_off(again, rest)
    assert asked[:3] == [(TaskKind.PLAN, 0), (TaskKind.CHUNK, 2), (TaskKind.PUBLISH, 0)]
    assert again.attempt == 2


def test_answers_that_come_too_late_are_no_error(site: Site) -> None:
    encode = site.begun()
    tokens: list[str] = []

    def script(callback: Callback, task: Task) -> None:
        tokens.append(task.token)
        succeed(callback, task)

    site.work_off(encode, script)
    assert not site.callback.heartbeat(tokens[0])
    site.callback.succeed(tokens[0], {})
    site.callback.fail(tokens[0], code="corrupt", text="late")
    site.control.pipeline.stop(encode, code="late", text="late")
    assert not site.callback.heartbeat("no token at all")


def test_a_returned_message_comes_again_with_a_count(site: Site) -> None:
    encode = site.begun()
    first = site.queue.take(wait_seconds=5)
    assert first
    first.keep(seconds=30)
    assert site.queue.take(wait_seconds=0) is None
    first.give_back()
    second = site.queue.take(wait_seconds=5)
    assert second
    assert (second.body, first.count, second.count) == (first.body, 1, 2)
    second.done()
    first.give_back()
    site.control.cancel(site.videos.get(encode.video_id))


# From here on, the run as a person sees it.


@pytest.fixture
def admin(running: Run) -> Browser:
    return signed_in(running)


def signed_in(run: Run) -> Browser:
    browser = Browser(Wire(run))
    sent = {"email": run.settings.administrator_email, "password": PASSWORD}
    assert browser.post("/login/", sent).status == 200
    return browser


def eventually(ask: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not (answer := ask()):
        assert time.monotonic() < deadline, "it never came to be"
        time.sleep(0.1)
    return answer


def executions(running: Run, video_id: int) -> list[str]:
    client = running.client("stepfunctions")
    [arn] = [
        each["stateMachineArn"]
        for each in client.list_state_machines()["stateMachines"]
        if each["name"] == "videoflix-pipeline"
    ]
    listed = client.list_executions(stateMachineArn=arn)["executions"]
    return [each["name"] for each in listed if each["name"].startswith(f"v{video_id}-")]


def upload(admin: Browser, content: bytes, filename: str = "Film.mp4") -> Any:
    sent = {"filename": filename, "size": len(content)}
    begun = admin.post("/uploads/", sent).json
    path = f"/uploads/{begun['id']}/"
    numbers = list(range(1, begun["part_count"] + 1))
    for part in admin.post(f"{path}parts/", {"numbers": numbers}).json["results"]:
        start = (part["number"] - 1) * begun["part_size"]
        answer = httpx.put(
            part["url"],
            content=content[start : start + part["size"]],
        )
        assert answer.status_code == 200, answer.text
    assert admin.post(f"{path}complete/").json["is_complete"]
    return begun


def test_an_upload_by_presigned_addresses_begins_one_execution(
    admin: Browser, running: Run
) -> None:
    begun = upload(admin, b"x" * (17 * 1024**2), "\N{CLAPPER BOARD} ../Film.mp4")
    names = eventually(lambda: executions(running, begun["video_id"]))
    assert names == [f"v{begun['video_id']}-r1-a1"]
    progress = admin.get(f"/video/{begun['video_id']}/progress/").json
    assert (progress["stage"], progress["failure"]) == ("queued", None)


def test_an_encode_waits_for_no_function_that_fails(site: Site, running: Run) -> None:
    deploy_function(running, site, "raise ValueError(event)")
    encode = site.begun()
    assert sorted(site.work_off(encode, succeed)) == sorted(ORDERS)
    assert site.state(encode) is Execution.ENDED


def test_pages_that_may_call_the_api_may_send_parts_and_no_others(running: Run) -> None:
    # The emulator lets everybody in; what AWS goes by is what stands in the bucket.
    [rule] = running.client("s3").get_bucket_cors(Bucket=UPLOADS)["CORSRules"]
    assert running.settings.api_url in rule["AllowedOrigins"]
    assert running.settings.edge_url in rule["AllowedOrigins"]
    assert "*" not in rule["AllowedOrigins"]
    assert (rule["AllowedMethods"], rule["ExposeHeaders"]) == (["PUT"], ["ETag"])


def test_an_address_takes_no_more_than_its_part_and_only_for_its_key(admin: Browser) -> None:
    begun = admin.post("/uploads/", {"filename": "x", "size": 5}).json
    [part] = admin.post(f"/uploads/{begun['id']}/parts/", {"numbers": [1]}).json["results"]
    assert httpx.put(part["url"], content=b"x" * 6).status_code == 403
    assert (
        httpx.put(part["url"].replace("/source?", "/other?"), content=b"12345").status_code == 403
    )
    assert httpx.put(part["url"], content=b"12345").status_code == 200


def test_a_source_in_the_inbox_becomes_one_video_however_many_notifications_come(
    admin: Browser, running: Run
) -> None:
    s3, sqs = running.client("s3"), running.client("sqs")
    key = f"inbox/Drama/Böse {uuid.uuid4().hex} + %41.MP4"
    etag = s3.put_object(Bucket=UPLOADS, Key=key, Body=b"film")["ETag"]

    def titled() -> list[int]:
        listed = admin.get("/video/?include=drafts").json
        return [each["id"] for each in listed if each["title"] == key[12:-4]]

    [video_id] = eventually(titled)
    record = {"s3": {"object": {"key": key.replace("%", "%25").replace("+", "%2B"), "eTag": etag}}}
    body = {"Records": [{"eventName": "ObjectCreated:Put", **record}]}
    url = sqs.get_queue_url(QueueName="videoflix-uploads")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody=json.dumps(body))
    eventually(lambda: executions(running, video_id))
    time.sleep(1)
    assert executions(running, video_id) == [f"v{video_id}-r1-a1"]
    assert titled() == [video_id]


def test_a_deleted_video_stops_its_execution(admin: Browser, running: Run) -> None:
    begun = upload(admin, b"film")
    [name] = eventually(lambda: executions(running, begun["video_id"]))
    assert admin.delete(f"/video/{begun['video_id']}/").status == 200
    client = running.client("stepfunctions")
    arn = f"arn:aws:states:eu-central-1:000000000000:execution:videoflix-pipeline:{name}"
    # The deletion leaves a note, and what the note asks for is done a moment later.
    eventually(lambda: client.describe_execution(executionArn=arn)["status"] == "ABORTED")


def test_what_was_being_made_goes_on_after_a_restart(tmp_path: Path) -> None:
    local_run = LocalRun.at(tmp_path / "data")
    with local_run.running() as run:
        begun = upload(signed_in(run), b"film")
        names = eventually(lambda: executions(run, begun["video_id"]))
        assert names == [f"v{begun['video_id']}-r1-a1"]
    with local_run.running() as run:
        eventually(lambda: f"v{begun['video_id']}-r1-a2" in executions(run, begun["video_id"]))
        progress = signed_in(run).get(f"/video/{begun['video_id']}/progress/").json
        assert (progress["stage"], progress["failure"]) == ("queued", None)
