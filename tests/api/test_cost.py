"""The number of items per transaction that the cost model assumes."""

from typing import Any

import pytest

from infra.cost.measured import REFRESH, SIGN_IN, SIGN_UP, Request
from tests.api.conftest import sign_in, sign_up
from tests.browser import Browser


@pytest.mark.parametrize(
    "request_", [SIGN_UP, SIGN_IN, REFRESH], ids=["sign up", "sign in", "refresh"]
)
def test_a_transaction_holds_as_many_items_as_are_paid_for(
    signed_in: Browser, monkeypatch: pytest.MonkeyPatch, request_: Request
) -> None:
    from botocore.client import BaseClient

    items: list[int] = []
    make = BaseClient._make_api_call  # type: ignore[attr-defined]

    def counting(client: Any, operation: str, kwargs: Any) -> Any:
        items.extend([len(kwargs["TransactItems"])] if operation == "TransactWriteItems" else [])
        return make(client, operation, kwargs)

    monkeypatch.setattr(BaseClient, "_make_api_call", counting)
    if request_ is SIGN_UP:
        sign_up(Browser(signed_in.server), "new@example.com")
    elif request_ is SIGN_IN:
        sign_in(Browser(signed_in.server))
    else:
        signed_in.post("/token/refresh/")
    assert sum(items) == request_.transacted
