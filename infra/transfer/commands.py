"""The commands: each fills a report, and raises `Refusal` before anything is written."""

import argparse
import secrets
from pathlib import Path

from chalicelib.adapters.passwords import PasslibHasher
from infra.terminal import Refusal, say_beside
from infra.transfer import stage
from infra.transfer.destination import Destination, DryRun
from infra.transfer.django_accounts import DjangoAccounts
from infra.transfer.django_import import DjangoImport
from infra.transfer.django_videos import DjangoVideos
from infra.transfer.export_folder import ExportFolder
from infra.transfer.export_import import ExportImport
from infra.transfer.imported_ids import ImportedIds
from infra.transfer.json_objects import JsonFile
from infra.transfer.mapping import DumpMapping
from infra.transfer.report import TransferReport
from infra.transfer.site import Site
from infra.transfer.source_files import MediaFolder


def import_django(options: argparse.Namespace, report: TransferReport) -> None:
    dump = JsonFile(_existing(options.dump), options.encoding)
    known = DumpMapping.known()
    mapping = known.changed_by(options.mapping) if options.mapping else known
    media = _media(options.media) if options.media else None
    with ImportedIds() as ids:
        run = DjangoImport(dump, mapping, _destination(options), ids, report)
        now = stage.now()
        unusable = PasslibHasher().hash(secrets.token_urlsafe())
        accounts = DjangoAccounts(unusable, now, _listed(options.unconfirmed))
        references = run.references(accounts)
        run.write(accounts, DjangoVideos(references, media, now))


def import_export(options: argparse.Namespace, report: TransferReport) -> None:
    folder = ExportFolder(options.folder)
    media = _media(options.media) if options.media else MediaFolder(folder.media)
    with ImportedIds() as ids:
        run = ExportImport(folder, media, stage.now(), ids, report)
        _enter(options, "Importing into")
        run.check()
        run.write(stage.destination())


def export(options: argparse.Namespace, report: TransferReport) -> None:
    _enter(options, "Exporting from")
    stage.export().write(ExportFolder(options.folder), report, with_media=options.media)


def _listed(text: str) -> frozenset[str]:
    """Return the keys and addresses that a text lists; those are stored in lower case."""
    names = filter(None, (each.strip() for each in text.split(",")))
    return frozenset(each.lower() if "@" in each else each for each in names)


def _destination(options: argparse.Namespace) -> Destination:
    if options.dry_run:
        say_beside(f"Dry run: nothing is written into {Site.named(options.stage)}")
        return DryRun()
    _enter(options, "Importing into")
    return stage.destination()


def _enter(options: argparse.Namespace, doing: str) -> None:
    stage.enter(options.stage)
    say_beside(f"{doing} {Site.entered(options.stage)}")


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise Refusal(f"There is no file {path}.")
    return path


def _media(path: Path) -> MediaFolder:
    if not path.is_dir():
        raise Refusal(f"There is no folder {path}.")
    return MediaFolder(path)
