"""The version that serves now, saved so that a failed deploy can restore it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from infra.deploy.account import AwsAccount

_PATIENCE_SECONDS = 60
# The parts of a function's configuration that Chalice sets.
_SET = ("Handler", "Runtime", "Timeout", "MemorySize", "Role", "Layers")


@dataclass(frozen=True, slots=True)
class _Function:
    name: str
    digest: str
    configuration: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Previous:
    account: AwsAccount
    functions: Sequence[_Function]
    # The zips, by their digest: all functions share one.
    zips: Mapping[str, bytes]
    api_id: str
    api_stage: str
    deployment_id: str

    @classmethod
    def of(
        cls,
        account: AwsAccount,
        resources: Sequence[Mapping[str, str]],
        api_id: str,
        api_stage: str,
    ) -> "Previous":
        functions, zips = [], {}
        client = account.client("lambda")
        for resource in resources:
            if resource["resource_type"] != "lambda_function":
                continue
            try:
                function = client.get_function(FunctionName=resource["lambda_arn"])
            except client.exceptions.ResourceNotFoundException:
                continue
            configuration = function["Configuration"]
            digest = configuration["CodeSha256"]
            if digest not in zips:
                zips[digest] = _fetched(function["Code"]["Location"])
            functions.append(_Function(resource["lambda_arn"], digest, _settable(configuration)))
        return cls(
            account, functions, zips, api_id, api_stage, deployment_of(account, api_id, api_stage)
        )

    @property
    def exists(self) -> bool:
        return bool(self.deployment_id and self.functions)

    def restore(self) -> None:
        """Restore every function and the API."""
        client = self.account.client("lambda")
        for function in self.functions:
            now = client.get_function_configuration(FunctionName=function.name)
            if _settable(now) != function.configuration:
                client.update_function_configuration(
                    FunctionName=function.name, **function.configuration
                )
                client.get_waiter("function_updated_v2").wait(FunctionName=function.name)
            if now["CodeSha256"] != function.digest:
                client.update_function_code(
                    FunctionName=function.name, ZipFile=self.zips[function.digest]
                )
                client.get_waiter("function_updated_v2").wait(FunctionName=function.name)
        if deployment_of(self.account, self.api_id, self.api_stage) != self.deployment_id:
            change = {"op": "replace", "path": "/deploymentId", "value": self.deployment_id}
            self.account.client("apigateway").update_stage(
                restApiId=self.api_id, stageName=self.api_stage, patchOperations=[change]
            )


def _settable(configuration: Mapping[str, Any]) -> dict[str, Any]:
    settable = {name: configuration[name] for name in _SET if name in configuration}
    if "Layers" in settable:
        settable["Layers"] = [layer["Arn"] for layer in settable["Layers"]]
    variables = configuration.get("Environment", {}).get("Variables", {})
    return {**settable, "Environment": {"Variables": variables}}


def _fetched(url: str) -> bytes:
    return httpx.get(url, timeout=_PATIENCE_SECONDS).raise_for_status().content


def deployment_of(account: AwsAccount, api_id: str, api_stage: str) -> str:
    """Return the id of the deployment that serves; "" if there is none."""
    if not api_id:
        return ""
    client = account.client("apigateway")
    try:
        stage = client.get_stage(restApiId=api_id, stageName=api_stage)
    except client.exceptions.NotFoundException:
        return ""
    return str(stage["deploymentId"])
