"""Requirements of a deploy, checked before any change; each failure is one sentence."""

import shutil
import subprocess
from collections.abc import Callable, Mapping

from botocore.exceptions import BotoCoreError, ClientError

from infra.deploy import runtime
from infra.deploy.account import AwsAccount
from infra.deploy.build import reserved_concurrency
from infra.deploy.stages import Stage
from infra.terminal import Refusal, say

Check = Callable[[AwsAccount, Stage], str]
# New accounts may run ten functions at a time, which a few sign-ins need already.
_FEW_FUNCTIONS = 50
# The daily quota in the sandbox of SES.
_SANDBOX_MAILS = 200
# The concurrency that AWS requires to stay unreserved.
_LEFT_FOR_ALL = 100
_QUOTA_URL = "https://console.aws.amazon.com/servicequotas/home/services/lambda/quotas/L-B99A9384"


def account_of(environ: Mapping[str, str]) -> AwsAccount:
    """Return the account of the credentials; raise `Refusal` if there are none that work."""
    try:
        account = AwsAccount.of(environ)
    except (BotoCoreError, ClientError) as error:
        raise Refusal(
            f"AWS does not accept the credentials: {error} Try `aws sts get-caller-identity`; "
            "AWS_PROFILE chooses a profile and AWS_REGION a region."
        ) from error
    if not account.region:
        raise Refusal("No region is chosen: set AWS_REGION, as in AWS_REGION=eu-central-1.")
    return account


def require(account: AwsAccount, stage: Stage) -> None:
    """Raise `Refusal` with all problems; print notes about what is only inconvenient."""
    needed = (_python, _docker, _reserved)
    missing = [problem for check in needed if (problem := check(account, stage))]
    if missing:
        raise Refusal("\n".join(missing))
    if account.is_aws:
        for notice in (_sandbox, _concurrency):
            if text := notice(account, stage):
                say(f"  note: {text}")


def _python(account: AwsAccount, _: Stage) -> str:
    if account.is_aws:
        try:
            runtime.require_lambda()
        except runtime.WrongPython as wrong:
            return str(wrong)
    return ""


def _docker(account: AwsAccount, _: Stage) -> str:
    if not account.has("image"):
        return ""
    docker = shutil.which("docker")
    if docker is None:
        return "Docker is not installed; the transcoder's image is built with it."
    runs = subprocess.run([docker, "info"], capture_output=True, check=False)
    return "" if runs.returncode == 0 else "Docker does not run: start it, then deploy again."


def _sandbox(account: AwsAccount, _: Stage) -> str:
    quota = account.client("ses").get_send_quota()
    # -1 is no limit.
    if not 0 <= quota["Max24HourSend"] <= _SANDBOX_MAILS:
        return ""
    return (
        "SES is in its sandbox, and mails only addresses that have confirmed themselves. "
        "Ask for production access: https://console.aws.amazon.com/ses/home#/account"
    )


def _reserved(account: AwsAccount, stage: Stage) -> str:
    reserved = reserved_concurrency(stage.name)
    if not (account.is_aws and reserved):
        return ""
    at_once = _at_once(account)
    if at_once >= reserved + _LEFT_FOR_ALL:
        return ""
    return (
        f"{stage.name} reserves places for {reserved} Lambda functions at a time, and this account "
        f"has {at_once}. Ask for 1000 at {_QUOTA_URL} or take `reserved_concurrency` out of "
        ".chalice/config.json."
    )


def _concurrency(account: AwsAccount, _: Stage) -> str:
    at_once = _at_once(account)
    if at_once >= _FEW_FUNCTIONS:
        return ""
    return f"this account runs {at_once} Lambda functions at a time. Ask for more at {_QUOTA_URL}"


def _at_once(account: AwsAccount) -> int:
    limits = account.client("lambda").get_account_settings()["AccountLimit"]
    return int(limits["ConcurrentExecutions"])
