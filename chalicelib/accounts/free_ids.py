"""New accounts get an id that is free: two of one moment may draw the same."""

import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from chalicelib.accounts.model import Account, AccountTaken, account_id_at
from chalicelib.accounts.ports import AccountStore
from chalicelib.errors import Unavailable

# Of one moment; ids of a thousand others may be taken, and five of five are not.
_TRIES = 5


def random_bits() -> int:
    return secrets.randbits(32)


def add_under_free_id(
    accounts: AccountStore, account: Account, entropy: Callable[[], int] = random_bits
) -> Account:
    """Add the account under another id if its own is in use; raise `EmailTaken`."""
    for _ in range(_TRIES):
        with suppress(AccountTaken):
            return accounts.add(account)
        account = replace(account, id=account_id_at(account.created_at, entropy=entropy()))
    raise Unavailable("The service is busy. Please try again.")
