"""Commands for a stage between deploys: rotate its media signing key, remove a dead lock."""

from collections.abc import Mapping
from pathlib import Path

from infra.deploy import checks, settings
from infra.deploy.media_signing_keys import MediaSigningKeys
from infra.deploy.options import DeployOptions
from infra.deploy.stage_stacks import StageStacks
from infra.deploy.stages import Stage
from infra.deploy.state import DeployState
from infra.refusal import Refusal
from infra.terminal import say


def rotate(stage: Stage, root: Path, environ: Mapping[str, str]) -> None:
    """Sign media with a new key; URLs that the previous key signed stay valid."""
    stacks, state = _opened(stage, root, environ)
    with state.locked():
        # All other parameters of the edge stay as they are.
        stacks.parameters |= stacks.parameters_of("edge")
        secrets = stacks.account.client("secretsmanager")
        MediaSigningKeys(stacks, secrets).rotate()


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
    stacks.recall()
    if "StateBucket" not in stacks.outputs:
        raise Refusal(f"{stage.name} is not deployed here: make deploy STAGE={stage.name}")
    return stacks, DeployState(account.client("s3"), stacks.outputs["StateBucket"])
