"""Run Chalice on a build folder, and keep its notes also when it fails half way."""

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
# As Lambda, EventBridge and CloudWatch, as IAM, and as API Gateway say it.
_GONE = frozenset({"ResourceNotFoundException", "NoSuchEntity", "NotFoundException"})


def notes_file(folder: Path, stage: str) -> Path:
    return folder / ".chalice" / "deployed" / f"{stage}.json"


def merged(before: Iterable[Resource], made: Iterable[Resource]) -> list[Resource]:
    """Return what is in the account after a deploy that broke off: the old and the new."""
    known = {resource["name"]: resource for resource in before}
    for resource in made:
        known[resource["name"]] = {**known.get(resource["name"], {}), **resource}
    return list(known.values())


def deploy(folder: Path, stage: str) -> None:
    factory, config = _opened(folder, stage)
    session = factory.create_botocore_session()
    days = config.scope(stage, "api_handler").log_retention_in_days
    have_log_of_api(session.create_client("logs"), f"{config.app_name}-{stage}", days)
    deployer = factory.create_default_deployer(session, config, UI())
    try:
        deployer.deploy(config, chalice_stage_name=stage)
    except BaseException:
        # Chalice writes its notes at the end only, and would make a second API the next time.
        made = deployer._executor.resource_values  # noqa: SLF001
        _keep(notes_file(folder, stage), made)
        raise


def delete(folder: Path, stage: str) -> None:
    factory, config = _opened(folder, stage)
    deployer = factory.create_deletion_deployer(factory.create_botocore_session(), UI())
    executor: Any = deployer._executor  # noqa: SLF001
    # Its notes tell of all of it until all is gone.
    executor._client = Lenient(executor._client)  # noqa: SLF001
    deployer.deploy(config, chalice_stage_name=stage)


def have_log_of_api(logs: Any, function: str, days: int) -> None:
    """Make what Chalice makes under another name than that of the function, which may not."""
    name = f"/aws/lambda/{function}"
    # Chalice would take one that begins with this name for this one.
    with suppress(logs.exceptions.ResourceAlreadyExistsException):
        logs.create_log_group(logGroupName=name)
    logs.put_retention_policy(logGroupName=name, retentionInDays=days)


@dataclass(frozen=True, slots=True)
class Lenient:
    """A client of Chalice to whom gone is as good as deleted."""

    client: Any

    def __getattr__(self, name: str) -> Callable[..., Any]:
        call = getattr(self.client, name)

        def made(**asked: Any) -> Any:
            try:
                return call(**asked)
            except ResourceDoesNotExistError:
                return None
            except ClientError as error:
                if error.response["Error"]["Code"] not in _GONE:
                    raise
                return None

        return made


def _opened(folder: Path, stage: str) -> tuple[CLIFactory, Any]:
    os.chdir(folder)
    factory = CLIFactory(str(folder), environ=os.environ)
    return factory, factory.create_config_obj(chalice_stage_name=stage)


def _keep(notes: Path, made: Iterable[Resource]) -> None:
    known: dict[str, Any] = {"schema_version": "2.0", "backend": "api", "resources": []}
    if notes.is_file():
        known = json.loads(notes.read_text(encoding="utf-8"))
    known["resources"] = merged(known["resources"], made)
    notes.parent.mkdir(parents=True, exist_ok=True)
    notes.write_text(json.dumps(known, indent=2), encoding="utf-8")


_ACTIONS = {"deploy": deploy, "delete": delete}

if __name__ == "__main__":
    action, folder, stage = sys.argv[1:]
    try:
        _ACTIONS[action](Path(folder).resolve(), stage)
    except (ChaliceDeploymentError, RuntimeError) as failure:
        sys.exit(str(failure))
