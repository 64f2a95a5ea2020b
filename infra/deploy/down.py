"""`make destroy`: remove what runs, keep the data, and print how to delete them."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from infra.deploy import checks, settings
from infra.deploy.account import AwsAccount
from infra.deploy.build import build
from infra.deploy.functions import Functions
from infra.deploy.options import DeployOptions
from infra.deploy.pages import PublishedPages
from infra.deploy.stage_stacks import EVERYWHERE, ON_AWS, StageStacks
from infra.deploy.stages import Stage
from infra.deploy.state import DeployState
from infra.terminal import Refusal, say

# Stacks with videos, accounts, keys and the verified sender; without requests they cost little.
KEPT = ("state", "accounts", "catalogue", "viewing", "mail", "secrets", "media")


def down(stage: Stage, root: Path, environ: Mapping[str, str], *, may_delete_prod: bool) -> None:
    """Remove what runs; raise `Refusal` for a protected stage without `may_delete_prod`."""
    if stage.is_protected and not may_delete_prod:
        raise Refusal(
            f"{stage.name} is protected. To remove it all the same:  "
            f"python -m infra.deploy down {stage.name} --yes-delete-{stage.name}"
        )
    remove(stage, root, DeployOptions.load(root, stage, environ), checks.account_of(environ))


def remove(stage: Stage, root: Path, options: DeployOptions, account: AwsAccount) -> None:
    stacks = settings.stage_stacks(account, stage, options, root)
    stacks.read_outputs()
    if "StateBucket" not in stacks.outputs:
        raise Refusal(f"There is no {stage.prefix} in {account.number}, {account.region}.")
    say(f"Removing {stage.prefix} from {account.number} in {account.region}")
    state = DeployState(account.client("s3"), stacks.outputs["StateBucket"])
    with state.locked():
        _empty(account, stacks)
        for stack in _running_stacks(first=True):
            _delete(stacks, stack)
        _delete_functions(stage, root, stacks, state, options)
        # After the functions: while tasks wait, one of them starts new transcoders.
        if cluster := stacks.outputs.get("CrewCluster"):
            end_transcoders(account.client("ecs"), cluster)
        for stack in _running_stacks(first=False):
            _delete(stacks, stack)
    for line in _how_to_delete_data(stacks):
        say(line)


def _running_stacks(*, first: bool) -> Iterator[str]:
    """Yield the stacks to delete: before the functions their callers, after them the rest."""
    callers = ("watch", "edge", "firewall")
    if first:
        yield from callers
    else:
        rest = (*reversed(ON_AWS), *reversed(EVERYWHERE))
        yield from (stack for stack in rest if stack not in (*callers, *KEPT))


def _empty(account: AwsAccount, stacks: StageStacks) -> None:
    """Remove what blocks the deletion of stacks: the page and the images."""
    outputs = stacks.outputs
    if bucket := outputs.get("WebBucket"):
        PublishedPages(account.client("s3"), bucket).empty()
    if repository := outputs.get("TranscoderRepository", "").partition("/")[2]:
        _remove_images(account.client("ecr"), repository)


def end_transcoders(client: Any, cluster: str) -> None:
    """Stop all tasks and wait: a cluster or network with a task cannot be deleted."""
    for page in client.get_paginator("list_tasks").paginate(cluster=cluster):
        tasks = page["taskArns"]
        for task in tasks:
            client.stop_task(cluster=cluster, task=task, reason="the stage is removed")
        if tasks:
            client.get_waiter("tasks_stopped").wait(cluster=cluster, tasks=tasks)


def _remove_images(client: Any, repository: str) -> None:
    pages = client.get_paginator("list_images").paginate(repositoryName=repository)
    for page in pages:
        if page["imageIds"]:
            client.batch_delete_image(repositoryName=repository, imageIds=page["imageIds"])


def _delete(stacks: StageStacks, stack: str) -> None:
    if stacks.delete(stack):
        say(f"  removed: {stack}")


def _delete_functions(
    stage: Stage, root: Path, stacks: StageStacks, state: DeployState, options: DeployOptions
) -> None:
    folder = root / ".local" / "build" / stage.name
    if not folder.is_dir():
        build(
            stage.name,
            prefix=stage.prefix,
            account=stacks.account.number,
            region=stacks.account.region,
            environment=settings.environment(options, stacks, "https://gone.invalid"),
            target=folder,
        )
    if Functions(stacks.account, state, stage.name).delete(folder):
        say("  removed: functions and API")


def _how_to_delete_data(stacks: StageStacks) -> Iterator[str]:
    outputs, prefix = stacks.outputs, stacks.prefix
    yield "The data are kept; the next deploy uses them again."
    yield "To delete them for good, run every line; a part of them would block the next deploy:"
    for name in reversed(KEPT):
        yield f"  aws cloudformation delete-stack --stack-name {prefix}-{name}"
    for name in ("AccountsTable", "CatalogueTable", "ViewingTable"):
        table = outputs.get(name)
        yield (
            f"  aws dynamodb update-table --table-name {table} --no-deletion-protection-enabled; "
            f"aws dynamodb delete-table --table-name {table}"
        )
    for name in ("UploadsBucket", "MediaBucket"):
        yield f"  aws s3 rb --force s3://{outputs.get(name)}"
    # A bucket with versions cannot be deleted by one command.
    yield f"  empty and delete {outputs.get('StateBucket')} on the page of S3"
    for secret in ("signing-keys", "media-keys"):
        # Otherwise the name stays reserved for a month, and no deploy can use it.
        yield (
            f"  aws secretsmanager delete-secret --secret-id {prefix}/{secret} "
            "--force-delete-without-recovery"
        )
