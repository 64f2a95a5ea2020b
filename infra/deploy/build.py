"""Build the project that Chalice deploys: code, packages, settings and policies of one stage."""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import chalice.app

from infra.deploy import dependencies, policies, runtime
from infra.root import ROOT

_LEFT_OUT = frozenset({"__pycache__", ".DS_Store"})
# Chalice's record of its deployments.
_STATE = Path(".chalice", "deployed")
# Written by Chalice when it loads a project.
_WRITTEN_BY_CHALICE = (Path(".chalice", "deployments"), Path("__pycache__"))


def build(
    stage: str,
    *,
    prefix: str,
    account: str,
    region: str,
    environment: Mapping[str, str],
    target: Path,
) -> Path:
    """Fill the folder `target`, after removing all but Chalice's record of its deployments."""
    _empty(target)
    vendor = target / "vendor"
    _copy(ROOT / "app.py", target / "app.py")
    _copy(ROOT / "chalicelib", target / "chalicelib")
    runtime.compile_all(target / "chalicelib", below="chalicelib")
    _copy(ROOT / "templates", vendor / "templates")
    _add_byte_code_of_chalice(vendor)
    _copy(dependencies.provide(), vendor, left_out=frozenset())
    # Empty, so that Chalice installs nothing itself.
    (target / "requirements.txt").touch()
    settings = {**environment, "STAGE": stage, "PREFIX": prefix}
    names = policies.names(
        prefix=prefix,
        account=account,
        region=region,
        sender=settings.get("MAIL_SENDER", ""),
        distribution=settings.get("EDGE_DISTRIBUTION", ""),
    )
    _configure(target / ".chalice", stage, settings, names)
    return target


def fingerprint(project: Path) -> str:
    """Return a digest of a built project; equal projects need no second deployment."""
    digest = hashlib.sha256()
    for path in _files(project):
        name = path.relative_to(project)
        if not any(name.is_relative_to(each) for each in (_STATE, *_WRITTEN_BY_CHALICE)):
            digest.update(f"{name.as_posix()}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def reserved_concurrency(stage: str) -> int:
    """Return the sum of the reserved concurrency of this stage's functions."""
    config = json.loads((ROOT / ".chalice" / "config.json").read_text(encoding="utf-8"))
    functions = config["stages"].get(stage, {}).get("lambda_functions", {})
    return sum(own.get("reserved_concurrency", 0) for own in functions.values())


def _empty(target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for path in sorted(target.rglob("*"), reverse=True):
        name = path.relative_to(target)
        if name.is_relative_to(_STATE):
            continue
        if path.is_symlink() or not path.is_dir():
            path.unlink()
        elif not any(path.iterdir()):
            path.rmdir()


def _copy(source: Path, target: Path, *, left_out: frozenset[str] = _LEFT_OUT) -> None:
    """Copy in sorted order, because Chalice zips in the order of the folder."""
    for path in _files(source):
        name = path.relative_to(source)
        if left_out.isdisjoint(name.parts):
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target / name)


def _files(folder: Path) -> Iterator[Path]:
    if folder.is_file():
        yield folder
        return
    yield from sorted(path for path in folder.rglob("*") if path.is_file())


def _add_byte_code_of_chalice(vendor: Path) -> None:
    code = Path(chalice.app.__file__)
    with tempfile.TemporaryDirectory() as temporary:
        modules = Path(temporary)
        _copy(ROOT / "app.py", modules / "app.py")
        _copy(code, modules / "chalice" / "app.py")
        _copy(code.with_name("__init__.py"), modules / "chalice" / "__init__.py")
        runtime.compile_all(modules)
        for path in _files(modules):
            if path.suffix == ".pyc":
                _copy(path, vendor / path.relative_to(modules), left_out=frozenset())


def _configure(
    folder: Path, stage: str, settings: Mapping[str, str], names: Mapping[str, str]
) -> None:
    """Write Chalice's settings for this stage alone, and the policy of each function."""
    source = ROOT / ".chalice"
    config: dict[str, Any] = json.loads((source / "config.json").read_text(encoding="utf-8"))
    chosen = config["stages"].get(stage, {})
    config["stages"] = {stage: {**chosen, "environment_variables": dict(sorted(settings.items()))}}
    folder.mkdir(exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    for function, own in config["lambda_functions"].items():
        policy = (source / own["iam_policy_file"]).read_text(encoding="utf-8")
        name = policies.function_name(f"{config['app_name']}-{stage}", function)
        values = {**names, "Function": name}
        written = policies.rendered(policy, values)
        (folder / own["iam_policy_file"]).write_text(written, encoding="utf-8")
