"""AWS on this machine: MiniStack, its data in the data folder, and our stacks in it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from infra import placeholder, stacks
from infra.local import media_keys
from infra.local.child import Child, Program
from infra.local.settings import (
    ACCESS_KEY_ID,
    PREFIX,
    REGION,
    SECRET_ACCESS_KEY,
    LocalSettings,
)
from infra.refusal import Refusal

_START_SECONDS = 60
# It writes its data when it ends, so it may take its time.
_SAVE_SECONDS = 120


@asynccontextmanager
async def running(settings: LocalSettings, folder: Path, lock: int) -> AsyncIterator[Child]:
    """Run MiniStack on the folder; raise `Refusal` if it does not come up."""
    environment = ministack_environment(settings, folder)
    log = folder / "log.txt"
    program = Program(
        name="The AWS emulator",
        arguments=("infra.local.lifeline", "infra.local.gateway_import"),
        environment=environment,
        folder=settings.root,
        # Whoever starts next on this folder waits until the emulator has saved.
        descriptors=(lock,),
        patience_seconds=_SAVE_SECONDS,
    )
    with log.open("wb") as output:
        emulator = await program.start(output)
    try:
        if not await _comes_up(settings.aws_port, emulator):
            raise Refusal(f"The AWS emulator does not start; {log} says why.")
        yield emulator
    finally:
        await emulator.stop()


def deploy(settings: LocalSettings, *, sender_by_api: bool = False) -> dict[str, str]:
    """Bring our stacks to the emulator and return their outputs as environment variables.

    LocalStack's CloudFormation knows no sender of mails; its API does.
    """
    import boto3

    wanted = settings.parameters
    if sender_by_api:
        wanted["SenderIdentity"] = "elsewhere"
        with closing(boto3.client("ses")) as client, suppress(BotoCoreError, ClientError):
            client.verify_email_identity(EmailAddress=settings.sender_address)
    # Closed, for the emulator does not end while somebody is connected.
    with closing(boto3.client("cloudformation")) as client:
        try:
            outputs = stacks.deploy(client, prefix=PREFIX, parameters=wanted)
        except stacks.StackFailed as failure:
            raise Refusal(str(failure)) from failure
    with closing(boto3.client("s3")) as client:
        placeholder.lay(client, outputs["MEDIA_BUCKET"])
    return {**outputs, "MEDIA_KEYS_SECRET": media_keys.ensure()}


def ministack_environment(
    settings: LocalSettings, folder: Path, *, listens_on: str = "127.0.0.1", name: str = "127.0.0.1"
) -> dict[str, str]:
    """Return MiniStack's settings, here and in compose; its data lie in the folder."""
    (folder / "tmp").mkdir(parents=True, exist_ok=True)
    return {
        # Settings of the person's for other emulators must not change this one: only these pass.
        **{name: settings.given[name] for name in ("PATH", "HOME") if name in settings.given},
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
        # What we do not use shall neither listen nor look for containers to remove.
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "DOCKER_HOST": "unix:///nonexistent",
    }


async def _comes_up(port: int, emulator: Child) -> bool:
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
