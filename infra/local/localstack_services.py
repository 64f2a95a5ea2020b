"""Check the services of a LocalStack, and explain the effects of missing ones."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from infra.local.localstack import LocalStack, json_at
from infra.terminal import Refusal

# LocalStack loads a service at its first call; DynamoDB has to start an engine.
_LOADING = Config(
    connect_timeout=5, read_timeout=120, retries={"total_max_attempts": 1, "mode": "standard"}
)


@dataclass(frozen=True, slots=True)
class Need:
    """A service that is called: the effect of its absence, and a call that checks it."""

    purpose: str
    call: Callable[[Any], object]


NEEDED: Mapping[str, Need] = {
    "cloudformation": Need("nothing can be deployed", lambda aws: aws.describe_stacks()),
    "dynamodb": Need("accounts and videos have no tables", lambda aws: aws.list_tables()),
    "iam": Need("the pipeline has no role", lambda aws: aws.list_roles(MaxItems=1)),
    "s3": Need("sources and media have no buckets", lambda aws: aws.list_buckets()),
    "secretsmanager": Need("there are no signing keys", lambda aws: aws.list_secrets()),
    "sqs": Need("uploads, mails and tasks have no queues", lambda aws: aws.list_queues()),
    "stepfunctions": Need("nothing is encoded", lambda aws: aws.list_state_machines()),
}
# Without it everything else works.
MAIL = {
    "ses": Need(
        "no mail is sent, so that only the administrator can sign in",
        lambda aws: aws.list_identities(),
    )
}
# Services of AWS that local programs replace, by LocalStack's names.
REPLACED = {
    "apigateway": "the API is served by a program of this machine",
    "cloudfront": "pages and media come from the local edge, which checks signatures as well",
    "ecs": "transcoders are programs of this machine",
    "lambda": "functions are called by programs of this machine",
    "sesv2": "the sender of mails is made known to version 1 of SES",
}


def report(localstack: LocalStack, region: str) -> str:
    """Return a text about missing services; raise `Refusal` if a needed one is missing."""
    listed = _listed(localstack.url)
    broken = {**_broken(localstack.url, region, NEEDED), **_broken(localstack.url, region, MAIL)}
    if lacking := [name for name in broken if name in NEEDED]:
        meaning = "; ".join(f"without {name}, {NEEDED[name].purpose}" for name in lacking)
        why = "\n".join(f"  {name}: {broken[name]}" for name in lacking)
        raise Refusal(f"{localstack.name} lacks what cannot be done without: {meaning}.\n{why}")
    missing = {
        **{name: MAIL[name].purpose for name in broken},
        **{name: here for name, here in REPLACED.items() if name not in listed},
    }
    lines = [
        f"{localstack.name} ({localstack.version}) is used; it forgets everything when it ends."
    ]
    lines += [f"  It has no {name}: {meaning}." for name, meaning in missing.items()]
    return "\n".join(lines)


def _broken(url: str, region: str, needs: Mapping[str, Need]) -> dict[str, str]:
    """Call all services in parallel, and return errors by service."""
    from localstack_client.session import Session

    session = Session(region_name=region, localstack_host=urlsplit(url).netloc)

    def problem(name: str) -> str:
        with closing(session.client(name, config=_LOADING)) as client:
            try:
                needs[name].call(client)
            except (BotoCoreError, ClientError) as error:
                return str(error)
        return ""

    with ThreadPoolExecutor(len(needs)) as pool:
        return {
            name: text for name, text in zip(needs, pool.map(problem, needs), strict=True) if text
        }


def _listed(url: str) -> Mapping[str, str]:
    services: Mapping[str, str] = (json_at(url, "/_localstack/health") or {}).get("services", {})
    return services
