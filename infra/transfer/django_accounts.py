"""Accounts made of the users of a Django dump."""

import re
from dataclasses import dataclass, field
from datetime import datetime, time

from chalicelib.accounts.account_details import LONGEST_NAME
from chalicelib.accounts.model import Account, AccountId, AccountStatus, canonical_email
from chalicelib.accounts.registration import PENDING_LIFE
from chalicelib.errors import InvalidInput
from chalicelib.language import Language
from infra.terminal import Refusal
from infra.transfer.entries import AccountEntry
from infra.transfer.fields import Fields
from infra.transfer.ids import own_id

_HASH = re.compile(r"pbkdf2_sha256\$([1-9]\d{0,6})\$[A-Za-z0-9]{1,128}\$[A-Za-z0-9+/]{43}=")
_INACTIVE = (
    "Inactive, and never signed in: deactivated. If they only never confirmed their address, "
    "import them with --unconfirmed; an administrator can activate them"
)
_NOT_UNCONFIRMED = (
    "Named by --unconfirmed, but active, signed in or verified there: imported as they are there"
)
# A sign-in would take longer than a function may run.
_MOST_ROUNDS = 3_000_000


@dataclass(frozen=True, slots=True)
class DjangoAccounts:
    # The hash of a password that exists nowhere, for accounts that have to reset theirs.
    unusable_hash: str
    now: datetime
    # Keys or addresses of inactive users that never confirmed theirs, as an operator decided.
    unconfirmed: frozenset[str] = frozenset()
    # Addresses of the dump so far.
    known: set[str] = field(default_factory=set)
    _named: set[str] = field(default_factory=set)

    def note(self, key: object, fields: Fields) -> None:
        """Note that the dump has this user."""
        email = str(fields.first("email")).strip().lower()
        self._named.update(self.unconfirmed & {str(key), email})

    def require_unconfirmed(self) -> None:
        """Raise `Refusal` if no user of the dump is meant: later it could not be corrected."""
        if unknown := sorted(self.unconfirmed - self._named):
            raise Refusal(f"--unconfirmed names whom the dump does not have: {', '.join(unknown)}")

    def entry(self, key: object, fields: Fields) -> AccountEntry | None:
        """Return the account of a user; None, with a problem in the report, if there is none."""
        try:
            email = canonical_email(fields.text("email", longest=1000))
        except InvalidInput:
            fields.problem("Without a valid e-mail address, and so not imported")
            return None
        if email in self.known:
            fields.problem("Addresses that differ only by case from an earlier one: it counts")
            return None
        self.known.add(email)
        name = f"{fields.name} {email}"
        status, created_at = self._status({str(key), email}, fields), fields.moment("created_at")
        account = Account(
            id=AccountId(own_id(key, name)),
            email=email,
            password_hash=self._hash(fields),
            created_at=created_at or self.now,
            status=status,
            is_admin=_is_set(fields, "is_staff") or _is_set(fields, "is_superuser"),
            first_name=fields.text("first_name", longest=LONGEST_NAME),
            last_name=fields.text("last_name", longest=LONGEST_NAME),
            language=Language.named(fields.text("language", longest=10)) or Language.ENGLISH,
            expires_at=self.now + PENDING_LIFE if status is AccountStatus.PENDING else None,
        )
        # Many share a day, also of other installations.
        is_dated = created_at is not None and created_at.time() != time.min
        return AccountEntry(account, name, is_dated)

    def _status(self, names: set[str], fields: Fields) -> AccountStatus:
        """Return the status: a mail revives an unconfirmed account, and never a blocked one."""
        is_named = not self.unconfirmed.isdisjoint(names)
        is_active = fields.flag("is_active", default=True)
        is_verified = fields.flag("is_verified", default=True)
        was_verified = is_verified and fields.first("is_verified") is not None
        is_confirmed = fields.first("last_login") or was_verified
        may_be_unconfirmed = not (is_active or is_confirmed)
        if is_named and may_be_unconfirmed:
            return AccountStatus.PENDING
        if is_named:
            fields.problem(_NOT_UNCONFIRMED)
        elif may_be_unconfirmed:
            fields.problem(_INACTIVE)
        if not is_active:
            return AccountStatus.DEACTIVATED
        return AccountStatus.ACTIVE if is_verified else AccountStatus.PENDING

    def _hash(self, fields: Fields) -> str:
        hashed = fields.text("password", longest=1000)
        match = _HASH.fullmatch(hashed)
        if match and int(match[1]) <= _MOST_ROUNDS:
            return hashed
        fields.problem("Without a password that can be checked here: it has to be reset")
        return self.unusable_hash


def _is_set(fields: Fields, target: str) -> bool:
    return fields.flag(target, default=False)
