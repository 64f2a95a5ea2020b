"""What must be there before anything is changed; each thing missing is one sentence."""

import shutil
import subprocess
from collections.abc import Callable, Mapping

from botocore.exceptions import BotoCoreError, ClientError

from infra.deploy import runtime
from infra.deploy.account import Account
from infra.deploy.wishes import Wishes
from infra.local.refusal import Refusal
from infra.local.terminal import say

Check = Callable[[Account, Wishes], str]
# New accounts get ten functions at a time, and the sign-ins of one page ask for that many.
_FEW_FUNCTIONS = 50


def account_of(environ: Mapping[str, str]) -> Account:
    """Return the account of the credentials; raise `Refusal` if there are none that work."""
    try:
        account = Account.of(environ)
    except (BotoCoreError, ClientError) as error:
        raise Refusal(
            f"AWS does not know you: {error} Try `aws sts get-caller-identity`; AWS_PROFILE "
            "chooses a profile and AWS_REGION a region."
        ) from error
    if not account.region:
        raise Refusal("No region is chosen: set AWS_REGION, as in AWS_REGION=eu-central-1.")
    return account


def require(account: Account, wishes: Wishes) -> None:
    """Raise `Refusal` with all that is missing; say what is only inconvenient."""
    missing = [problem for check in (_python, _docker) if (problem := check(account, wishes))]
    if missing:
        raise Refusal("\n".join(missing))
    if account.is_aws:
        for notice in (_sandbox, _concurrency):
            if text := notice(account, wishes):
                say(f"  note: {text}")


def _python(account: Account, _: Wishes) -> str:
    if account.is_aws:
        try:
            runtime.require_lambda()
        except runtime.WrongPython as wrong:
            return str(wrong)
    return ""


def _docker(account: Account, _: Wishes) -> str:
    if not account.has("image"):
        return ""
    docker = shutil.which("docker")
    if docker is None:
        return "Docker is not installed; the transcoder's image is built with it."
    runs = subprocess.run([docker, "info"], capture_output=True, check=False)
    return "" if runs.returncode == 0 else "Docker does not run: start it, then deploy again."


def _sandbox(account: Account, _: Wishes) -> str:
    quota = account.client("ses").get_send_quota()
    # What AWS grants before it has been asked.
    if quota["Max24HourSend"] > 200:  # noqa: PLR2004
        return ""
    return (
        "SES is in its sandbox, and mails only addresses that have confirmed themselves. "
        "Ask for production access: https://console.aws.amazon.com/ses/home#/account"
    )


def _concurrency(account: Account, _: Wishes) -> str:
    limits = account.client("lambda").get_account_settings()["AccountLimit"]
    at_once = limits["ConcurrentExecutions"]
    if at_once >= _FEW_FUNCTIONS:
        return ""
    return (
        f"this account runs {at_once} Lambda functions at a time. Ask for more at "
        "https://console.aws.amazon.com/servicequotas/home/services/lambda/quotas/L-B99A9384"
    )
