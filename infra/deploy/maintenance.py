"""Commands for a stage between deploys: a new media signing key, unlock, an administrator."""

import getpass
import os
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path

from infra import administrator
from infra.deploy import checks, settings
from infra.deploy.account import AwsAccount
from infra.deploy.media_signing_keys import MediaSigningKeys
from infra.deploy.options import DeployOptions
from infra.deploy.stage_stacks import StageStacks
from infra.deploy.stages import Stage
from infra.deploy.state import DeployState
from infra.terminal import Refusal, say

_NAMES = {"email": "Address", "password": "Password"}
_HANDLER = "videoflix-{stage}"


def rotate(stage: Stage, root: Path, environ: Mapping[str, str]) -> None:
    """Sign media with a new key; URLs that the previous key signed stay valid."""
    stacks, state = _opened(stage, root, environ)
    with state.locked():
        # All other parameters of the edge stay as they are.
        stacks.parameters |= stacks.parameters_of("edge")
        client = stacks.account.client("secretsmanager")
        MediaSigningKeys(stacks, client).rotate()


def unlock(stage: Stage, root: Path, environ: Mapping[str, str]) -> None:
    _, state = _opened(stage, root, environ)
    state.unlock()
    say("The next deploy may begin.")


def _opened(
    stage: Stage, root: Path, environ: Mapping[str, str]
) -> tuple[StageStacks, DeployState]:
    options = DeployOptions.load(root, stage, environ)
    account = checks.account_of(environ)
    stacks = settings.stage_stacks(account, stage, options, root)
    stacks.read_outputs()
    if "StateBucket" not in stacks.outputs:
        raise Refusal(f"{stage.name} is not deployed here: make deploy STAGE={stage.name}")
    return stacks, DeployState(account.client("s3"), stacks.outputs["StateBucket"])


def admin(stage: Stage, email: str, environ: Mapping[str, str]) -> None:
    """Create or update the administrator; an empty answer to the prompt generates a password."""
    account = checks.account_of(environ)
    os.environ.update(environment_of(account, stage))
    os.environ.setdefault("AWS_DEFAULT_REGION", account.region)
    password = _prompted_password()
    chosen = password or secrets.token_urlsafe(18)
    from chalicelib.errors import DomainError

    try:
        administrator.ensure(email=email, password=chosen, names=_NAMES)
    except DomainError as error:
        raise Refusal(str(error)) from error
    say(f"{email} is an administrator of {stage.name}.")
    if not password:
        say(f"The password is {chosen}")


def environment_of(account: AwsAccount, stage: Stage) -> Mapping[str, str]:
    """Return the settings of the deployed API, so that both use the same tables."""
    client = account.client("lambda")
    try:
        configuration = client.get_function_configuration(
            FunctionName=_HANDLER.format(stage=stage.name)
        )
    except client.exceptions.ResourceNotFoundException:
        raise Refusal(
            f"{stage.name} is not deployed here: make deploy STAGE={stage.name}"
        ) from None
    variables: dict[str, str] = configuration["Environment"]["Variables"]
    return variables


def _prompted_password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    return getpass.getpass("Password (empty: one is generated): ")
