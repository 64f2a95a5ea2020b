"""Every alarm uses existing metrics, sends a notification, and has a section in the runbook."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chalicelib.encoding.task_queues import TaskQueue
from tests.unit.infra.templates.reading import TEMPLATES, filled, resources

RUNBOOK = Path("docs/runbook.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^### (\S+)\n(.*?)(?=^##|\Z)", RUNBOOK, re.MULTILINE | re.DOTALL))
COMMANDS = "".join(re.findall(r"```sh\n(.*?)```", RUNBOOK, re.DOTALL))
ALARMS = {logical_id: alarm for _, logical_id, alarm in resources("CloudWatch::Alarm")}
CODE = "".join(
    path.read_text(encoding="utf-8")
    for folder in ("chalicelib", "transcoder")
    for path in Path(folder).rglob("*.py")
)


def name_of(alarm: dict[str, Any]) -> str:
    return filled(alarm["AlarmName"]).removeprefix("videoflix-dev-")


def metrics(alarm: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Yield namespace, name and dimensions of the metrics of an alarm."""
    parts = [
        each["MetricStat"]["Metric"] for each in alarm.get("Metrics", []) if "MetricStat" in each
    ]
    for metric in parts or ([alarm] if "MetricName" in alarm else []):
        dimensions = {each["Name"]: filled(each["Value"]) for each in metric.get("Dimensions", [])}
        yield metric["Namespace"], metric["MetricName"], dimensions


@pytest.mark.parametrize("alarm", ALARMS.values(), ids=ALARMS)
def test_an_alarm_names_its_section_of_the_runbook_which_has_commands(
    alarm: dict[str, Any],
) -> None:
    text = filled(alarm["AlarmDescription"])
    assert text.endswith(f" docs/runbook.md#{name_of(alarm)}")
    assert "```sh\n" in SECTIONS[name_of(alarm)]


@pytest.mark.parametrize("alarm", ALARMS.values(), ids=ALARMS)
def test_an_alarm_is_sent_and_missing_data_raise_none(alarm: dict[str, Any]) -> None:
    assert alarm["AlarmActions"] == [{"Ref": "Alarms"}]
    assert alarm["TreatMissingData"] == "notBreaching"


@pytest.mark.parametrize(
    ("name", "sentence", "threshold", "seconds"),
    [
        ("MailWaits", "The oldest mail has waited for 15 minutes.", 15 * 60, 0),
        ("UploadsWaits", "notification of an upload has waited for 15 minutes", 15 * 60, 0),
        ("WorkWaits", "Tasks have waited for half an hour", 0, 30 * 60),
        ("FilmsFail", "Three encodes or more failed within an hour.", 3, 3600),
        ("TasksBreak", "Ten attempts at tasks or more failed within 15 minutes", 10, 15 * 60),
        ("ApiIsSlow", "One answer in a hundred takes three seconds or more.", 3000, 0),
        ("MailsBounce", "Three mails in a hundred bounce.", 0.03, 0),
        ("MailsAreSpam", "One reader in two thousand reports our mails as spam", 0.0005, 0),
    ],
)
def test_the_runbook_says_when_an_alarm_is_sent(
    name: str, sentence: str, threshold: float, seconds: int
) -> None:
    alarm = ALARMS[name]
    assert sentence in " ".join(SECTIONS[name_of(alarm)].split())
    assert alarm["Threshold"] == threshold
    stats = [each["MetricStat"] for each in alarm.get("Metrics", []) if "MetricStat" in each]
    [period] = {
        each["Period"] for each in [*alarm.get("Metrics", []), *stats, alarm] if "Period" in each
    }
    assert seconds in (0, period * alarm["EvaluationPeriods"])


def test_every_section_of_the_runbook_has_an_alarm() -> None:
    assert set(SECTIONS) == {name_of(alarm) for alarm in ALARMS.values()}


def test_every_reference_inside_the_runbook_has_a_target() -> None:
    referred = set(re.findall(r"\]\(#([\w-]+)\)", RUNBOOK))
    assert referred
    assert referred <= set(SECTIONS)


def test_every_dead_letter_queue_has_an_alarm() -> None:
    queues = {filled(queue["QueueName"]) for _, _, queue in resources("SQS::Queue")}
    watched = {
        dimensions["QueueName"]
        for alarm in ALARMS.values()
        for namespace, _, dimensions in metrics(alarm)
        if namespace == "AWS/SQS"
    }
    dead = {queue for queue in queues if queue.endswith("-dead")}
    # Kept for functions of the version before, whose errors `functions-fail` counts.
    assert dead - watched == {"videoflix-dev-crew-dead"}
    assert watched <= queues


def test_the_alarm_of_waiting_tasks_watches_all_task_queues() -> None:
    watched = [
        (name, dimensions["QueueName"]) for _, name, dimensions in metrics(ALARMS["WorkWaits"])
    ]
    assert sorted(watched) == sorted(
        (name, f"videoflix-dev-{queue}")
        for queue in TaskQueue
        for name in ("ApproximateNumberOfMessagesVisible", "ApproximateNumberOfMessagesNotVisible")
    )
    # CloudWatch allows at most ten metrics in one alarm.
    assert len(watched) <= 10
    identifiers = {each["Id"] for each in ALARMS["WorkWaits"]["Metrics"] if "MetricStat" in each}
    sums = [each["Expression"] for each in ALARMS["WorkWaits"]["Metrics"] if "Expression" in each]
    assert set(re.findall(r"FILL\((\w+), 0\)", " ".join(sums))) == identifiers


def test_the_dashboard_shows_every_queue_of_tasks() -> None:
    body = filled(TEMPLATES["watch"]["Resources"]["Dashboard"]["Properties"]["DashboardBody"])
    assert [queue for queue in TaskQueue if f'"videoflix-dev-{queue}"' not in body] == []


def test_our_own_metrics_have_the_names_in_the_code() -> None:
    ours = {
        (name, frozenset(dimensions))
        for alarm in ALARMS.values()
        for namespace, name, dimensions in metrics(alarm)
        if namespace == "Videoflix"
    }
    for name, dimensions in ours:
        more = sorted(dimensions - {"service"})
        counted = rf'count\("{name}"' + "".join(rf", {each}=" for each in more)
        assert re.search(counted, CODE), name
    assert len(ours) >= 4


def test_the_transcoder_has_the_service_name_of_the_alarms() -> None:
    task = TEMPLATES["transcoder"]["Resources"]["Transcoder"]["Properties"]
    environment = {
        each["Name"]: each["Value"] for each in task["ContainerDefinitions"][0]["Environment"]
    }
    assert filled(environment["PREFIX"]) == "videoflix-dev"


def test_a_budget_has_no_fixed_name() -> None:
    # For another recipient, CloudFormation creates a new budget before it deletes the old one.
    [(_, _, budget)] = resources("Budgets::Budget")
    assert "BudgetName" not in budget["Budget"]


def test_the_query_over_all_tasks_uses_the_metric_of_the_code() -> None:
    [query] = [each for each in ALARMS["TasksBreak"]["Metrics"] if each["Id"] == "broken"]
    assert (
        'SUM(TaskBroke) FROM SCHEMA("Videoflix", service, task)' in query["Expression"]["Fn::Sub"]
    )
    assert 'count("TaskBroke", task=' in CODE


def test_every_function_is_watched_by_its_name_in_chalice() -> None:
    app = Path("app.py").read_text(encoding="utf-8")
    handlers = set(re.findall(r"^def (on_\w+)", app, re.MULTILINE))
    expected = {"videoflix-dev", *(f"videoflix-dev-{name}" for name in handlers)}
    for logical_id in ("FunctionsFail", "FunctionsThrottled"):
        names = {each["FunctionName"] for _, _, each in metrics(ALARMS[logical_id])}
        assert names == expected


def test_the_dashboard_is_valid_json() -> None:
    body = TEMPLATES["watch"]["Resources"]["Dashboard"]["Properties"]["DashboardBody"]
    widgets = json.loads(filled(body))["widgets"]
    positions = {(each["x"], each["y"]) for each in widgets}
    assert len(positions) == len(widgets) >= 6


def test_the_runbook_names_existing_queues() -> None:
    used = set(re.findall(r"^(?:waiting|peek|again) ([\w-]+)", RUNBOOK, re.MULTILINE))
    queues = {
        filled(queue["QueueName"]).removeprefix("videoflix-dev-")
        for _, _, queue in resources("SQS::Queue")
    }
    assert used
    assert used <= queues


def test_log_lines_that_the_runbook_selects_are_in_the_code() -> None:
    selected = set(re.findall(r'[ \'?]"([a-z]+(?:[ _][a-z]+)+)"[ \']', COMMANDS))
    assert len(selected) > 5
    assert [line for line in sorted(selected) if f'"{line}"' not in CODE] == []


def test_the_commands_of_the_runbook_are_bash() -> None:
    parsed = subprocess.run(
        ["bash", "-n"],  # noqa: S607 - an operator's
        check=False,
        input=COMMANDS,
        capture_output=True,
        text=True,
    )
    assert (parsed.returncode, parsed.stderr) == (0, "")
