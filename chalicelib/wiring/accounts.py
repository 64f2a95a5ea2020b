"""Wiring of the accounts feature."""

from functools import cache
from typing import TYPE_CHECKING, Any

from chalicelib.accounts.account_details import AccountDetails
from chalicelib.accounts.administration import Administration
from chalicelib.accounts.email_change import EmailChange
from chalicelib.accounts.keys import KeyRotation
from chalicelib.accounts.links import Links
from chalicelib.accounts.passwords import Passwords
from chalicelib.accounts.ports import AccountStore, SessionStore, Throttle
from chalicelib.accounts.registration import Registration
from chalicelib.accounts.revocations import Revocations
from chalicelib.accounts.sessions import Sessions
from chalicelib.accounts.sign_ins import PasswordVerifier, SignIns
from chalicelib.accounts.tokens import Tokens
from chalicelib.adapters.mail_queue import SqsMailQueue
from chalicelib.adapters.passwords import PasslibHasher
from chalicelib.adapters.tokens import JwtSigner, Keyring, SecretsManagerKeyStore
from chalicelib.errors import Unavailable
from chalicelib.wiring import stage

# What only events need is imported by those.
if TYPE_CHECKING:
    from chalicelib.accounts.mails import Mails


@cache
def registration() -> Registration:
    return Registration(
        accounts=account_store(),
        links=_links(),
        hasher=hasher(),
        throttle=throttle(),
        mails=_mail_queue(),
        clock=stage.clock(),
    )


@cache
def sessions() -> Sessions:
    return Sessions(
        accounts=account_store(),
        sessions=session_store(),
        revocations=revocations(),
        verifier=password_verifier(),
        tokens=Tokens(signer()),
        sign_ins=_sign_ins(),
        clock=stage.clock(),
    )


@cache
def passwords() -> Passwords:
    return Passwords(
        accounts=account_store(),
        sessions=session_store(),
        revocations=revocations(),
        verifier=password_verifier(),
        links=_links(),
        hasher=hasher(),
        tokens=Tokens(signer()),
        throttle=throttle(),
        mails=_mail_queue(),
        clock=stage.clock(),
    )


@cache
def email_change() -> EmailChange:
    return EmailChange(
        accounts=account_store(),
        verifier=password_verifier(),
        links=_links(),
        throttle=throttle(),
        mails=_mail_queue(),
    )


@cache
def account_details() -> AccountDetails:
    return AccountDetails(account_store(), revocations())


@cache
def administration() -> Administration:
    return Administration(
        accounts=account_store(),
        revocations=revocations(),
        hasher=hasher(),
        clock=stage.clock(),
    )


@cache
def mails() -> "Mails":
    from chalicelib.accounts.mails import Mails
    from chalicelib.adapters.ses import SesMailer

    here = stage.settings()
    mailer = SesMailer(stage.client("ses"), here.mail_sender, here.mail_configuration_set)
    return Mails(account_store(), _links(), mailer, here.mail_links, here.email_change_link)


@cache
def key_rotation() -> KeyRotation:
    return KeyRotation(store=_key_store(), clock=stage.clock())


def require_dependencies() -> None:
    """Raise `Unavailable` unless the database and the signing keys answer."""
    try:
        account_store().by_email("health-check@videoflix.invalid")
        _keyring().for_signing()
    except Exception as error:
        raise Unavailable("The service is not available right now.") from error


@cache
def account_store() -> AccountStore:
    from chalicelib.adapters.dynamodb.account_store import DynamoAccountStore

    return DynamoAccountStore(_table(), stage.clock())


@cache
def session_store() -> SessionStore:
    from chalicelib.adapters.dynamodb.session_store import DynamoSessionStore

    return DynamoSessionStore(_table(), stage.clock())


@cache
def revocations() -> Revocations:
    return Revocations(session_store(), stage.clock())


@cache
def signer() -> JwtSigner:
    return JwtSigner(_keyring(), stage.clock())


@cache
def throttle() -> Throttle:
    from chalicelib.adapters.dynamodb.throttle import DynamoThrottle

    return DynamoThrottle(_table(), stage.clock())


@cache
def _table() -> Any:
    from chalicelib.adapters.dynamodb import account_tables

    return account_tables.bind(accounts=stage.settings().accounts_table)


@cache
def _links() -> Links:
    return Links(accounts=account_store(), signer=signer(), clock=stage.clock())


@cache
def _sign_ins() -> SignIns:
    return SignIns(
        accounts=account_store(),
        sessions=session_store(),
        verifier=password_verifier(),
        tokens=Tokens(signer()),
        throttle=throttle(),
        mails=_mail_queue(),
        clock=stage.clock(),
    )


@cache
def password_verifier() -> PasswordVerifier:
    return PasswordVerifier(accounts=account_store(), hasher=hasher(), throttle=throttle())


@cache
def hasher() -> PasslibHasher:
    return PasslibHasher()


@cache
def _keyring() -> Keyring:
    return Keyring(_key_store(), stage.clock())


@cache
def _key_store() -> SecretsManagerKeyStore:
    secret = stage.settings().signing_keys_secret
    return SecretsManagerKeyStore(stage.lazy("secretsmanager"), secret)


@cache
def _mail_queue() -> SqsMailQueue:
    return SqsMailQueue(stage.lazy("sqs"), stage.settings().mail_queue_url)
