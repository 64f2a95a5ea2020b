"""Numbers of the templates and of Chalice's configuration that the cost depends on."""

import json
import re
from dataclasses import dataclass

from infra.root import ROOT, TEMPLATE_FOLDER

_RESOURCE = re.compile(
    r"^  \w+:\n(?=(?:    .*\n)*?    Type: ([\w:]+))((?:(?:    .*)?\n)+)", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Described:
    secrets: int
    alarm_metrics: int
    dashboards: int
    firewall_rules: int
    transcoder_cpus: float
    transcoder_gb: float
    # Without the 20 GB that are free.
    transcoder_disk_gb: int
    transcoder_idle_seconds: int
    transcoders_at_most: int
    images_kept: int
    api_gb: float
    # Of the functions that handle events.
    function_gb: float

    @classmethod
    def load(cls) -> "Described":
        transcoder = _text("transcoder")
        functions = json.loads((ROOT / ".chalice/config.json").read_text())
        api = functions["lambda_functions"]["api_handler"]["lambda_memory_size"]
        alarms = _resources(_text("watch"), "AWS::CloudWatch::Alarm")
        return cls(
            secrets=len(_resources(_text("secrets"), "AWS::SecretsManager::Secret")),
            alarm_metrics=sum(max(1, each.count("MetricStat:")) for each in alarms),
            dashboards=len(_resources(_text("watch"), "AWS::CloudWatch::Dashboard")),
            firewall_rules=len(re.findall(r"^ +Priority: \d", _text("firewall"), re.MULTILINE)),
            transcoder_cpus=_default(transcoder, "TranscoderCpu") / 1024,
            transcoder_gb=_default(transcoder, "TranscoderMemoryMb") / 1024,
            transcoder_disk_gb=max(0, _default(transcoder, "TranscoderDiskGb") - 20),
            transcoder_idle_seconds=_default(transcoder, "IdleSeconds"),
            transcoders_at_most=4,
            images_kept=_number(_text("registry"), r'"countNumber": (\d+)'),
            api_gb=api / 1024,
            function_gb=functions["lambda_memory_size"] / 1024,
        )


def _text(stack: str) -> str:
    return (ROOT / TEMPLATE_FOLDER / f"{stack}.yaml").read_text(encoding="utf-8")


def _resources(template: str, kind: str) -> list[str]:
    return [match[2] for match in _RESOURCE.finditer(template) if match[1] == kind]


def _default(template: str, parameter: str) -> int:
    return _number(template, rf"^  {parameter}:\n(?:    .*\n)*?    Default: (\d+)")


def _number(template: str, pattern: str) -> int:
    match = re.search(pattern, template, re.MULTILINE)
    if match is None:
        raise ValueError(f"no template has the number {pattern}")
    return int(match[1])
