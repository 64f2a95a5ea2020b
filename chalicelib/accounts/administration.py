"""Use cases of administrators: list, activate, deactivate, promote and demote accounts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chalicelib.accounts.free_ids import add_under_free_id, random_bits
from chalicelib.accounts.model import (
    Account,
    AccountId,
    AccountNotFound,
    AccountStatus,
    NotAnAdmin,
    OwnAccountForbidden,
    account_id_at,
    canonical_email,
)
from chalicelib.accounts.password_policy import canonical_password, require_strong
from chalicelib.accounts.ports import AccountStore, PasswordHasher
from chalicelib.accounts.revocations import Revocations
from chalicelib.accounts.tokens import Identity
from chalicelib.clock import Clock


@dataclass(frozen=True, slots=True)
class Administration:
    accounts: AccountStore
    revocations: Revocations
    hasher: PasswordHasher
    clock: Clock

    def require_admin(self, identity: Identity) -> None:
        """Raise `NotAnAdmin` unless the stored account is an administrator's right now."""
        try:
            account = self.accounts.by_id(identity.account_id)
        except AccountNotFound:
            account = None
        if account is None or not (account.is_active and account.is_admin):
            raise NotAnAdmin("Only administrators may do this.")

    def newest(self, *, limit: int, before: AccountId | None = None) -> Sequence[Account]:
        return self.accounts.newest(limit=limit, before=before)

    def by_email(self, email: str) -> Sequence[Account]:
        account = self.accounts.by_email(canonical_email(email))
        return [account] if account else []

    def change(
        self,
        identity: Identity,
        account_id: AccountId,
        *,
        is_active: bool | None = None,
        is_admin: bool | None = None,
    ) -> Account:
        """Change the status or the role of another account; deactivating ends its sessions."""
        if account_id == identity.account_id:
            raise OwnAccountForbidden("Ask another administrator to change your own account.")
        account = self.accounts.by_id(account_id)
        changed = account
        if is_active is not None:
            status = AccountStatus.ACTIVE if is_active else AccountStatus.DEACTIVATED
            changed = changed.moved_to(status)
        if is_admin is not None:
            changed = replace(changed, is_admin=is_admin)
        saved = account if changed == account else self.accounts.save(changed)
        if not saved.is_active:  # also without a change: ending the sessions may have failed before
            self.revocations.end_all(saved)
        return saved

    def ensure_admin(self, *, email: str, password: str) -> Account:
        """Create or repair the active administrator with this e-mail address and password."""
        email = canonical_email(email)
        known = self.accounts.by_email(email)
        if known is None:
            return add_under_free_id(self.accounts, self._new_admin(email, password))
        repaired = replace(known.moved_to(AccountStatus.ACTIVE), is_admin=True)
        if not self.hasher.verify(canonical_password(password), known.password_hash):
            strong = require_strong(password, email=email)
            repaired = replace(repaired, password_hash=self.hasher.hash(strong))
            repaired = repaired.signed_out_everywhere()
        return known if repaired == known else self.accounts.save(repaired)

    def _new_admin(self, email: str, password: str) -> Account:
        now = self.clock.now()
        return Account(
            id=account_id_at(now, entropy=random_bits()),
            email=email,
            password_hash=self.hasher.hash(require_strong(password, email=email)),
            created_at=now,
            status=AccountStatus.ACTIVE,
            is_admin=True,
        )
