"""What crosses the mail queue."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.accounts.mail import MailKind, MailOrder, UnreadableOrder
from chalicelib.language import Language

ORDER = MailOrder(MailKind.SIGN_UP, "ada@example.com", Language.GERMAN, "official")

orders = st.builds(
    MailOrder,
    kind=st.sampled_from(MailKind),
    email=st.text(),
    language=st.sampled_from(Language),
    dialect=st.text(),
    state=st.text(),
)


@given(orders)
def test_an_order_is_read_as_it_was_written(order: MailOrder) -> None:
    assert MailOrder.from_json(order.to_json()) == order


@given(orders)
def test_what_is_written_fits_any_queue(order: MailOrder) -> None:
    written = order.to_json()
    assert written.isascii()
    assert written.isprintable()


def test_an_order_says_its_version() -> None:
    assert json.loads(ORDER.to_json())["version"] == 1


def test_what_a_later_version_adds_is_ignored() -> None:
    more = {**json.loads(ORDER.to_json()), "priority": "high"}
    assert MailOrder.from_json(json.dumps(more)) == ORDER


@pytest.mark.parametrize("name", ["kind", "email", "language", "dialect", "state", "version"])
def test_an_order_without_one_of_its_parts_is_unreadable(name: str) -> None:
    rest = {key: value for key, value in json.loads(ORDER.to_json()).items() if key != name}
    with pytest.raises(UnreadableOrder):
        MailOrder.from_json(json.dumps(rest))


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "birthday"},
        {"kind": None},
        {"kind": []},
        {"language": "fr"},
        {"language": {}},
        {"email": None},
        {"email": 7},
        {"email": ["ada@example.com"]},
        {"dialect": None},
        {"dialect": {}},
        {"state": None},
        {"version": None},
        {"version": "one"},
    ],
    ids=str,
)
def test_an_order_with_a_part_of_another_kind_is_unreadable(change: dict[str, object]) -> None:
    with pytest.raises(UnreadableOrder):
        MailOrder.from_json(json.dumps({**json.loads(ORDER.to_json()), **change}))


@pytest.mark.parametrize("text", ["", "{", "null", "7", '"sign_up"', "[]", "{}"])
def test_what_is_no_order_is_unreadable(text: str) -> None:
    with pytest.raises(UnreadableOrder):
        MailOrder.from_json(text)


def test_the_complaint_about_an_order_does_not_repeat_it() -> None:
    with pytest.raises(UnreadableOrder) as complaint:
        MailOrder.from_json('{"kind": "ada@example.com"}')
    assert "ada" not in str(complaint.value)
