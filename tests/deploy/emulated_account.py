"""An emulated account with the stacks, and local programs beside a deployment by Chalice."""

import asyncio
import socket
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack, ExitStack, closing, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import boto3

from infra import placeholder, stacks
from infra.deploy.account import AwsAccount
from infra.deploy.options import DeployOptions
from infra.deploy.settings import environment
from infra.deploy.stage_stacks import StageStacks
from infra.deploy.stages import DEV
from infra.local import emulator
from infra.local.child_process import ChildProgram
from infra.local.data_folder import DataFolder
from infra.local.service import Service
from infra.local.settings import REGION, LocalSettings
from tests.browser import PAGE
from tests.integration.supervised import LocalRun

STAGE, ACCOUNT = DEV.name, "000000000000"
PREFIX = DEV.prefix
SENDER = "Videoflix <noreply@videoflix.test>"
# The local edge stands for CloudFront.
_LACKS = frozenset({"edge"})


@dataclass(frozen=True)
class EmulatedAccount:
    settings: LocalSettings
    outputs: Mapping[str, str]

    @property
    def mailbox_url(self) -> str:
        return self.settings.mailbox_url

    @property
    def output(self) -> str:
        """Return the log lines of the functions above the level of information."""
        with closing(self.client("logs")) as client:
            groups = client.describe_log_groups()["logGroups"]
            written = [
                event["message"]
                for group in groups
                for event in client.filter_log_events(logGroupName=group["logGroupName"])["events"]
            ]
        return "\n".join(line for line in written if '"level":"INFO"' not in line)

    @cached_property
    def programs_environment(self) -> dict[str, str]:
        return {**self.settings.environment(self.outputs), "PREFIX": PREFIX, "STAGE": STAGE}

    @property
    def functions_environment(self) -> dict[str, str]:
        """Return the functions' environment as a deploy builds it, without this machine's."""
        options = {"MAIL_SENDER": SENDER, "ALLOWED_ORIGINS": PAGE}
        account = AwsAccount(ACCOUNT, REGION, self.settings.aws_url, boto3.Session(), _LACKS)
        known = StageStacks(account, PREFIX, self.settings.data, {}, {**self.outputs})
        site = self.settings.edge_url
        return environment(DeployOptions.load(self.settings.data, DEV, options), known, site)

    def client(self, service: str) -> Any:
        """Return a client of boto3 that talks to the emulator."""
        session: Any = boto3.Session("local", "local", region_name=REGION)
        return session.client(service, endpoint_url=self.settings.aws_url)


@contextmanager
def emulated_account(data: Path) -> Iterator[EmulatedAccount]:
    settings = LocalRun.at(data, MAIL_SENDER=SENDER).settings
    folder = DataFolder(settings.data)
    with asyncio.Runner() as runner, folder.locked() as lock:
        stack = AsyncExitStack()
        try:
            aws = emulator.running(settings, folder.emulator, lock)
            runner.run(stack.enter_async_context(aws))
            yield _with_stacks(EmulatedAccount(settings, {}))
        finally:
            runner.run(stack.aclose())


def _with_stacks(bare: EmulatedAccount) -> EmulatedAccount:
    parameters = {**bare.settings.parameters, "MediaKeys": "here"}
    with closing(bare.client("cloudformation")) as client:
        outputs = stacks.deploy(client, prefix=PREFIX, parameters=parameters)
    with closing(bare.client("secretsmanager")) as client:
        secret = outputs["MEDIA_KEYS_SECRET"]
        client.put_secret_value(SecretId=secret, SecretString=emulator.fresh_pair())
    with closing(bare.client("s3")) as client:
        placeholder.put(client, outputs["MEDIA_BUCKET"])
    return EmulatedAccount(bare.settings, outputs)


@contextmanager
def serving(
    emulated: EmulatedAccount, module: str, port: int, **environment: str
) -> Iterator[None]:
    """Run one of the programs of `make run` that listen on a port."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", port)))
        stack.enter_context(running(emulated, module, listener.fileno(), **environment))
        yield


@contextmanager
def running(
    emulated: EmulatedAccount, module: str, *descriptors: int, **environment: str
) -> Iterator[None]:
    """Run one of the programs of `make run` beside the emulator."""
    service = Service(
        ChildProgram(
            name=module,
            arguments=(module, *map(str, descriptors)),
            environment={**emulated.programs_environment, **environment},
            folder=emulated.settings.root,
            descriptors=descriptors,
        )
    )
    with asyncio.Runner() as runner:
        try:
            assert runner.run(service.replace()), f"{module} does not start"
            yield
        finally:
            runner.run(service.stop())
