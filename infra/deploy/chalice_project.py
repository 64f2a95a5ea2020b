"""Run Chalice on a build folder, and keep its record even if it fails half way."""

import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError
from chalice.awsclient import ResourceDoesNotExistError
from chalice.cli.factory import CLIFactory
from chalice.deploy.deployer import ChaliceDeploymentError
from chalice.utils import UI

Resource = Mapping[str, Any]
# Codes of Lambda, EventBridge and CloudWatch, of IAM, and of API Gateway.
# Of functions with a copy of the catalogue, by the end of their names; the first is the API. With
# the longest texts in two languages, 100,000 videos take 3.3 GB, and saving them 7.7 GB.
DISK_MB: Mapping[str, int] = {
    "": 4096,
    "-on_upload": 4096,
    "-on_bulk_change": 4096,
    "-on_sweep": 8192,
}
_GONE = frozenset({"ResourceNotFoundException", "NoSuchEntity", "NotFoundException"})


def record_file(folder: Path, stage: str) -> Path:
    return folder / ".chalice" / "deployed" / f"{stage}.json"


def merged(before: Iterable[Resource], created: Iterable[Resource]) -> list[Resource]:
    """Return the resources after an interrupted deploy: the old ones and the new ones."""
    stored = {resource["name"]: resource for resource in before}
    for resource in created:
        stored[resource["name"]] = {**stored.get(resource["name"], {}), **resource}
    return list(stored.values())


def deploy(folder: Path, stage: str) -> None:
    factory, config = _opened(folder, stage)
    session = factory.create_botocore_session()
    days = config.scope(stage, "api_handler").log_retention_in_days
    name = f"{config.app_name}-{stage}"
    ensure_log_of_api(session.create_client("logs"), name, days)
    deployer = factory.create_default_deployer(session, config, UI())
    try:
        deployer.deploy(config, chalice_stage_name=stage)
    except BaseException:
        # Chalice writes its record only at the end; without it the next deploy makes a second API.
        created = deployer._executor.resource_values  # noqa: SLF001
        _keep(record_file(folder, stage), created)
        raise
    ensure_disk(session.create_client("lambda"), name)


def delete(folder: Path, stage: str) -> None:
    factory, config = _opened(folder, stage)
    deployer = factory.create_deletion_deployer(factory.create_botocore_session(), UI())
    executor: Any = deployer._executor  # noqa: SLF001
    # Its record lists every resource until all are deleted, also those that are gone already.
    executor._client = Lenient(executor._client)  # noqa: SLF001
    deployer.deploy(config, chalice_stage_name=stage)


def ensure_log_of_api(logs: Any, function: str, days: int) -> None:
    """Create the function's log group, which Chalice gives another name and its role may not."""
    name = f"/aws/lambda/{function}"
    # No look-up first: Chalice's matches every name that begins with this one.
    with suppress(logs.exceptions.ResourceAlreadyExistsException):
        logs.create_log_group(logGroupName=name)
    logs.put_retention_policy(logGroupName=name, retentionInDays=days)


def ensure_disk(functions: Any, api: str) -> None:
    """Give functions the disk that a large catalogue takes, for which Chalice has no setting."""
    for ending, size in DISK_MB.items():
        name, disk = f"{api}{ending}", {"Size": size}
        if functions.get_function_configuration(FunctionName=name).get("EphemeralStorage") == disk:
            continue
        waiting = functions.get_waiter("function_updated_v2")
        waiting.wait(FunctionName=name)
        functions.update_function_configuration(FunctionName=name, EphemeralStorage=disk)
        waiting.wait(FunctionName=name)


@dataclass(frozen=True, slots=True)
class Lenient:
    """A client for Chalice that treats a missing resource as deleted."""

    client: Any

    def __getattr__(self, name: str) -> Callable[..., Any]:
        call = getattr(self.client, name)

        def lenient(**parameters: Any) -> Any:
            try:
                return call(**parameters)
            except ResourceDoesNotExistError:
                return None
            except ClientError as error:
                if error.response["Error"]["Code"] not in _GONE:
                    raise
                return None

        return lenient


def _opened(folder: Path, stage: str) -> tuple[CLIFactory, Any]:
    os.chdir(folder)
    factory = CLIFactory(str(folder), environ=os.environ)
    return factory, factory.create_config_obj(chalice_stage_name=stage)


def _keep(record: Path, created: Iterable[Resource]) -> None:
    stored: dict[str, Any] = {"schema_version": "2.0", "backend": "api", "resources": []}
    if record.is_file():
        stored = json.loads(record.read_text(encoding="utf-8"))
    stored["resources"] = merged(stored["resources"], created)
    record.parent.mkdir(parents=True, exist_ok=True)
    record.write_text(json.dumps(stored, indent=2), encoding="utf-8")


_ACTIONS = {"deploy": deploy, "delete": delete}

if __name__ == "__main__":
    action, folder, stage = sys.argv[1:]
    try:
        _ACTIONS[action](Path(folder).resolve(), stage)
    except (ChaliceDeploymentError, RuntimeError) as failure:
        sys.exit(str(failure))
