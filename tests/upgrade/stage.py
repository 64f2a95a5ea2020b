"""A deployed stage beside its emulated AWS: how it is deployed, and the programs around it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path

from infra import stacks
from infra.deploy.stages import DEV
from infra.local.settings import LocalSettings
from tests.browser import PAGE
from tests.deploy.emulated_account import SENDER, EmulatedAccount, running, serving
from tests.integration.supervised import PASSWORD
from tests.integration.wire import Address

_HOLD_DATA = {"Table", "Bucket", "Queue", "Secret", "StateMachine"}
ADMIN = "admin@videoflix.test"


@dataclass(frozen=True)
class Stage:
    settings: LocalSettings

    @property
    def account(self) -> EmulatedAccount:
        """The stage as it is deployed now."""
        bare = EmulatedAccount(self.settings, {})
        described = bare.client("cloudformation").describe_stacks()["Stacks"]
        outputs = {
            stacks.variable_of(each["OutputKey"]): each["OutputValue"]
            for stack in described
            for each in stack.get("Outputs", [])
        }
        keys = {"MEDIA_KEYS_SECRET": f"{DEV.prefix}/media-keys"}
        return EmulatedAccount(self.settings, {**outputs, **keys})

    @property
    def api_url(self) -> str:
        [api] = self.account.client("apigateway").get_rest_apis()["items"]
        return f"{self.settings.aws_url}/_aws/execute-api/{api['id']}/api"

    @property
    def address(self) -> Address:
        return Address(self.settings.edge_port)

    def holdings(self) -> dict[str, str]:
        """Return the physical ids of tables, buckets, queues, secrets and the like."""
        client = EmulatedAccount(self.settings, {}).client("cloudformation")
        return {
            f"{stack['StackName']}.{each['LogicalResourceId']}": each["PhysicalResourceId"]
            for stack in client.describe_stacks()["Stacks"]
            for each in client.describe_stack_resources(StackName=stack["StackName"])[
                "StackResources"
            ]
            if each["ResourceType"].rpartition("::")[2] in _HOLD_DATA
        }

    def deploy(self) -> str:
        return self._command("up", DEV.name)

    def confirm_the_sender(self) -> None:
        """Follow the link that SES sends; MiniStack takes an address it does not know for known."""
        ses = EmulatedAccount(self.settings, {}).client("ses")
        ses.verify_email_identity(EmailAddress=parseaddr(SENDER)[1])

    def make_admin(self) -> str:
        return self._command("admin", DEV.name, ADMIN, typed=PASSWORD)

    @contextmanager
    def edge(self, cache: Path) -> Iterator[None]:
        """The local edge and mailbox, as CloudFront and people's own mailboxes."""
        account, settings = self.account, self.settings
        environment = {
            "API_URL": self.api_url,
            "EDGE_CACHE": str(cache),
            "EDGE_CACHE_BYTES": str(10**8),
            **self._moved,
        }
        with ExitStack() as stack:
            mailbox = settings.mailbox_port
            stack.enter_context(serving(account, "infra.local.mailbox", mailbox, **self._moved))
            stack.enter_context(
                serving(account, "infra.local.edge", settings.edge_port, **environment)
            )
            yield

    @contextmanager
    def worker(self, folder: Path) -> Iterator[None]:
        folders = {"WORK_FOLDER": str(folder / "work"), "SOURCE_CACHE": str(folder / "sources")}
        with running(self.account, "infra.local.worker", **folders, **self._moved):
            yield

    @property
    def _moved(self) -> dict[str, str]:
        variables = self.settings.variables
        return {
            name: variables[name] for name in variables if "FAKE" in name or name == "LD_PRELOAD"
        }

    def transfer(self, *arguments: str) -> int:
        """Run `python -m infra.transfer` of the stage's code; return its exit code."""
        return self._ran("infra.transfer", *arguments, "--stage", DEV.name).returncode

    def _command(self, *arguments: str, typed: str = "") -> str:
        done = self._ran("infra.deploy", *arguments, typed=typed)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def _ran(
        self, module: str, *arguments: str, typed: str = ""
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", module, *arguments],
            cwd=self.settings.root,
            env=self._environment(),
            input=typed,
            capture_output=True,
            text=True,
            check=False,
        )

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "AWS_ENDPOINT_URL": self.settings.aws_url,
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_REGION": "eu-central-1",
            "AWS_DEFAULT_REGION": "eu-central-1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "MAIL_SENDER": SENDER,
            "ALLOWED_ORIGINS": PAGE,
            "MEDIA_URL": self.settings.edge_url,
            **self._moved,
        }
