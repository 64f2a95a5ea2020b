"""Tokens that browsers and mails hold, and the secrets that make and prove them."""

import hashlib
import json
import os
from base64 import urlsafe_b64decode
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import boto3
from moto import mock_aws

from chalicelib.accounts.keys import KeySet
from chalicelib.accounts.links import Links, Purpose
from chalicelib.accounts.model import Account
from chalicelib.accounts.session import OpaqueToken, TokenState
from chalicelib.accounts.tokens import Identity, Tokens
from chalicelib.adapters.media_signer import media_signing_key
from chalicelib.adapters.passwords import PasslibHasher
from chalicelib.adapters.tokens import JwtSigner, Keyring, SecretsManagerKeyStore
from chalicelib.playback.grants import Grants
from chalicelib.playback.model import Grant
from infra.local.emulator import fresh_pair
from tests.conftest import make_resources
from tests.fakes.account_store import InMemoryAccountStore
from tests.fakes.key_store import InMemoryKeyStore
from tests.formats import media
from tests.formats.form import MOMENT, FixedClock, Format
from tests.formats.items import ACCOUNT, SESSION

CLOCK = FixedClock()
KEYS = KeySet({"0": "k" * 64, "20260101T000000Z": "l" * 64})
SIGNER = JwtSigner(Keyring(InMemoryKeyStore(KEYS), CLOCK), CLOCK)
TOKENS = Tokens(SIGNER)
_SECOND = MOMENT.replace(microsecond=0)
GRANT = Grant(
    account_id=ACCOUNT.id,
    session_id=SESSION.id,
    video_id=media.VIDEO,
    revision=media.REVISION,
    issued_at=_SECOND,
    expires_at=_SECOND + timedelta(hours=5),
)
# Links of other purposes end with the request of another address.
STAYING = replace(ACCOUNT, new_email="")
HELD = replace(SESSION, secret_hash=hashlib.sha256(b"the secret").hexdigest())
_SPENT = OpaqueToken(ACCOUNT.id, SESSION.id, SESSION.generation - 1, "the secret", "")
PASSWORD = "correct horse battery"


def signed(name: str, token: Callable[[], str], read: Callable[[str], object], expected: object,
           *random: str) -> Format:  # fmt: skip
    """A JSON Web Token: beside it, for people and to compare, what it says."""

    def write() -> Any:
        text = token()
        header, payload = (
            json.loads(urlsafe_b64decode(part + "==")) for part in text.split(".")[:2]
        )
        return {"header": header, "payload": payload, "token": text}

    def settled(plain: Any) -> Any:
        payload = {
            name: "random" if name in random else value for name, value in plain["payload"].items()
        }
        return {"header": plain["header"], "payload": payload}

    return Format(name, write, lambda plain: read(plain["token"]), expected, settled=settled)


def _links(account: Account) -> Links:
    accounts = InMemoryAccountStore(CLOCK)
    accounts.add(account)
    return Links(accounts, SIGNER, CLOCK)


def link(name: str, purpose: Purpose, account: Account) -> Format:
    return signed(
        name,
        lambda: _links(account).issue(account, purpose, template="{token}"),
        lambda token: _links(account).verify(uid=str(account.id), token=token, purpose=purpose).id,
        account.id,
    )


def _refresh() -> Any:
    token = HELD.successor_of(_SPENT)
    return {
        "token": str(token),
        "successor": str(HELD.successor_of(token)),
        "csrf": HELD.csrf_token,
    }


def _read_refresh(plain: Any) -> object:
    token = OpaqueToken.parse(plain["token"])
    is_same = str(HELD.successor_of(token)) == plain["successor"]
    return HELD.token_state(token, now=MOMENT), is_same, HELD.csrf_token == plain["csrf"]


def _hashes() -> Any:
    return {"argon2": PasslibHasher().hash(PASSWORD)}


def _parameters(plain: Any) -> Any:
    return {name: hashed.rsplit("$", 2)[0] for name, hashed in plain.items()}


def _signing_keys() -> Any:
    with mock_aws():
        make_resources()
        _key_store().replace(KEYS)
        secret = boto3.client("secretsmanager").get_secret_value(SecretId=_secret())
        return json.loads(secret["SecretString"])


def _read_signing_keys(plain: Any) -> Mapping[str, str]:
    with mock_aws():
        make_resources()
        boto3.client("secretsmanager").put_secret_value(
            SecretId=_secret(), SecretString=json.dumps(plain)
        )
        return _key_store().load().secrets


def _key_store() -> SecretsManagerKeyStore:
    return SecretsManagerKeyStore(lambda: boto3.client("secretsmanager"), _secret())


def _secret() -> str:
    return os.environ["SIGNING_KEYS_SECRET"]


def _media_signing_keys() -> Any:
    return {**json.loads(fresh_pair()), "private_key": "(PEM)"}


def _read_media_signing_keys(plain: Any) -> object:
    fresh = json.loads(fresh_pair())["private_key"]
    key = media_signing_key(json.dumps({**plain, "private_key": fresh}))
    return key.key_id, key.hash_name, bool(key.sign(b"policy"))


FORMATS = (
    signed(
        "access_token",
        lambda: TOKENS.credentials(HELD, _SPENT, now=MOMENT, is_admin=True).access,
        TOKENS.identity_in,
        Identity(ACCOUNT.id, SESSION.id, may_be_admin=True),
    ),
    replace(
        signed(
            "device_token",
            lambda: TOKENS.device_token(ACCOUNT, now=MOMENT),
            lambda token: TOKENS.is_device_of(ACCOUNT, token),
            True,
            "sub",
        ),
        # The first outlived a change of the password; the browser that has one counts as new.
        older={1: False},
    ),
    signed(
        "grant",
        lambda: Grants(SIGNER, CLOCK).token(GRANT),
        lambda token: Grants(SIGNER, CLOCK).read(token, GRANT.video_id),
        GRANT,
    ),
    link("activation_token", Purpose.ACTIVATION, STAYING),
    link("reset_token", Purpose.RESET, STAYING),
    link("email_change_token", Purpose.EMAIL_CHANGE, ACCOUNT),
    link("email_reset_token", Purpose.EMAIL_RESET, STAYING),
    Format("refresh_token", _refresh, _read_refresh, (TokenState.CURRENT, True, True)),
    Format(
        "password_hash",
        _hashes,
        lambda plain: PasslibHasher().verify(PASSWORD, plain["argon2"]),
        True,
        settled=_parameters,
    ),
    Format("signing_keys", _signing_keys, _read_signing_keys, KEYS.secrets),
    Format(
        "media_keys",
        _media_signing_keys,
        _read_media_signing_keys,
        ("K00LOCAL0MEDIA", "SHA256", True),
    ),
)
