"""`python -m infra.deploy`: deploy, remove and maintain a stage on AWS."""

import argparse
import os
import sys
from collections.abc import Sequence

from botocore.exceptions import BotoCoreError, ClientError

from infra.root import ROOT
from infra.terminal import Refusal


def main(arguments: Sequence[str]) -> None:
    options = _parser().parse_args(arguments)
    # Imported late, so that `--help` is fast.
    from infra.deploy import down, maintenance, up
    from infra.deploy.stages import stage_named

    stage = stage_named(options.stage)
    if options.command == "up":
        up.up(stage, ROOT, os.environ)
    elif options.command == "down":
        may_delete = bool(getattr(options, f"yes_delete_{stage.name}", False))
        down.down(stage, ROOT, os.environ, may_delete_prod=may_delete)
    elif options.command == "rotate":
        maintenance.rotate(stage, ROOT, os.environ)
    elif options.command == "unlock":
        maintenance.unlock(stage, ROOT, os.environ)
    else:
        maintenance.admin(stage, options.email, os.environ)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m infra.deploy", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, purpose in (
        ("up", "deploy what this folder holds"),
        ("down", "remove what runs; data are kept"),
        ("rotate", "sign media with a new key"),
        ("unlock", "remove the lock of a deploy that died"),
        ("admin", "create or update an administrator"),
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
        sys.exit(f"\nAWS refused: {error}\nThe next deploy continues from here.")
    except KeyboardInterrupt:
        sys.exit(
            "\nInterrupted. The old version still serves; the next deploy continues from here."
        )
