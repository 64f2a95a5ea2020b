"""The CloudFormation stacks of one stage, created or updated one after the other."""

from dataclasses import dataclass, field
from pathlib import Path

from mypy_boto3_cloudformation import CloudFormationClient

from infra import stacks
from infra.deploy.account import AwsAccount
from infra.terminal import Refusal, say

# In order of their dependencies.
EVERYWHERE = ("state", *stacks.SHARED)
ON_AWS = ("registry", "network", "transcoder", "firewall", "edge", "watch")
# A web ACL for CloudFront exists in this region only.
_REGIONS = {"firewall": "us-east-1"}
# Outputs whose values for other stacks come from the options.
_FROM_OPTIONS = frozenset({"MailSender"})


@dataclass(slots=True)
class StageStacks:
    account: AwsAccount
    prefix: str
    folder: Path
    # Of all templates; each stack gets those that its template declares.
    parameters: dict[str, str]
    outputs: dict[str, str] = field(default_factory=dict)
    skipped: set[str] = field(default_factory=set)

    def read_outputs(self) -> None:
        """Read the outputs of an earlier deploy, so that this one passes them from the start."""
        for stack in (*EVERYWHERE, *ON_AWS):
            if self.account.has(stack):
                self.outputs |= stacks.outputs_of(self._client(stack), self._name(stack))

    def create_or_update(self, stack: str, **more: str) -> dict[str, str]:
        """Create or update the stack; raise `Refusal` if that fails."""
        if not self.account.has(stack):
            self.skip(stack)
            return {}
        self.parameters |= more
        template = self.folder / f"{stack}.yaml"
        before = self._last_changed(stack)
        known = {name: self.outputs[name] for name in self.outputs.keys() - _FROM_OPTIONS}
        try:
            outputs = stacks.create_or_update(
                self._client(stack),
                prefix=self.prefix,
                parameters={**known, **self.parameters},
                template=template,
            )
        except stacks.StackFailed as failure:
            raise Refusal(str(failure)) from failure
        if self._last_changed(stack) != before:
            say(f"  {stack}")
        self.outputs |= outputs
        return outputs

    def skip(self, step: str) -> None:
        """Report once that this account does not have the service for this step."""
        if step not in self.skipped:
            self.skipped.add(step)
            say(f"  skipped: {step} (not available at {self.account.endpoint})")

    def parameters_of(self, stack: str) -> dict[str, str]:
        """Return the parameters the stack has now; none if it is not there."""
        if not self.account.has(stack):
            return {}
        return stacks.parameters_of(self._client(stack), self._name(stack))

    def delete(self, stack: str) -> bool:
        if not self.account.has(stack):
            return False
        try:
            return stacks.delete(self._client(stack), self._name(stack))
        except stacks.StackFailed as failure:
            raise Refusal(str(failure)) from failure

    @property
    def environment(self) -> dict[str, str]:
        return {stacks.variable_of(name): value for name, value in self.outputs.items()}

    def _last_changed(self, stack: str) -> object:
        return stacks.last_changed(self._client(stack), self._name(stack))

    def _client(self, stack: str) -> CloudFormationClient:
        client: CloudFormationClient = self.account.client("cloudformation", _REGIONS.get(stack))
        return client

    def _name(self, stack: str) -> str:
        return f"{self.prefix}-{stack}"
