"""A built zip as Lambda runs it: unpacked, alone with Python's standard library."""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from chalice.app import Chalice
from chalice.local import LambdaContext

from infra import stacks
from infra.deploy.build import build
from infra.local.gateway import Gateway
from infra.local.settings import PREFIX, REGION
from tests.integration.supervised import Run

ACCOUNT = "000000000000"
# What is compiled was not compiled before; the log goes where errors go.
_LAMBDA = """
import json, os, sys, time
from importlib.machinery import SourceFileLoader
sys.path.insert(0, sys.argv[1])
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
compiled = []
take = SourceFileLoader.source_to_code
def noted(self, data, path, *rest, **more):
    compiled.append(str(path))
    return take(self, data, path, *rest, **more)
SourceFileLoader.source_to_code = noted
started = time.process_time()
import app
imported = time.process_time() - started
for line in sys.stdin:
    name, event, context = json.loads(line)
    context = type("Context", (), context)()
    try:
        spent = time.process_time() - started
        told = {"compiled": compiled, "imported": imported, "spent": spent}
        answer = getattr(app, name)(event, context) if name else told
    except Exception as error:
        answer = {"error": repr(error)}
    print(json.dumps(answer), file=answers, flush=True)
"""


def make(stage: str, folder: Path, environment: Mapping[str, str]) -> Path:
    """Build the project of a stage and return the zip that Chalice makes of it."""
    build(
        stage,
        prefix=f"videoflix-{stage}",
        account=ACCOUNT,
        region=REGION,
        environment=environment,
        target=folder / "project",
    )
    packaged = folder / "packaged"
    subprocess.run(
        [Path(sys.executable).with_name("chalice"), "package", "--stage", stage, packaged],
        cwd=folder / "project",
        check=True,
        capture_output=True,
        env={"PATH": os.environ["PATH"], "AWS_DEFAULT_REGION": REGION, "HOME": str(folder)},
    )
    return packaged / "deployment.zip"


def unpacked(package: Path, folder: Path) -> Path:
    with zipfile.ZipFile(package) as archive:
        archive.extractall(folder)
    return folder


def environment_of(run: Run) -> dict[str, str]:
    """Return what the functions would have to know to work in the account of a run."""
    client = run.client("cloudformation")
    outputs = {
        stacks.variable_of(output["OutputKey"]): output["OutputValue"]
        for stack in client.describe_stacks()["Stacks"]
        # Other tests make stacks beside ours.
        if stack["StackName"].startswith(f"{PREFIX}-")
        for output in stack.get("Outputs", [])
    }
    return {"MEDIA_KEYS_SECRET": "videoflix/media-keys", **run.settings.environment(outputs)}


@dataclass(frozen=True)
class Functions:
    """All functions of a zip, in one process that has nothing else."""

    process: subprocess.Popen[str]

    def call(self, name: str, event: Any) -> Any:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        context = {"aws_request_id": "1", "function_name": name, "memory_limit_in_mb": 512}
        print(json.dumps([name, event, context]), file=self.process.stdin, flush=True)
        answer = json.loads(self.process.stdout.readline() or '{"error": "the process ended"}')
        assert not (isinstance(answer, dict) and "error" in answer), answer
        return answer

    def compiled(self) -> list[str]:
        """Return the modules without byte code."""
        return list(self.call("", None)["compiled"])

    def cpu_seconds(self) -> tuple[float, float]:
        """Return what the import took, and what all took until now."""
        times = self.call("", None)
        return float(times["imported"]), float(times["spent"])


@contextmanager
def running(folder: Path, environment: Mapping[str, str], *options: str) -> Iterator[Functions]:
    command = [sys.executable, "-I", "-S", *options, "-c", _LAMBDA, str(folder)]
    with (
        (folder.parent / "log.txt").open("w") as log,
        subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env=environment,
            cwd=folder,
        ) as process,
    ):
        yield Functions(process)
        assert process.stdin is not None
        process.stdin.close()


class ZippedGateway(Gateway):
    """API Gateway before the functions of a zip instead of an app of this process."""

    def __init__(self, app: Chalice, functions: Functions) -> None:
        super().__init__(app)
        self._app = cast("Chalice", _Handler(app.routes, functions))


@dataclass(frozen=True)
class _Handler:
    routes: Any
    functions: Functions

    def __call__(self, event: Any, context: LambdaContext) -> Any:  # noqa: ARG002
        return self.functions.call("app", event)
