"""The build of the zip: policies, pruned packages, and a fingerprint."""

import gzip
import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from chalice.config import Config
from chalice.deploy.appgraph import ApplicationGraphBuilder

import app
from infra.deploy import build, dependencies, policies, pruning, runtime
from infra.deploy.policies import UnknownPlaceholder
from infra.deploy.runtime import WrongPython

CONFIG = json.loads(Path(".chalice/config.json").read_text())
POLICIES = {
    function: json.loads(Path(".chalice", own["iam_policy_file"]).read_text())
    for function, own in CONFIG["lambda_functions"].items()
}
NAMES = policies.names(
    prefix="videoflix-dev",
    account="123456789012",
    region="eu-central-1",
    sender="Videoflix <no-reply@example.com>",
)


def statements(function: str) -> Any:
    return POLICIES[function]["Statement"]


def test_every_function_of_the_app_has_its_settings_and_its_policy() -> None:
    handlers = {each.name for each in app.app.pure_lambda_functions}
    handlers |= {each.name for each in app.app.event_sources}
    assert CONFIG["lambda_functions"].keys() == {"api_handler", *handlers}
    assert {path.name for path in Path(".chalice").glob("policy-*.json")} == {
        own["iam_policy_file"] for own in CONFIG["lambda_functions"].values()
    }


@pytest.mark.parametrize("function", POLICIES)
def test_no_policy_has_wildcards(function: str) -> None:
    text = json.dumps(POLICIES[function])
    actions = re.findall(r'"([a-z0-9]+:[A-Za-z*]+)"', text)
    assert not [action for action in actions if "*" in action]
    wide = [each["Sid"] for each in statements(function) if each["Resource"] == "*"]
    # The action has no resource type; the condition names the cluster.
    assert wide == (["CountTranscoders"] if function == "on_work_waiting" else [])
    arns = re.findall(r'"(arn:[^"]+)"', text)
    assert arns
    # Neither of another region, nor of another account.
    assert not [arn for arn in arns if "*" in arn.split(":")[:5]]


@pytest.mark.parametrize("function", POLICIES)
def test_a_policy_is_filled_in(function: str) -> None:
    text = policies.rendered(json.dumps(POLICIES[function]), {**NAMES, "Function": "f"})
    assert "${" not in text
    assert "arn:aws:logs:eu-central-1:123456789012:log-group:/aws/lambda/f:*" in text


def test_function_names_are_those_of_chalice() -> None:
    config = Config.create(
        chalice_app=app.app,
        config_from_disk=CONFIG,
        app_name=CONFIG["app_name"],
        chalice_stage="dev",
        project_dir=".",
    )
    resources: list[Any] = ApplicationGraphBuilder().build(config, "dev").resources
    functions = [getattr(each, "lambda_function", each) for each in resources]
    assert {each.resource_name: each.function_name for each in functions} == {
        name: policies.function_name("videoflix-dev", name) for name in POLICIES
    }


def test_the_sender_of_mails_is_the_bare_address() -> None:
    assert NAMES["SenderAddress"] == "no-reply@example.com"


def test_other_partitions_have_their_own_names() -> None:
    names = [
        policies.names(prefix="p", account="1", region=region, sender="")["Partition"]
        for region in ("cn-north-1", "us-gov-west-1", "us-east-1")
    ]
    assert names == ["aws-cn", "aws-us-gov", "aws"]


def test_a_placeholder_without_a_value_is_refused() -> None:
    with pytest.raises(UnknownPlaceholder, match="Unknown"):
        policies.rendered("${Prefix} ${Unknown}", NAMES)


def test_a_python_that_aws_cannot_run_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 11, 9))
    with pytest.raises(WrongPython, match=r"make deploy PYTHON=python3\.13"):
        runtime.require_lambda()
    monkeypatch.setattr(sys, "version_info", (3, 13, 0))
    runtime.require_lambda()


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    """A folder of packages, with files that are read and files that are not."""
    for name in (
        *("botocore/data/s3/1/paginators-1.json", "botocore/data/ec2/1/paginators-1.json"),
        *("botocore/data/_retry.json", "botocore/data/partitions.json", "boto3/data/s3/1.json"),
        *("argon2_cffi-25.dist-info/METADATA", "argon2_cffi-25.dist-info/RECORD"),
        *("argon2_cffi_bindings-1.dist-info/METADATA", "six-1.dist-info/METADATA"),
        *("cffi/api.py", "six.py", "jwt/py.typed", "jwt/api.py", "pynamodb/tests/x.py"),
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("{}")
    return tmp_path


def test_files_that_are_never_read_are_removed(packages: Path) -> None:
    pruning.prune(packages)
    left = {str(each.relative_to(packages)) for each in packages.rglob("*") if each.is_file()}
    assert left == {
        "argon2_cffi-25.dist-info/METADATA",
        "botocore/data/_retry.json",
        "botocore/data/partitions.json",
        "botocore/data/s3/1/paginators-1.json",
        "jwt/api.py",
        "six.py",
    }


def test_descriptions_lose_their_texts_and_a_linked_file_keeps_them(tmp_path: Path) -> None:
    services: Any = {"s3": {"endpoints": {}}, "ec2": {"endpoints": {}}}
    cached = tmp_path / "cached.json"
    cached.write_text(json.dumps({"partitions": [{"services": services}]}))
    data = tmp_path / "data"
    (data / "s3").mkdir(parents=True)
    os.link(cached, data / "endpoints.json")
    shapes = {"documentation": "text", "members": {"documentation": {"shape": "Text"}}}
    (data / "s3" / "service-2.json.gz").write_bytes(gzip.compress(json.dumps(shapes).encode()))
    pruning.shorten(data)
    shortened = json.loads((data / "s3" / "service-2.json").read_text())
    assert shortened == {"documentation": "", "members": {"documentation": {"shape": "Text"}}}
    (partition,) = json.loads((data / "endpoints.json").read_text())["partitions"]
    assert partition["services"].keys() == {"s3"}
    assert "ec2" in cached.read_text()


def test_the_catalogues_of_languages_are_in_the_zip(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Without the packages, which would be fetched.
    monkeypatch.setattr(dependencies, "provide", lambda: tmp_path / "packages")
    project = build.build(
        "dev",
        prefix="p",
        account="1",
        region="eu-central-1",
        environment={},
        target=tmp_path / "zip",
    )
    folder = Path("chalicelib/api/languages")
    catalogues = {each.name: each.read_bytes() for each in folder.iterdir()}
    assert {each.name: each.read_bytes() for each in (project / folder).iterdir()} == catalogues
    assert "de.json" in catalogues


def test_a_fingerprint_ignores_what_chalice_writes(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("1")
    first = build.fingerprint(tmp_path)
    for name in (".chalice/deployed/dev.json", ".chalice/deployments/x.zip", "__pycache__/app.pyc"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert build.fingerprint(tmp_path) == first
    (tmp_path / "app.py").rename(tmp_path / "other.py")
    assert build.fingerprint(tmp_path) != first
