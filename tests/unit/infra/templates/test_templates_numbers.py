"""A number of a template or of Chalice's configuration is the one of the code."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib.adapters.dynamodb.receipt_log import TAKEN_FOR
from chalicelib.adapters.dynamodb.upload_store import KEPT_FOR
from chalicelib.adapters.media_bucket import IMMUTABLE
from chalicelib.api.cors import PREFLIGHT_SECONDS
from chalicelib.encoding.retention import FAILED_ENCODES_KEPT_FOR
from chalicelib.encoding.task_queues import TaskQueue
from chalicelib.ingest.expiry import UPLOADS_KEPT_FOR
from infra.deploy import pages
from infra.local import gateway
from infra.local.pump import invocation
from tests.unit.infra.templates.reading import TEMPLATES, filled, resources
from transcoder import health, worker
from transcoder.probing.headers.choice import MOST_SOUNDS

CONFIG = json.loads(Path(".chalice/config.json").read_text(encoding="utf-8"))
RUNBOOK = " ".join(Path("docs/runbook.md").read_text(encoding="utf-8").split())
DEFAULTS = {
    name: parameter.get("Default")
    for content in TEMPLATES.values()
    for name, parameter in content["Parameters"].items()
}
# Visibility timeouts of the queues whose messages functions handle.
OF_FUNCTIONS = sorted(
    name for name in DEFAULTS if name.endswith("RetrySeconds") and name != "WorkRetrySeconds"
)
QUEUES = {
    filled(queue["QueueName"]).removeprefix("videoflix-dev-"): queue
    for _, _, queue in resources("SQS::Queue")
}


def lifecycle(bucket: str) -> list[dict[str, Any]]:
    properties = TEMPLATES["media"]["Resources"][bucket]["Properties"]
    rules: list[dict[str, Any]] = properties["LifecycleConfiguration"]["Rules"]
    return rules


def max_receives(queue: str) -> int:
    count = QUEUES[queue]["RedrivePolicy"]["maxReceiveCount"]
    return int(DEFAULTS[count["Ref"]] if isinstance(count, dict) else count)


def test_a_task_is_hidden_for_as_long_as_a_heartbeat_hides_it() -> None:
    assert DEFAULTS["WorkRetrySeconds"] == worker.HIDDEN_SECONDS


def test_a_heartbeat_may_be_lost_before_a_task_reappears_or_its_worker_is_unwell() -> None:
    assert 2 * worker.BEAT_SECONDS < worker.HIDDEN_SECONDS
    assert 2 * max(worker.BEAT_SECONDS, worker.WAIT_SECONDS) < health.FRESH_SECONDS


def test_a_worker_refuses_a_task_before_its_queue_gives_it_up() -> None:
    tasks = [name for name in QUEUES if name.startswith("work") and not name.endswith("-dead")]
    assert len(tasks) == len(TaskQueue)
    [most] = {max_receives(name) for name in tasks}
    assert worker._MOST_TRIES < worker.MOST_DELIVERIES < most
    assert f"`worker_lost` at the {worker.MOST_DELIVERIES + 1}th delivery" in RUNBOOK


def test_a_task_may_take_longer_than_it_may_be_silent() -> None:
    assert DEFAULTS["WorkLimitSeconds"] > DEFAULTS["WorkPatienceSeconds"]
    hours = {6: "six"}[DEFAULTS["WorkPatienceSeconds"] // 3600]
    assert f"it fails the encode after {hours} hours" in RUNBOOK


@pytest.mark.parametrize("name", OF_FUNCTIONS)
def test_messages_are_hidden_for_six_times_the_timeout_of_their_function(name: str) -> None:
    assert len(OF_FUNCTIONS) > 1
    assert DEFAULTS[name] == 6 * CONFIG["lambda_timeout"]
    [description] = {
        content["Parameters"][name]["Description"]
        for content in TEMPLATES.values()
        if name in content["Parameters"]
    }
    assert f"six times the timeout of the function ({CONFIG['lambda_timeout']} s)" in description


def test_a_source_is_taken_for_as_long_as_its_function_may_run() -> None:
    assert CONFIG["lambda_functions"]["on_upload"].keys() == {"iam_policy_file"}
    assert TAKEN_FOR.total_seconds() == CONFIG["lambda_timeout"]


def test_functions_on_this_machine_have_the_limits_of_lambda() -> None:
    assert CONFIG["lambda_timeout"] * 1000 == invocation._MILLISECONDS
    assert CONFIG["lambda_memory_size"] == invocation._MEGABYTES
    assert CONFIG["minimum_compression_size"] == gateway.SMALLEST_COMPRESSED
    # API Gateway gives up before Lambda does.
    assert CONFIG["lambda_timeout"] * 1000 > gateway.LAMBDA_MILLISECONDS
    edge = TEMPLATES["edge"]["Resources"]["Edge"]["Properties"]["DistributionConfig"]
    origins = [each.get("Fn::If", ["", each])[1] for each in edge["Origins"]]
    [api] = [each["CustomOriginConfig"] for each in origins if "CustomOriginConfig" in each]
    assert api["OriginReadTimeout"] * 1000 > gateway.LAMBDA_MILLISECONDS


@pytest.mark.parametrize("bucket", ["Uploads", "Media"])
def test_parts_are_kept_by_the_bucket_as_long_as_their_upload_is(bucket: str) -> None:
    assert {"DaysAfterInitiation": KEPT_FOR.days} in [
        rule.get("AbortIncompleteMultipartUpload") for rule in lifecycle(bucket)
    ]
    assert timedelta(days=KEPT_FOR.days) == KEPT_FOR > UPLOADS_KEPT_FOR


def test_plans_and_reports_are_kept_longer_than_a_failed_encode() -> None:
    [kept] = [rule["ExpirationInDays"] for rule in lifecycle("Media") if "Prefix" in rule]
    assert kept > FAILED_ENCODES_KEPT_FOR.days


def test_the_edge_caches_for_as_long_as_objects_say() -> None:
    edge = TEMPLATES["edge"]["Resources"]
    for name in ("ForEver", "AsPagesSay"):
        longest = edge[name]["Properties"]["CachePolicyConfig"]["MaxTTL"]
        assert f"max-age={longest}, immutable" == IMMUTABLE
    usual = edge["AsPagesSay"]["Properties"]["CachePolicyConfig"]["DefaultTTL"]
    assert f"s-maxage={usual}," in pages._ASK_EVERY_TIME


def test_a_preflight_of_the_bucket_is_valid_as_long_as_one_of_the_edge() -> None:
    media = TEMPLATES["media"]["Resources"]["Media"]["Properties"]
    [rule] = media["CorsConfiguration"]["CorsRules"]
    assert rule["MaxAge"] == PREFLIGHT_SECONDS


def test_all_audio_tracks_are_encoded_at_once() -> None:
    template = Path("infra/templates/pipeline.yaml").read_text(encoding="utf-8")
    [at_once] = re.findall(r'"\$\.plan\.audio", "MaxConcurrency": (\d+)', template)
    assert int(at_once) == MOST_SOUNDS


@pytest.mark.parametrize(
    ("queue", "sentence"),
    [
        ("mail", "Mails failed {} times"),
        ("work", "A task was delivered {} times without an answer."),
        ("uploads", "Processing the notification of an upload failed {} times."),
        ("uploads", "Each is retried {} times, for half an hour in all"),
    ],
)
def test_the_runbook_counts_attempts_as_the_queues_do(queue: str, sentence: str) -> None:
    assert sentence.format({10: "ten", 20: "twenty"}[max_receives(queue)]) in RUNBOOK


def test_the_registry_keeps_as_many_images_as_it_says() -> None:
    policy = TEMPLATES["registry"]["Resources"]["Transcoders"]["Properties"]["LifecyclePolicy"]
    [rule] = json.loads(policy["LifecyclePolicyText"])["rules"]
    words = {10: "Ten"}[rule["selection"]["countNumber"]]
    assert rule["description"] == f"{words} are enough to go back to."


def test_the_description_of_attempts_at_a_mail_has_its_numbers() -> None:
    description = TEMPLATES["mail"]["Parameters"]["MailAttempts"]["Description"]
    attempts, pause = DEFAULTS["MailAttempts"], DEFAULTS["MailRetrySeconds"]
    assert f"{attempts} at {pause} s take an hour" in description
    assert attempts * pause // 3600 == 1
