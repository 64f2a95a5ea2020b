"""The emulated AWS: MiniStack with its data in the data folder, and the deployed stacks."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from infra import placeholder, stacks
from infra.local.child_process import Child, ChildProgram
from infra.local.settings import (
    ACCESS_KEY_ID,
    PREFIX,
    REGION,
    SECRET_ACCESS_KEY,
    LocalSettings,
)
from infra.media_signing_key_pair import KEY_ID, Pair, secret_name
from infra.terminal import Refusal

_START_SECONDS = 60
# It saves its data when it ends.
_SAVE_SECONDS = 120


@asynccontextmanager
async def running(settings: LocalSettings, folder: Path, lock: int) -> AsyncIterator[Child]:
    """Run MiniStack on the folder; raise `Refusal` if it does not start."""
    environment = ministack_environment(settings, folder)
    log = folder / "log.txt"
    program = ChildProgram(
        name="The AWS emulator",
        arguments=("infra.local.lifeline", "infra.local.gateway_import"),
        environment=environment,
        folder=settings.root,
        # The next run on this folder waits until the emulator has saved.
        descriptors=(lock,),
        patience_seconds=_SAVE_SECONDS,
    )
    with log.open("wb") as output:
        emulator = await program.start(output)
    try:
        if not await _starts(settings.aws_port, emulator):
            raise Refusal(f"The AWS emulator does not start; {log} says why.")
        yield emulator
    finally:
        await emulator.stop()


def deploy(settings: LocalSettings, *, sender_by_api: bool = False) -> dict[str, str]:
    """Deploy the stacks to the emulator and return their outputs as environment variables.

    LocalStack's CloudFormation cannot register the sender of mails; its API can.
    """
    import boto3

    parameters = settings.parameters
    if sender_by_api:
        parameters["SenderIdentity"] = "elsewhere"
        with closing(boto3.client("ses")) as client, suppress(BotoCoreError, ClientError):
            client.verify_email_identity(EmailAddress=settings.sender_address)
    # Closed, because the emulator does not end while a client is connected.
    with closing(boto3.client("cloudformation")) as client:
        try:
            outputs = stacks.deploy(client, prefix=PREFIX, parameters=parameters)
        except stacks.StackFailed as failure:
            raise Refusal(str(failure)) from failure
    with closing(boto3.client("s3")) as client:
        placeholder.put(client, outputs["MEDIA_BUCKET"])
    return {**outputs, "MEDIA_KEYS_SECRET": ensure()}


def ministack_environment(
    settings: LocalSettings, folder: Path, *, listens_on: str = "127.0.0.1", name: str = "127.0.0.1"
) -> dict[str, str]:
    """Return MiniStack's settings, for `make run` and compose; its data are in the folder."""
    (folder / "tmp").mkdir(parents=True, exist_ok=True)
    return {
        # Only these are passed on: settings for other emulators must not change this one.
        **{
            name: settings.variables[name]
            for name in ("PATH", "HOME")
            if name in settings.variables
        },
        "GATEWAY_PORT": str(settings.aws_port),
        "PAGE_ORIGINS": settings.page_origins,
        "BIND_HOST": listens_on,
        "MINISTACK_HOST": name,
        "MINISTACK_REGION": REGION,
        "AWS_ACCESS_KEY_ID": ACCESS_KEY_ID,
        "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY,
        "PERSIST_STATE": "1",
        "STATE_DIR": str(folder / "state"),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(folder / "s3"),
        "TMPDIR": str(folder / "tmp"),
        # Unused services must neither listen nor look for containers to remove.
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "DOCKER_HOST": "unix:///nonexistent",
    }


async def _starts(port: int, emulator: Child) -> bool:
    ended = asyncio.create_task(emulator.ended())
    try:
        async with asyncio.timeout(_START_SECONDS):
            while not ended.done():
                if await asyncio.to_thread(_is_healthy, port):
                    return True
                await asyncio.sleep(0.05)
    except TimeoutError:
        pass
    finally:
        ended.cancel()
    return False


def _is_healthy(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/_ministack/health")
        return connection.getresponse().status == 200  # noqa: PLR2004
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def ensure() -> str:
    """Return the name of the secret with the key pair; create it at the first start."""
    import boto3

    name = secret_name(PREFIX)
    # Closed, because the emulator does not end while a client is connected.
    with closing(boto3.client("secretsmanager")) as client:
        try:
            client.describe_secret(SecretId=name)
        except client.exceptions.ResourceNotFoundException:
            client.create_secret(Name=name, SecretString=fresh_pair())
    return name


def fresh_pair() -> str:
    return Pair.fresh().secret(KEY_ID)
