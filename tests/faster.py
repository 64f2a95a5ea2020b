"""What lets the tests run in half the time, and changes nothing that they observe."""

import gc
import os
import sys
from typing import Any

import boto3
import botocore.session
from botocore.client import BaseClient
from botocore.loaders import Loader

# Tests make a session each; what botocore knows of AWS is read once for all of them.
_DESCRIPTIONS_OF_AWS = Loader()
# A client takes 15 ms, each test makes a dozen of them, and they remember nothing of a test: one
# with handlers of events is made by a session of its own.
_CLIENTS: dict[tuple[str, ...], Any] = {}

_new_client = boto3.client
_call = BaseClient._make_api_call  # type: ignore[attr-defined]


def install() -> None:
    # Parsed sources and models of botocore stay, and looking through them often costs a sixth of
    # the time of the fast tests.
    gc.set_threshold(200_000, 50, 50)
    # An EC2 of moto has 1,300 images, which take longer than the test that needs a subnet.
    os.environ["MOTO_EC2_LOAD_DEFAULT_AMIS"] = "false"
    botocore.session.create_loader = _the_one_loader
    boto3.client = _kept_client  # type: ignore[assignment]
    BaseClient._make_api_call = _uncounted_call  # type: ignore[attr-defined]


def _the_one_loader(search_path_string: str | None = None) -> Loader:  # noqa: ARG001
    return _DESCRIPTIONS_OF_AWS


def _kept_client(service_name: str, **options: Any) -> Any:
    """Return the client for these options and this environment; make it once."""
    config = options.get("config")
    plain = {**options, "config": sorted(vars(config).items(), key=str) if config else None}
    inherited = {name: value for name, value in os.environ.items() if name.startswith("AWS_")}
    key = service_name, repr(sorted(plain.items())), repr(sorted(inherited.items()))
    if key not in _CLIENTS:
        _CLIENTS[key] = _new_client(service_name, **options)  # type: ignore[call-overload]
    return _CLIENTS[key]


def _uncounted_call(client: BaseClient, name: str, values: Any) -> Any:
    """Count no lines within a call of AWS: none is ours, and moto runs twice as long with it."""
    counting = sys.gettrace()
    sys.settrace(None)
    try:
        return _call(client, name, values)
    finally:
        sys.settrace(counting)
