"""`make deploy`: create or update a stage step by step; every step is idempotent."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from infra import placeholder
from infra.deploy import checks, settings
from infra.deploy.account import AwsAccount
from infra.deploy.build import build
from infra.deploy.functions import Functions
from infra.deploy.image import Registry
from infra.deploy.media_signing_keys import MediaSigningKeys
from infra.deploy.options import DeployOptions
from infra.deploy.pages import PublishedPages
from infra.deploy.smoke import SmokeTest
from infra.deploy.stage_stacks import StageStacks
from infra.deploy.stages import Stage
from infra.deploy.state import DeployState
from infra.stacks import SHARED
from infra.terminal import Refusal, say

# Stacks that do not depend on later steps.
_INDEPENDENT = ("registry", "network", *SHARED)

_CONTINUES = "Fix this and deploy again; the deploy continues where it stopped."
# A list of origins may not be empty, and the site's own is known only after the first edge.
_NO_ORIGIN = "https://none.invalid"


def up(stage: Stage, root: Path, environ: Mapping[str, str]) -> str:
    """Deploy the stage and return its URL; raise `Refusal` if that fails."""
    options = DeployOptions.load(root, stage, environ)
    return deploy_stage(stage, root, options, checks.account_of(environ))


def deploy_stage(stage: Stage, root: Path, options: DeployOptions, account: AwsAccount) -> str:
    checks.require(account, stage)
    say(f"Deploying {stage.prefix} to {account.number} in {account.region}")
    stacks = settings.stage_stacks(account, stage, options, root)
    stacks.create_or_update("state")
    state = DeployState(account.client("s3"), stacks.outputs["StateBucket"])
    with state.locked():
        try:
            return Deployment(stage, root, options, account, stacks, state).run()
        except Refusal as refusal:
            raise Refusal(f"{refusal}\n{_CONTINUES}") from refusal


@dataclass(frozen=True, slots=True)
class Deployment:
    stage: Stage
    root: Path
    options: DeployOptions
    account: AwsAccount
    stacks: StageStacks
    state: DeployState

    def run(self) -> str:
        started = time.monotonic()
        self.stacks.read_outputs()
        self.stacks.parameters |= self.media_signing_keys.known()
        self._pass_api_domain_to_edge()
        self._ensure_role_of_ecs()
        for stack in _INDEPENDENT:
            self._create_or_update(stack)
        self._create_or_update_transcoders()
        self._create_or_update_edge()
        self._deploy_functions()
        self._pass_api_domain_to_edge()
        self._create_or_update("edge")
        if not self.options.has_firewall and self.stacks.delete("firewall"):
            say("  removed: firewall")
        if self.options.alarm_email:
            self._create_or_update("watch")
        else:
            say("  skipped: watch (ALARM_EMAIL is not set)")
        self._publish_page()
        placeholder.ensure(self.account.client("s3"), self.stacks.outputs["MediaBucket"])
        self._print_dns_records()
        self._check()
        say(f"Done in {time.monotonic() - started:.0f} s: {self.site}")
        self._print_first_steps()
        return self.site

    @property
    def media_signing_keys(self) -> MediaSigningKeys:
        secrets = self.account.client("secretsmanager")
        return MediaSigningKeys(self.stacks, secrets)

    @property
    def functions(self) -> Functions:
        return Functions(self.account, self.state, self.stage.name)

    @property
    def site(self) -> str:
        """Return the URL of the site; "" before the first edge."""
        if not self.account.has("edge"):
            return self.options.media_url or self.account.endpoint
        return self.stacks.outputs.get("MediaUrl", "")

    def _create_or_update(self, stack: str) -> None:
        pages = settings.pages(self.options, self.site or _NO_ORIGIN)
        self.stacks.create_or_update(stack, PageOrigins=pages)

    def _ensure_role_of_ecs(self) -> None:
        """Create the role of ECS: without it the first cluster of an account fails."""
        if not self.account.has("transcoder"):
            return
        client = self.account.client("iam")
        service = "ecs.amazonaws.com"
        if not client.list_roles(PathPrefix=f"/aws-service-role/{service}/")["Roles"]:
            client.create_service_linked_role(AWSServiceName=service)

    def _create_or_update_transcoders(self) -> None:
        if not self.account.has("image"):
            self.stacks.skip("image")
        else:
            registry = Registry(
                self.account.client("ecr"), self.stacks.outputs["TranscoderRepository"]
            )
            self.stacks.parameters["TranscoderImage"] = registry.build_and_push(self.root)
        self._create_or_update("transcoder")

    def _create_or_update_edge(self) -> None:
        if self.options.has_firewall:
            self._create_or_update("firewall")
        else:
            self.stacks.parameters["WebAclArn"] = ""
        # A new edge gets its key at once, because each change of a distribution takes minutes.
        if not self.media_signing_keys.ensure():
            self._create_or_update("edge")
        # Its policy names the distribution, and its CORS the page.
        self._create_or_update("media")

    def _deploy_functions(self) -> None:
        folder = build(
            self.stage.name,
            prefix=self.stage.prefix,
            account=self.account.number,
            region=self.account.region,
            environment=settings.environment(self.options, self.stacks, self.site),
            target=self.root / ".local" / "build" / self.stage.name,
        )
        if self.functions.deploy(folder):
            say("  functions and API")

    def _pass_api_domain_to_edge(self) -> None:
        if domain := self.functions.api_domain:
            self.stacks.parameters["ApiDomain"] = domain

    def _publish_page(self) -> None:
        if not self.account.has("edge"):
            self.stacks.skip("page")
            return
        outputs = self.stacks.outputs
        if PublishedPages(self.account.client("s3"), outputs["WebBucket"]).publish(
            self.root / "web"
        ):
            self.account.client("cloudfront").create_invalidation(
                DistributionId=outputs["EdgeDistribution"],
                InvalidationBatch={
                    "Paths": {"Quantity": 2, "Items": ["/", "/index.html"]},
                    "CallerReference": str(time.time_ns()),
                },
            )
            say("  page")

    def _print_dns_records(self) -> None:
        """Print DNS records before the checks, which fail until the name resolves."""
        outputs = self.stacks.outputs
        if self.options.domain_name and (target := outputs.get("EdgeTarget")):
            say(f"  DNS: {self.options.domain_name} CNAME {target}")
        for name in sorted(outputs):
            if name.startswith("MailDkimRecord"):
                say(f"  DNS: {outputs[name].replace(' ', ' CNAME ', 1)}")

    def _check(self) -> None:
        has_edge = self.account.has("edge")
        smoke_test = SmokeTest(self.site) if has_edge else self.functions.smoke_test
        origin = (*self.options.origins, self.site)[0]
        for check in smoke_test.require_all(origin=origin, has_edge=has_edge):
            say(f"  checked: {check}")

    def _print_first_steps(self) -> None:
        bucket = self.stacks.outputs["UploadsBucket"]
        say(
            f"""
First steps:
  an administrator   .venv/bin/python -m infra.deploy admin {self.stage.name} you@example.com
  a video            aws s3 cp film.mp4 "s3://{bucket}/inbox/Drama/My film.mp4"
  the API's log      aws logs tail /aws/lambda/{self.stage.prefix} --follow"""
        )
