"""What is done to a stage between deploys: another key, and a sign that nobody takes down."""

from collections.abc import Mapping
from pathlib import Path

from infra.deploy import checks, settings
from infra.deploy.concerns import Concerns
from infra.deploy.media_keys import MediaKeys
from infra.deploy.shelf import Shelf
from infra.deploy.stages import Stage
from infra.deploy.wishes import Wishes
from infra.refusal import Refusal
from infra.terminal import say


def rotate(stage: Stage, root: Path, environ: Mapping[str, str]) -> None:
    """Sign media with a new key; addresses signed with the last one stay good."""
    concerns, shelf = _opened(stage, root, environ)
    with shelf.alone():
        # All else of the edge stays as it is.
        concerns.parameters |= concerns.given("edge")
        secrets = concerns.account.client("secretsmanager")
        MediaKeys(concerns, secrets, f"{stage.prefix}/media-keys").rotate()


def unlock(stage: Stage, root: Path, environ: Mapping[str, str]) -> None:
    _, shelf = _opened(stage, root, environ)
    shelf.open_the_door()
    say("The next deploy may begin.")


def _opened(stage: Stage, root: Path, environ: Mapping[str, str]) -> tuple[Concerns, Shelf]:
    wishes = Wishes.load(root, stage, environ)
    account = checks.account_of(environ)
    concerns = settings.concerns(account, stage, wishes, root / "infra")
    concerns.recall()
    if "StateBucket" not in concerns.outputs:
        raise Refusal(f"{stage.name} is not deployed here: make deploy STAGE={stage.name}")
    return concerns, Shelf(account.client("s3"), concerns.outputs["StateBucket"])
