"""Run Chalice on a build folder, and keep its notes also when it fails half way."""

import json
import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from chalice.cli.factory import CLIFactory
from chalice.deploy.deployer import ChaliceDeploymentError
from chalice.utils import UI

Resource = Mapping[str, Any]


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
    deployer = factory.create_default_deployer(factory.create_botocore_session(), config, UI())
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
    deployer.deploy(config, chalice_stage_name=stage)


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
