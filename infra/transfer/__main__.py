"""`python -m infra.transfer`: import a Django installation or an export, or export a stage."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from infra.terminal import Refusal, printable, say

if TYPE_CHECKING:
    from infra.transfer.report import TransferReport

_WITH_PROBLEMS = 3
_AGAIN = "Called again, the command continues from here."
_AGAIN_INTO = "Export again, into another folder."


def main(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code: 0, or 3 if the report has something to decide."""
    options = _parser().parse_args(arguments)
    # Imported late, so that `--help` is fast.
    from infra.transfer import commands
    from infra.transfer.report import NOT_DONE, TransferReport

    run = {
        "import-django": commands.import_django,
        "import": commands.import_export,
        "export": commands.export,
    }[options.command]
    report = TransferReport()
    try:
        run(options, report)
    except BaseException:
        report.remarks.append(NOT_DONE)
        if report.counts:
            _say(report, options)
        raise
    _say(report, options)
    return _WITH_PROBLEMS if report.has_problems else 0


def _say(report: "TransferReport", options: argparse.Namespace) -> None:
    say(json.dumps(report.as_json(), ensure_ascii=False) if options.json else report.as_text())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m infra.transfer", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    django = commands.add_parser("import-django", help="import a dump of manage.py dumpdata")
    django.add_argument("dump", type=Path)
    django.add_argument("--media", type=Path, help="the folder MEDIA_ROOT of the installation")
    django.add_argument("--mapping", type=Path, help="names models and fields, in TOML or JSON")
    django.add_argument("--encoding", default="", help="of the dump, if it is not UTF-8")
    django.add_argument(
        "--unconfirmed",
        default="",
        metavar="USERS",
        help="keys or addresses of inactive users that never confirmed theirs, separated by commas",
    )
    django.add_argument("--dry-run", action="store_true", help="report, and write nothing")
    export = commands.add_parser("export", help="write JSON lines and a list of media")
    export.add_argument("folder", type=Path)
    export.add_argument("--media", action="store_true", help="fetch the listed objects as well")
    own = commands.add_parser("import", help="import an export")
    own.add_argument("folder", type=Path)
    own.add_argument("--media", type=Path, help="where the objects are, each under its key")
    for command in (django, export, own):
        command.add_argument("--stage", default="", help="dev or prod; without it, the local site")
        command.add_argument("--json", action="store_true", help="print the report as JSON")
    return parser


def exit_of(arguments: Sequence[str]) -> int | str:
    """Run the command; return its exit code, or the sentence that says why it did not end."""
    from boto3.exceptions import Boto3Error
    from botocore.exceptions import BotoCoreError, ClientError
    from pynamodb.exceptions import PynamoDBException

    from chalicelib.errors import DomainError

    try:
        return main(arguments)
    except Refusal as refusal:
        return printable(str(refusal))
    except (Boto3Error, BotoCoreError, ClientError, PynamoDBException) as error:
        reason = f"AWS refused: {error}"
    except DomainError as error:
        reason = f"The site refused: {error}"
    except OSError as error:
        reason = f"A file cannot be used: {error}"
    except KeyboardInterrupt:
        reason = "Interrupted."
    return printable(f"{reason}\n{_AGAIN_INTO if 'export' in arguments[:1] else _AGAIN}")


if __name__ == "__main__":
    sys.exit(exit_of(sys.argv[1:]))
