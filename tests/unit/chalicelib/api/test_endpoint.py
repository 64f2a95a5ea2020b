"""The declaration of an endpoint."""

import pytest
from chalice.app import Blueprint

from chalicelib.api import endpoint
from chalicelib.api.body import NoBody
from chalicelib.api.dialect import OFFICIAL
from chalicelib.api.endpoint import Api


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
def test_every_endpoint_must_declare_its_access(
    method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoint, "EVERY_API", [])
    api = Api(OFFICIAL, Blueprint(__name__))
    form = [] if method == "get" else [NoBody]
    with pytest.raises(KeyError, match="access"):
        getattr(api, method)("/unheard-of", *form)(lambda call: call)
    assert api.operations == []
