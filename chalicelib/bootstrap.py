"""Composition root: connects each feature to its adapters."""

from collections.abc import Callable
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from chalicelib import settings as environment
from chalicelib.accounts.account_details import AccountDetails
from chalicelib.accounts.administration import Administration
from chalicelib.accounts.keys import KeyRotation
from chalicelib.accounts.links import Links
from chalicelib.accounts.mails import Mails
from chalicelib.accounts.passwords import PasswordCheck, Passwords
from chalicelib.accounts.ports import AccountStore, SessionStore, Throttle
from chalicelib.accounts.registration import Registration
from chalicelib.accounts.revocations import Revocations
from chalicelib.accounts.sessions import Sessions
from chalicelib.accounts.tokens import Tokens
from chalicelib.adapters.audit_log import LoggedAuditTrail
from chalicelib.adapters.clock import SystemClock
from chalicelib.adapters.edge import edge_at
from chalicelib.adapters.keyring import Keyring, SecretsManagerKeyStore
from chalicelib.adapters.making import Making, Places, buckets
from chalicelib.adapters.media_signer import CloudFrontSigner, SecretMediaKey
from chalicelib.adapters.passwords import PasslibHasher
from chalicelib.adapters.sqs import SqsMailQueue
from chalicelib.adapters.tokens import JwtSigner
from chalicelib.audit import AuditTrail
from chalicelib.catalogue.cache import CatalogueCache
from chalicelib.catalogue.curation import Curation
from chalicelib.clock import Clock
from chalicelib.encoding.clean_up import Sweeping
from chalicelib.encoding.control import Oversight
from chalicelib.encoding.removal import Withdrawals
from chalicelib.errors import Unavailable
from chalicelib.ingest.expiry import UploadExpiry
from chalicelib.ingest.intake import Intake
from chalicelib.ingest.uploads import UploadLimits, Uploads
from chalicelib.playback.admission import Admission
from chalicelib.playback.grants import Grants
from chalicelib.playback.media_addresses import MediaAddresses
from chalicelib.playback.service import Playback
from chalicelib.playback.stream_cache import StreamCache
from chalicelib.playback.viewers import ViewerCheck

if TYPE_CHECKING:
    from chalicelib.encoding.scaling import Crew

settings = environment.settings
audit_trail: Callable[[], AuditTrail] = cache(LoggedAuditTrail)


@cache
def registration() -> Registration:
    return Registration(
        accounts=_accounts(),
        links=_links(),
        hasher=_hasher(),
        throttle=_throttle(),
        mails=_mail_queue(),
        clock=clock(),
    )


@cache
def sessions() -> Sessions:
    return Sessions(
        accounts=_accounts(),
        store=_sessions(),
        revocations=_revocations(),
        passwords=_password_check(),
        tokens=Tokens(_signer()),
        throttle=_throttle(),
        mails=_mail_queue(),
        clock=clock(),
    )


@cache
def passwords() -> Passwords:
    return Passwords(
        accounts=_accounts(),
        sessions=_sessions(),
        revocations=_revocations(),
        check=_password_check(),
        links=_links(),
        hasher=_hasher(),
        tokens=Tokens(_signer()),
        throttle=_throttle(),
        mails=_mail_queue(),
        clock=clock(),
    )


@cache
def account_details() -> AccountDetails:
    return AccountDetails(_accounts(), _revocations(), _password_check())


@cache
def administration() -> Administration:
    return Administration(
        accounts=_accounts(), revocations=_revocations(), hasher=_hasher(), clock=clock()
    )


@cache
def mails() -> Mails:
    from chalicelib.adapters.ses import SesMailer

    here = settings()
    mailer = SesMailer(_client("ses"), here.mail_sender, here.mail_configuration_set)
    return Mails(_accounts(), _links(), mailer, {"official": here.official_links})


@cache
def catalogue_cache() -> CatalogueCache:
    return CatalogueCache(_making().changes(), clock())


@cache
def curation() -> Curation:
    return Curation(
        videos=_making().videos(),
        categories=_making().categories(),
        cache=catalogue_cache(),
        publicity=_making().publicity(),
        trail=audit_trail(),
        clock=clock(),
    )


@cache
def oversight() -> Oversight:
    return _making().oversight()


@cache
def uploads() -> Uploads:
    limits = UploadLimits(settings().upload_largest_bytes, settings().upload_quota_bytes)
    return _making().uploads(curation(), limits)


@cache
def intake() -> Intake:
    return _making().intake(curation())


@cache
def upload_expiry() -> UploadExpiry:
    return _making().upload_expiry()


@cache
def sweeping() -> Sweeping:
    return _making().sweeping()


@cache
def withdrawals() -> Withdrawals:
    return _making().withdrawals()


@cache
def crew() -> "Crew | None":
    from chalicelib.adapters.fargate import crew_at

    return crew_at(settings().crew, _lazy_client, clock())


@cache
def playback() -> Playback:
    streams = StreamCache(_making().streams())
    viewer_check = ViewerCheck(
        accounts=_accounts(), sessions=_sessions(), revocations=_revocations(), clock=clock()
    )
    grants = Grants(_signer(), clock())
    admission = Admission(catalogue_cache(), streams, viewer_check, grants, clock())
    return Playback(admission, streams, media_addresses())


@cache
def media_addresses() -> MediaAddresses:
    url, client = settings().media_url, _lazy_client("secretsmanager")
    key = SecretMediaKey(client, settings().media_signing_keys_secret, clock())
    return MediaAddresses(url, CloudFrontSigner(url, key))


@cache
def key_rotation() -> KeyRotation:
    return KeyRotation(store=_key_store(), clock=clock())


def require_dependencies() -> None:
    """Raise `Unavailable` unless the database and the signing keys answer."""
    try:
        _accounts().by_email("health-check@videoflix.invalid")
        _keyring().for_signing()
    except Exception as error:
        raise Unavailable("The service is not available right now.") from error


@cache
def clock() -> Clock:
    return SystemClock()


@cache
def _accounts() -> AccountStore:
    from chalicelib.adapters.dynamodb.account_store import DynamoAccountStore

    return DynamoAccountStore(_table(), clock())


@cache
def _sessions() -> SessionStore:
    from chalicelib.adapters.dynamodb.session_store import DynamoSessionStore

    return DynamoSessionStore(_table(), clock())


@cache
def _throttle() -> Throttle:
    from chalicelib.adapters.dynamodb.throttle import DynamoThrottle

    return DynamoThrottle(_table(), clock())


@cache
def _table() -> Any:
    from chalicelib.adapters.dynamodb import tables

    return tables.bind(accounts=settings().accounts_table)


@cache
def _making() -> Making:
    here = settings()
    return Making(
        connection=_catalogue,
        s3=buckets,
        step_functions=_lazy_client("stepfunctions"),
        places=Places(here.uploads_bucket, here.media_bucket, here.pipeline_arn, here.uploads_url),
        edge=edge_at(here.edge_distribution, _lazy_client, is_local=here.is_local),
        clock=clock(),
    )


@cache
def _catalogue() -> Any:
    from chalicelib.adapters.dynamodb import catalogue_tables

    return catalogue_tables.bind(catalogue=settings().catalogue_table)


@cache
def _revocations() -> Revocations:
    return Revocations(_sessions(), clock())


@cache
def _links() -> Links:
    return Links(accounts=_accounts(), signer=_signer(), clock=clock())


@cache
def _password_check() -> PasswordCheck:
    return PasswordCheck(accounts=_accounts(), hasher=_hasher(), throttle=_throttle())


@cache
def _hasher() -> PasslibHasher:
    return PasslibHasher()


@cache
def _signer() -> JwtSigner:
    return JwtSigner(_keyring(), clock())


@cache
def _keyring() -> Keyring:
    return Keyring(_key_store(), clock())


@cache
def _key_store() -> SecretsManagerKeyStore:
    return SecretsManagerKeyStore(_lazy_client("secretsmanager"), settings().signing_keys_secret)


@cache
def _mail_queue() -> SqsMailQueue:
    return SqsMailQueue(_lazy_client("sqs"), settings().mail_queue_url)


def _lazy_client(service: str) -> Callable[[], Any]:
    """Create the client on first use: each client adds 50 ms to a cold start."""
    return partial(_client, service)


@cache
def _client(service: str) -> Any:
    import boto3

    return boto3.client(service)  # type: ignore[call-overload]
