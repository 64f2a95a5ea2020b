"""The declaration of an endpoint."""

from inspect import Parameter, signature

import pytest

from chalicelib.api.endpoint import Api


@pytest.mark.parametrize("method", [Api.get, Api.post, Api.put, Api.patch, Api.delete])
def test_every_endpoint_must_declare_its_access(method: object) -> None:
    assert callable(method)
    assert signature(method).parameters["access"].default is Parameter.empty
