"""MiniStack with additions: import of APIs, a sandbox for functions, a check of origins."""

import inspect
import json
import os
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from ministack import app as emulator
from ministack.core import lambda_runtime
from ministack.services import apigateway_v1 as gateway
from ministack.services import lambda_svc, s3

from infra.local import lambda_sandbox
from infra.local.kept_uploads import KeptUploads
from infra.local.own_pages import OwnPagesOnly

Answer = tuple[int, Mapping[str, str], bytes]
Handler = Callable[[str, str, Mapping[str, str], bytes, Mapping[str, Any]], Awaitable[Answer]]
_IMPORT, _OVERWRITE = "import", "overwrite"
# The parts of an API that an OpenAPI document describes; stages and deployments stay.
_DESCRIBED = ("_resources", "_authorizers_v1", "_models", "_gateway_responses")


def importing(handle: Handler) -> Handler:
    """Add ImportRestApi and PutRestApi, which MiniStack handles as an empty CreateRestApi."""

    async def handle_request(
        method: str, path: str, headers: Mapping[str, str], body: bytes, query: Mapping[str, Any]
    ) -> Answer:
        match (method, path.strip("/").split("/"), _first(query, "mode")):
            case ("POST", ["restapis"], mode) if mode == _IMPORT:
                return _imported(json.loads(body), _first(query, "endpointConfigurationTypes"))
            case ("PUT", ["restapis", api_id], mode) if mode == _OVERWRITE:
                return _overwritten(api_id, json.loads(body))
        return await handle(method, path, headers, body, query)

    return handle_request


def _imported(document: Mapping[str, Any], endpoint: str) -> Answer:
    settings = {"endpointConfiguration": {"types": [endpoint]}} if endpoint else {}
    _, headers, body = gateway._get_rest_api(gateway._import_rest_api(document, settings))
    return 201, headers, body


def _overwritten(api_id: str, document: Mapping[str, Any]) -> Answer:
    if api_id in gateway._rest_apis:
        fresh = gateway._import_rest_api(document)
        for name in _DESCRIBED:
            held = getattr(gateway, name)
            held[api_id] = held[fresh]
        gateway._delete_rest_api(fresh)
    answer: Answer = gateway._get_rest_api(api_id)
    return answer


def _first(query: Mapping[str, Any], name: str) -> str:
    value = query.get(name, "")
    return str(value[0] if isinstance(value, list) else value)


def confined(runtime: str) -> tuple[str, str]:
    """Return the program for a runtime, and its script with the sandbox in front."""
    binary, script = _program_of(runtime)
    if runtime.startswith("python"):
        script = f"{inspect.getsource(lambda_sandbox)}\n{script}"
    return binary, script


_program_of: Callable[[str], tuple[str, str]] = lambda_runtime._detect_runtime_binary

if __name__ == "__main__":
    gateway.handle_request = importing(gateway.handle_request)
    lambda_runtime._detect_runtime_binary = confined
    # Chalice polls every function that is not ready yet again after five seconds.
    lambda_svc._LAMBDA_STATE_TRANSITION_DELAY = 0
    if s3.S3_PERSIST:
        s3._multipart_uploads = KeptUploads(Path(os.environ["STATE_DIR"], "multipart"))
    emulator.app = OwnPagesOnly(emulator.app, os.environ.get("PAGE_ORIGINS", ""))
    emulator.main()
