"""Items that lack attributes of their dataclass."""

from typing import Any

import pytest

from chalicelib.accounts.model import Account
from chalicelib.accounts.session import Session
from chalicelib.adapters.dynamodb.account_tables import AccountItem, SessionItem
from chalicelib.adapters.dynamodb.attributes import entity_of, values_of
from tests.formats.items import ACCOUNT, SESSION

ITEMS = {Account: (AccountItem, ACCOUNT), Session: (SessionItem, SESSION)}


def without(kind: type[Any], *names: str) -> Any:
    """The item of a sample, as if these attributes had not been stored."""
    item, sample = ITEMS[kind]
    return item(**{name: each for name, each in values_of(sample).items() if name not in names})


def test_a_missing_attribute_gets_the_default_of_its_field() -> None:
    account = entity_of(Account, without(Account, "status", "session_epoch", "first_name"))
    expected = Account(ACCOUNT.id, ACCOUNT.email, ACCOUNT.password_hash, ACCOUNT.created_at)
    assert (account.status, account.session_epoch) == (expected.status, expected.session_epoch)
    assert account.first_name == ""


def test_an_optional_field_stays_empty() -> None:
    assert entity_of(Account, without(Account, "expires_at")).expires_at is None


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (Account, "email"),
        (Session, "expires_at"),
        (Session, "secret_hash"),
        (Session, "account_id"),
    ],
)
def test_a_missing_attribute_of_a_required_field_is_an_error(kind: type[Any], name: str) -> None:
    with pytest.raises(TypeError, match=f"{kind.__name__}.*missing.*'{name}'"):
        entity_of(kind, without(kind, name))
