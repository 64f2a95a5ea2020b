"""Every test runs without AWS, without a network and without inherited settings."""

import importlib
import os
import pkgutil
import threading
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

from chalicelib import wiring
from tests import faster
from tests.cloudfront import make_distribution
from tests.fakes.clock import HandClock
from transcoder.sandbox.runner import Sandbox

faster.install()

MEDIA_SECRET = "videoflix/media-keys"
_AUTH_PAGES = "http://127.0.0.1:5500/pages/auth"
os.environ.update(
    AWS_ACCESS_KEY_ID="test",
    AWS_SECRET_ACCESS_KEY="test",
    AWS_DEFAULT_REGION="eu-central-1",
    STAGE="local",
    ACCOUNTS_TABLE="videoflix-accounts",
    CATALOGUE_TABLE="videoflix-catalogue",
    VIEWING_TABLE="videoflix-viewing",
    UPLOADS_BUCKET="videoflix-uploads",
    MEDIA_BUCKET="videoflix-media",
    MEDIA_URL="http://127.0.0.1:8080",
    MEDIA_KEYS_SECRET=MEDIA_SECRET,
    PIPELINE_ARN="arn:aws:states:eu-central-1:123456789012:stateMachine:videoflix-pipeline",
    MAIL_QUEUE_URL="https://sqs.eu-central-1.amazonaws.com/123456789012/videoflix-mail",
    CHANGES_QUEUE_URL="https://sqs.eu-central-1.amazonaws.com/123456789012/videoflix-changes",
    WORK_QUEUE_URL="https://sqs.eu-central-1.amazonaws.com/123456789012/videoflix-work",
    MAIL_SENDER="Videoflix <noreply@videoflix.test>",
    MAIL_LINK_OFFICIAL_ACTIVATION=_AUTH_PAGES + "/activate.html?uid={uid}&token={token}",
    MAIL_LINK_OFFICIAL_RESET=_AUTH_PAGES + "/confirm_password.html?uid={uid}&token={token}",
    SIGNING_KEYS_SECRET="videoflix/signing-keys",
    ALLOWED_ORIGINS="http://127.0.0.1:5500,http://localhost:4200",
)
for inherited in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_SESSION_TOKEN"):
    os.environ.pop(inherited, None)

FIRST_KEY = "k" * 64

# Their tests talk to programs on this machine.
_USE_SOCKETS = ("container", "deploy", "integration", "localstack", "players", "upgrade")
# A run ends sooner when no long file begins at its end.
_LONGEST_FIRST = {name: at for at, name in enumerate((*_USE_SOCKETS, "media", "dialects", "api"))}
# Counting lines takes as long again as the test, and all that these reach, others reach too.
_COUNT_NO_LINES = (*_USE_SOCKETS, "architecture", "dialects")


def pytest_itemcollected(item: pytest.Item) -> None:
    folder = _folder(item)
    if folder in _USE_SOCKETS:
        item.add_marker(pytest.mark.enable_socket)
    if folder in _COUNT_NO_LINES:
        item.add_marker(pytest.mark.no_cover)


def pytest_xdist_auto_num_workers() -> int:
    """Use a worker more than there are processors: tests with programs of their own often wait."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with those that take long, and keep stories in the order they are written in."""
    positions: dict[Path, list[int]] = {}
    for position, item in enumerate(items):
        if item.get_closest_marker("story"):
            positions.setdefault(item.path, []).append(position)
    for story in positions.values():
        written = sorted((items[position] for position in story), key=_line_of)
        for position, item in zip(story, written, strict=True):
            items[position] = item
    items.sort(key=lambda item: _LONGEST_FIRST.get(_folder(item), len(_LONGEST_FIRST)))


def _folder(item: pytest.Item) -> str:
    return item.path.relative_to(Path(__file__).parent).parts[0]


def _line_of(item: pytest.Item) -> int:
    return item.location[1] or 0


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def sandbox(tmp_path: Path) -> Sandbox:
    return Sandbox(tmp_path, threading.Event())


def forget_wiring() -> None:
    """Build every use case, client and setting anew when it is next needed."""
    for module in pkgutil.iter_modules(wiring.__path__, f"{wiring.__name__}."):
        for provider in vars(importlib.import_module(module.name)).values():
            if hasattr(provider, "cache_clear"):
                provider.cache_clear()


@pytest.fixture(autouse=True)
def _fresh_wiring() -> Iterator[None]:
    yield
    forget_wiring()


@pytest.fixture
def cloud() -> Iterator[None]:
    """An empty AWS account with our resources in it."""
    with mock_aws():
        make_resources()
        yield


def make_resources() -> None:
    from chalicelib.adapters.dynamodb import account_tables, catalogue_tables, viewing_tables

    account_tables.bind(accounts=os.environ["ACCOUNTS_TABLE"])
    account_tables.AccountItem.create_table(billing_mode="PAY_PER_REQUEST")
    catalogue_tables.bind(catalogue=os.environ["CATALOGUE_TABLE"])
    catalogue_tables.CatalogueItem.create_table(billing_mode="PAY_PER_REQUEST")
    viewing_tables.bind(viewing=os.environ["VIEWING_TABLE"])
    viewing_tables.ProgressItem.create_table(billing_mode="PAY_PER_REQUEST")
    for queue in ("videoflix-mail", "videoflix-changes"):
        boto3.client("sqs").create_queue(QueueName=queue)
    for bucket in (os.environ["UPLOADS_BUCKET"], os.environ["MEDIA_BUCKET"]):
        boto3.client("s3").create_bucket(
            Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
        )
    boto3.client("secretsmanager").create_secret(
        Name=os.environ["SIGNING_KEYS_SECRET"], SecretString=f'{{"0": "{FIRST_KEY}"}}'
    )
    boto3.client("ses").verify_email_identity(EmailAddress="noreply@videoflix.test")


@pytest.fixture
def state_machine(cloud: None) -> str:  # noqa: ARG001
    """A pipeline that can be asked to begin, and does nothing."""
    return make_state_machine()


def make_state_machine() -> str:
    made = boto3.client("stepfunctions").create_state_machine(
        name="videoflix-pipeline",
        definition='{"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}',
        roleArn="arn:aws:iam::123456789012:role/pipeline",
    )
    assert made["stateMachineArn"] == os.environ["PIPELINE_ARN"]
    return str(made["stateMachineArn"])


@pytest.fixture
def distribution(cloud: None, monkeypatch: pytest.MonkeyPatch) -> str:  # noqa: ARG001
    """An edge on AWS that takes invalidations."""
    made = make_distribution()
    monkeypatch.setenv("EDGE_DISTRIBUTION", made)
    forget_wiring()
    return made
