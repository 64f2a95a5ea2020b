"""Items that lack attributes of their dataclass."""

from datetime import datetime
from typing import Any

import pytest

from chalicelib.accounts.model import Account
from chalicelib.accounts.session import Session
from chalicelib.adapters.dynamodb.account_tables import AccountItem, SessionItem
from chalicelib.adapters.dynamodb.attributes import (
    MomentAttribute,
    TextsAttribute,
    entity_of,
    values_of,
)
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


@pytest.mark.parametrize(
    "moment", ["1960-01-01T00:00:00.001+00:00", "9999-12-31T23:59:59.999+00:00"]
)
def test_a_time_of_any_year_is_read_as_it_was_written(moment: str) -> None:
    written = datetime.fromisoformat(moment)
    attribute = MomentAttribute()
    assert attribute.deserialize(attribute.serialize(written)) == written


def test_texts_are_read_as_characters() -> None:
    texts = ["\U0001f600", "\ud800x", "\\ud800"]
    stored = TextsAttribute().serialize(texts)
    assert stored
    assert TextsAttribute().deserialize(stored) == ["\U0001f600", "?x", "\\ud800"]
