"""The Lambda functions and their API: Chalice deploys them if they have changed."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from infra.deploy.account import AwsAccount
from infra.deploy.build import fingerprint
from infra.deploy.chalice_project import record_file
from infra.deploy.previous import Previous, deployment_of
from infra.deploy.smoke import SmokeTest
from infra.deploy.state import DeployState
from infra.root import ROOT
from infra.terminal import Refusal, say

API_STAGE = "api"
# A new role takes a while to be known everywhere.
_PATIENCE_SECONDS = 30
_EMULATED_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Functions:
    account: AwsAccount
    state: DeployState
    stage: str

    @property
    def api_id(self) -> str:
        """Return the id of the API; "" if there is none yet."""
        apis = [each for each in self._resources() if each["resource_type"] == "rest_api"]
        return apis[0]["rest_api_id"] if apis else ""

    @property
    def api_domain(self) -> str:
        suffix = "amazonaws.com.cn" if self.account.region.startswith("cn-") else "amazonaws.com"
        region = self.account.region
        return f"{self.api_id}.execute-api.{region}.{suffix}" if self.api_id else ""

    @property
    def smoke_test(self) -> SmokeTest:
        """Return the smoke test of the API at its own URL, without the edge."""
        if self.account.is_aws:
            base = f"https://{self.api_domain}"
            return SmokeTest(base, api=f"/{API_STAGE}/api", patience_seconds=_PATIENCE_SECONDS)
        path = f"/restapis/{self.api_id}/{API_STAGE}/_user_request_/api"
        return SmokeTest(self.account.endpoint, api=path, patience_seconds=_EMULATED_SECONDS)

    def deploy(self, folder: Path) -> bool:
        """Deploy the build folder; False if it is deployed already."""
        # Another version of Chalice makes another deployment of the same folder.
        current = f"{version('chalice')} {fingerprint(folder)}"
        is_current = self.state.read(self._fingerprint_name) == current
        if is_current and deployment_of(self.account, self.api_id, API_STAGE):
            return False
        previous = Previous.of(self.account, self._resources(), self.api_id, API_STAGE)
        self.state.forget(self._fingerprint_name)
        try:
            self._chalice("deploy", folder)
            self.smoke_test.require_healthy()
        except Refusal as refusal:
            if not previous.exists:
                raise
            say("  it failed; the old version is restored")
            previous.restore()
            raise Refusal(f"{refusal}\nThe old version still serves.") from refusal
        self.state.write(self._fingerprint_name, current)
        return True

    def delete(self, folder: Path) -> bool:
        if not self._resources():
            return False
        self._chalice("delete", folder)
        self.state.forget(self._fingerprint_name)
        self.state.forget(self._record_name)
        return True

    def _chalice(self, action: str, folder: Path) -> None:
        record = record_file(folder, self.stage)
        record.unlink(missing_ok=True)
        if kept := self.state.read(self._record_name):
            record.parent.mkdir(parents=True, exist_ok=True)
            record.write_text(kept, encoding="utf-8")
        command = [sys.executable, "-m", "infra.deploy.chalice_project", action]
        try:
            done = subprocess.run(
                [*command, str(folder), self.stage],
                cwd=ROOT,
                env={**os.environ, "AWS_DEFAULT_REGION": self.account.region},
                capture_output=True,
                text=True,
                check=False,
            )
        finally:
            if record.is_file():
                self.state.write(self._record_name, record.read_text(encoding="utf-8"))
        if done.returncode != 0:
            output = (done.stderr or done.stdout).strip()[-3000:]
            raise Refusal(f"Chalice could not {action} the functions:\n{output}")

    def _resources(self) -> list[dict[str, str]]:
        resources: list[dict[str, str]] = json.loads(
            self.state.read(self._record_name) or "{}"
        ).get("resources", [])
        return resources

    @property
    def _record_name(self) -> str:
        return f"chalice/{self.stage}.json"

    @property
    def _fingerprint_name(self) -> str:
        return f"chalice/{self.stage}.fingerprint"
