"""A whole deploy in order, with the real templates and a fake CloudFormation."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import boto3
import pytest
from moto import mock_aws

from infra.deploy import checks, up
from infra.deploy.account import AwsAccount
from infra.deploy.image import Registry
from infra.deploy.options import DeployOptions
from infra.deploy.smoke import SmokeTest
from infra.deploy.stages import DEV, PROD, Stage
from infra.terminal import Refusal
from tests.unit.infra.deploy.cloudformation import CloudFormation

REPOSITORY = Path(__file__).parents[4]
OPTIONS = {
    "MAIL_SENDER": "noreply@example.com",
    "ALLOWED_ORIGINS": "https://app.example.com",
    "ALARM_EMAIL": "ada@example.com",
    "FIREWALL": "on",
}
BUCKETS = ("statebucket", "mediabucket", "webbucket")


class Invalidations:
    def __init__(self) -> None:
        self.paths: list[Any] = []

    def create_invalidation(self, **request: Any) -> None:
        self.paths.append(request["InvalidationBatch"]["Paths"]["Items"])


@dataclass(frozen=True, slots=True)
class Aws(AwsAccount):
    """An account with a fake CloudFormation, and with buckets and secrets of moto."""

    clients: Any = None

    def client(self, service: str, region: str | None = None) -> Any:
        if service == "cloudformation":
            return self.clients.setdefault(region or self.region, CloudFormation())
        if service == "cloudfront":
            return self.clients.setdefault(service, Invalidations())
        client = cast("Any", self.session.client)
        return client(service, region_name="us-east-1" if service == "s3" else self.region)

    @property
    def changes(self) -> list[str]:
        return [
            change.removeprefix("videoflix-dev-")
            for client in self.clients.values()
            if isinstance(client, CloudFormation)
            for change in client.changes
        ]


@dataclass
class Functions:
    """A fake of the functions that Chalice deploys."""

    environments: list[dict[str, str]]
    broken: bool = False

    def build(self, stage: str, *, environment: dict[str, str], target: Path, **_: str) -> Path:
        assert stage == "dev"
        self.environments.append(environment)
        return target

    def deploy(self, _: Path) -> bool:
        if self.broken:
            raise Refusal("no")
        return True

    @property
    def api_domain(self) -> str:
        return "a1.execute-api.eu-central-1.amazonaws.com" if self.environments else ""


@pytest.fixture
def functions(monkeypatch: pytest.MonkeyPatch) -> Functions:
    functions = Functions([])
    monkeypatch.setattr(up, "build", functions.build)
    monkeypatch.setattr(up, "Functions", lambda *_: functions)
    monkeypatch.setattr(checks, "require", lambda *_: None)
    monkeypatch.setattr(Registry, "build_and_push", lambda *_: f"host/name@sha256:{'1' * 64}")
    monkeypatch.setattr(SmokeTest, "require_all", lambda *_, **__: ("all",))
    return functions


@pytest.fixture
def aws() -> Iterator[Aws]:
    with mock_aws():
        session = boto3.Session(region_name="eu-central-1")
        aws = Aws("123456789012", "eu-central-1", "", session, clients={})
        for bucket in BUCKETS:
            aws.client("s3").create_bucket(Bucket=f"videoflix-dev-{bucket}")
        aws.client("secretsmanager").create_secret(Name="videoflix-dev/media-keys")
        yield aws


def deploy(aws: Aws, stage: Stage = DEV, **more: str) -> str:
    options = DeployOptions.load(Path("/nowhere"), stage, {**OPTIONS, **more})
    return up.deploy_stage(stage, REPOSITORY, options, aws)


def parameters(aws: Aws, stack: str, region: str = "eu-central-1") -> dict[str, str]:
    created = aws.client("cloudformation", region).stacks[f"videoflix-dev-{stack}"]
    return {each["ParameterKey"]: each["ParameterValue"] for each in created["Parameters"]}


def test_the_edge_gets_the_apis_domain_and_the_api_the_edges_url(
    aws: Aws, functions: Functions
) -> None:
    assert deploy(aws) == "https://d1.cloudfront.net"
    edge = parameters(aws, "edge")
    assert edge["ApiDomain"] == functions.api_domain
    assert edge["PageOrigins"] == "https://app.example.com,https://d1.cloudfront.net"
    [environment] = functions.environments
    assert environment["MEDIA_URL"] == "https://d1.cloudfront.net"
    assert environment["ALLOWED_ORIGINS"] == edge["PageOrigins"]
    assert environment["CLIENT_ADDRESS_HEADER"]


def test_the_api_gets_links_of_mails_for_the_frontends_there_are(
    aws: Aws, functions: Functions
) -> None:
    links = "djoser * /activate/{uid}/{token} /reset/{uid}/{token}"
    deploy(aws, MAIL_LINKS=links, PLAIN_TEXT_ORIGINS="https://app.example.com")
    deploy(aws, ALLOWED_ORIGINS="none")
    first, second = functions.environments
    page = "https://app.example.com/pages/auth"
    assert first["MAIL_LINK_OFFICIAL_ACTIVATION"].startswith(f"{page}/activate.html?uid=")
    assert first["MAIL_LINK_OFFICIAL_RESET"].startswith(f"{page}/confirm_password.html?uid=")
    assert (first["MAIL_LINKS"], first["PLAIN_TEXT_ORIGINS"]) == (links, "https://app.example.com")
    assert [name for name in second if name.startswith(("MAIL_LINK", "PLAIN"))] == []


def test_transcoders_get_the_limit_of_damage(aws: Aws, functions: Functions) -> None:
    assert deploy(aws)
    assert parameters(aws, "transcoder")["LeastDecodablePercent"] == ""
    deploy(aws, LEAST_DECODABLE_PERCENT="60")
    assert parameters(aws, "transcoder")["LeastDecodablePercent"] == "60"
    assert functions.environments


def test_transcoders_make_the_file_of_120_lines_if_the_deploy_says_so(
    aws: Aws, functions: Functions
) -> None:
    deploy(aws)
    assert parameters(aws, "transcoder")["MakesMp4Files120p"] == "0"
    deploy(aws, MP4_FILES_120P="1")
    assert parameters(aws, "transcoder")["MakesMp4Files120p"] == "1"
    assert functions.environments


def test_a_first_deploy_changes_the_distribution_twice_and_a_second_one_nothing(
    aws: Aws, functions: Functions
) -> None:
    deploy(aws)
    assert aws.changes.count("edge") == 2
    before = len(aws.changes)
    deploy(aws)
    assert aws.changes[before:] == []
    assert functions.environments[0] == functions.environments[1]
    assert len(aws.client("cloudfront").paths) == 1


def test_a_new_edge_has_the_media_signing_key(aws: Aws, functions: Functions) -> None:
    deploy(aws)
    secret = aws.client("secretsmanager").get_secret_value(SecretId="videoflix-dev/media-keys")
    stack = aws.client("cloudformation").stacks["videoflix-dev-edge"]
    outputs = {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}
    assert json.loads(secret["SecretString"])["key_id"] == outputs["MediaKeyIdA"]
    assert functions.environments[0]["MEDIA_KEYS_SECRET"] == "videoflix-dev/media-keys"


def test_functions_that_fail_change_neither_page_nor_edge(aws: Aws, functions: Functions) -> None:
    functions.broken = True
    with pytest.raises(Refusal):
        deploy(aws)
    assert parameters(aws, "edge")["ApiDomain"] == ""
    assert "videoflix-dev-watch" not in aws.client("cloudformation").stacks
    functions.broken = False
    deploy(aws)
    assert parameters(aws, "edge")["ApiDomain"] == functions.api_domain


def test_the_firewall_is_optional_and_in_us_east_1(aws: Aws, functions: Functions) -> None:
    deploy(aws)
    assert "firewall" in aws.changes
    assert list(aws.client("cloudformation", "us-east-1").stacks) == ["videoflix-dev-firewall"]
    assert parameters(aws, "edge")["WebAclArn"] == "videoflix-dev-webaclarn"
    deploy(aws, FIREWALL="off")
    assert parameters(aws, "edge")["WebAclArn"] == ""
    assert not aws.client("cloudformation", "us-east-1").stacks
    assert functions.environments[-1] == functions.environments[0]


@pytest.mark.usefixtures("functions")
def test_a_page_on_the_domain_of_the_stage_is_named_once(aws: Aws, functions: Functions) -> None:
    deploy(aws, ALLOWED_ORIGINS="https://d1.cloudfront.net,https://app.example.com")
    expected = "https://d1.cloudfront.net,https://app.example.com"
    assert parameters(aws, "edge")["PageOrigins"] == expected
    assert functions.environments[0]["ALLOWED_ORIGINS"] == expected


@pytest.mark.usefixtures("functions")
def test_a_new_account_gets_the_role_of_ecs(aws: Aws) -> None:
    deploy(aws)
    deploy(aws)
    roles = aws.client("iam").list_roles(PathPrefix="/aws-service-role/ecs.amazonaws.com/")
    assert len(roles["Roles"]) == 1


@pytest.mark.usefixtures("functions")
def test_dns_records_are_printed_before_the_checks(
    aws: Aws, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise Refusal("no such name")

    monkeypatch.setattr(SmokeTest, "require_all", fail)
    certificate = f"arn:aws:acm:us-east-1:123456789012:certificate/{'a' * 36}"
    with pytest.raises(Refusal):
        deploy(aws, DOMAIN_NAME="film.example.com", CERTIFICATE_ARN=certificate)
    output = capsys.readouterr().out
    assert "DNS: film.example.com CNAME videoflix-dev-edgetarget" in output


@pytest.mark.usefixtures("functions")
def test_two_stages_may_have_one_sender(aws: Aws) -> None:
    aws.client("ses").verify_email_identity(EmailAddress="noreply@example.com")
    deploy(aws)
    assert parameters(aws, "mail")["SenderIdentity"] == "elsewhere"


@pytest.mark.usefixtures("functions")
def test_prod_is_protected_and_dev_is_not(aws: Aws) -> None:
    deploy(aws)
    assert parameters(aws, "accounts")["Protection"] == "off"
    deploy(aws, replace(PROD, name="dev"))
    assert parameters(aws, "accounts")["Protection"] == "on"
    assert parameters(aws, "watch")["MonthlyBudgetDollars"] == str(PROD.budget_dollars)
