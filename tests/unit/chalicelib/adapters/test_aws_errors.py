"""Errors of AWS: expected codes end a call quietly or as another error, all others pass."""

import pytest
from botocore.exceptions import ClientError

from chalicelib.adapters.aws_errors import NO_OBJECT, expected


def refused(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "GetObject")


def test_an_expected_code_ends_the_call() -> None:
    with expected(NO_OBJECT):
        raise refused("NoSuchKey")


def test_an_expected_code_becomes_an_error_of_the_feature() -> None:
    with pytest.raises(LookupError, match="gone"), expected(NO_OBJECT, LookupError("gone")):
        raise refused("404")


@pytest.mark.parametrize("error", [refused("AccessDenied"), KeyError("404")])
def test_any_other_error_passes(error: Exception) -> None:
    with pytest.raises(type(error)) as caught, expected(NO_OBJECT, LookupError("gone")):
        raise error
    assert caught.value is error
