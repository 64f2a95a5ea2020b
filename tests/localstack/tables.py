"""Tables for a LocalStack without Docker: MiniStack, in place of the engine it would download.

LocalStack starts Amazon's own engine, which it fetches from the network, with a Java that it
fetches as well; both look installed to it, and this Java is a program that starts MiniStack.
"""

import sys
from pathlib import Path

from tests.integration.supervised import REPOSITORY

_INSTALLED = "filesystem/var/lib/localstack/lib"
_PROGRAM = """#!{python}
import os, sys
port = sys.argv[sys.argv.index("-port") + 1]
os.chdir({repository!r})
ministack = [sys.executable, "-m", "ministack"]
os.execve(sys.executable, ministack, {{**{environment!r}, "GATEWAY_PORT": port}})
"""


def install(folder: Path) -> None:
    """Make LocalStack, whose data will lie in the folder, find what it need not download."""
    engine = folder / _INSTALLED / "dynamodb-local/2/DynamoDBLocal.jar"
    java = folder / _INSTALLED / "java/21/bin/java"
    for file in (engine, java):
        file.parent.mkdir(parents=True)
    engine.touch()
    environment = {
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "BIND_HOST": "127.0.0.1",
        "MINISTACK_HOST": "127.0.0.1",
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "DOCKER_HOST": "unix:///nonexistent",
    }
    program = _PROGRAM.format(
        python=sys.executable, repository=str(REPOSITORY), environment=environment
    )
    java.write_text(program, encoding="utf-8")
    java.chmod(0o755)
