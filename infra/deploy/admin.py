"""Make an administrator of a stage: by the rules of the API, in the table of the account."""

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
    """Have an active administrator; an empty answer to the question makes up a password."""
    account = checks.account_of(environ)
    os.environ.update(_environment(account, stage))
    os.environ.setdefault("AWS_DEFAULT_REGION", account.region)
    password = _asked()
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
    """Read the settings from the API itself, so that both work on the same."""
    client = account.client("lambda")
    try:
        told = client.get_function_configuration(FunctionName=_HANDLER.format(stage=stage.name))
    except client.exceptions.ResourceNotFoundException:
        raise Refusal(
            f"{stage.name} is not deployed here: make deploy STAGE={stage.name}"
        ) from None
    variables: dict[str, str] = told["Environment"]["Variables"]
    return variables


def _asked() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    return getpass.getpass("Password (empty: one is made up): ")
