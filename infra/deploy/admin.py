"""Create or update an administrator of a deployed stage, by the rules of the API."""

import getpass
import os
import secrets
import sys
from collections.abc import Mapping

from infra import administrator
from infra.deploy import checks
from infra.deploy.account import Account
from infra.deploy.stages import Stage
from infra.refusal import Refusal
from infra.terminal import say

_NAMES = {"email": "Address", "password": "Password"}
_HANDLER = "videoflix-{stage}"


def admin(stage: Stage, email: str, environ: Mapping[str, str]) -> None:
    """Create or update the administrator; an empty answer to the prompt generates a password."""
    account = checks.account_of(environ)
    os.environ.update(_environment(account, stage))
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


def _environment(account: Account, stage: Stage) -> Mapping[str, str]:
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
