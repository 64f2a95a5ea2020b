"""`python -m infra.deploy`: bring a stage to AWS, remove it, and what else is done to it."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from infra.refusal import Refusal

ROOT = Path(__file__).parents[2]


def main(arguments: Sequence[str]) -> None:
    asked = _parser().parse_args(arguments)
    # Not before: who asks for help need not wait for all of it.
    from infra.deploy import admin, down, maintenance, up
    from infra.deploy.stages import stage_named

    stage = stage_named(asked.stage)
    if asked.command == "up":
        up.up(stage, ROOT, os.environ)
    elif asked.command == "down":
        insists = bool(getattr(asked, f"yes_delete_{stage.name}", False))
        down.down(stage, ROOT, os.environ, may_delete_prod=insists)
    elif asked.command == "rotate":
        maintenance.rotate(stage, ROOT, os.environ)
    elif asked.command == "unlock":
        maintenance.unlock(stage, ROOT, os.environ)
    else:
        admin.admin(stage, asked.email, os.environ)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m infra.deploy", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, purpose in (
        ("up", "deploy what this folder holds"),
        ("down", "remove what runs; data stay"),
        ("rotate", "sign media with a new key"),
        ("unlock", "let the next deploy in after one that died"),
        ("admin", "make an administrator"),
    ):
        command = commands.add_parser(name, help=purpose)
        command.add_argument("stage")
        if name == "down":
            command.add_argument("--yes-delete-prod", action="store_true")
        if name == "admin":
            command.add_argument("email")
    return parser


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except Refusal as refusal:
        sys.exit(f"\n{refusal}")
    except (BotoCoreError, ClientError) as error:
        sys.exit(f"\nAWS did not do it: {error}\nThe next deploy goes on from here.")
    except KeyboardInterrupt:
        sys.exit(
            "\nBroken off. The old version goes on serving; the next deploy goes on from here."
        )
