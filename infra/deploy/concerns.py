"""The stacks of one stage: each is brought up when its turn comes, knowing what came before it."""

from dataclasses import dataclass, field
from pathlib import Path

from mypy_boto3_cloudformation import CloudFormationClient

from infra import stacks
from infra.deploy.account import Account
from infra.refusal import Refusal
from infra.terminal import say

# In the order in which one needs the other.
EVERYWHERE = ("state", "accounts", "catalogue", "mail", "secrets", "media", "pipeline")
ON_AWS = ("registry", "network", "transcoder", "firewall", "edge", "watch")
# What CloudFront wears is made where CloudFront lives.
_REGIONS = {"firewall": "us-east-1"}
# Whose outputs are no parameters, for a person says what they are.
_ASKED = frozenset({"MailSender"})


@dataclass(slots=True)
class Concerns:
    account: Account
    prefix: str
    folder: Path
    # Of all templates; each takes what it declares.
    parameters: dict[str, str]
    outputs: dict[str, str] = field(default_factory=dict)
    skipped: set[str] = field(default_factory=set)

    def recall(self) -> None:
        """Learn what an earlier deploy made, so that this one passes it from the start."""
        for concern in (*EVERYWHERE, *ON_AWS):
            if self.account.has(concern):
                self.outputs |= stacks.outputs_of(self._client(concern), self._name(concern))

    def bring_up(self, concern: str, **more: str) -> dict[str, str]:
        """Have the stack as it should be; raise `Refusal` if it cannot be had."""
        if not self.account.has(concern):
            self.skip(concern)
            return {}
        self.parameters |= more
        template = self.folder / f"{concern}.yaml"
        before = self._moment(concern)
        known = {name: self.outputs[name] for name in self.outputs.keys() - _ASKED}
        try:
            made = stacks.bring_up(
                self._client(concern),
                prefix=self.prefix,
                parameters={**known, **self.parameters},
                template=template,
            )
        except stacks.StackFailed as failure:
            raise Refusal(str(failure)) from failure
        if self._moment(concern) != before:
            say(f"  {concern}")
        self.outputs |= made
        return made

    def skip(self, step: str) -> None:
        """Say once that this step is not to be had here."""
        if step not in self.skipped:
            self.skipped.add(step)
            say(f"  skipped: {step} (not to be had at {self.account.endpoint})")

    def given(self, concern: str) -> dict[str, str]:
        """Return the parameters the stack has now; none if it is not there."""
        if not self.account.has(concern):
            return {}
        return stacks.parameters_of(self._client(concern), self._name(concern))

    def delete(self, concern: str) -> bool:
        if not self.account.has(concern):
            return False
        try:
            return stacks.delete(self._client(concern), self._name(concern))
        except stacks.StackFailed as failure:
            raise Refusal(str(failure)) from failure

    @property
    def environment(self) -> dict[str, str]:
        return {stacks.variable_of(name): value for name, value in self.outputs.items()}

    def _moment(self, concern: str) -> object:
        return stacks.moment_of(self._client(concern), self._name(concern))

    def _client(self, concern: str) -> CloudFormationClient:
        client: CloudFormationClient = self.account.client("cloudformation", _REGIONS.get(concern))
        return client

    def _name(self, concern: str) -> str:
        return f"{self.prefix}-{concern}"
