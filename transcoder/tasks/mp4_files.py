"""Which MP4 files a revision gets, and what the number of a task makes."""

from collections.abc import Sequence

from chalicelib.catalogue.asset import Asset, Rung
from chalicelib.encoding.messages import MP4_ONLY_LINES
from chalicelib.encoding.updates import PromisedFiles
from transcoder.outputs.mp4 import MP4_NAME
from transcoder.planning.ladder import mp4_only
from transcoder.settings import TranscoderSettings


def promised(settings: TranscoderSettings) -> PromisedFiles:
    if not settings.makes_mp4:
        return PromisedFiles()
    return PromisedFiles(MP4_NAME, (MP4_ONLY_LINES,) if settings.makes_mp4_120p else ())


def task_numbers(files: PromisedFiles, asset: Asset) -> Sequence[int]:
    return [*range(len(asset.rungs)), *files.only_heights] if files.name else []


def rung_of(asset: Asset, number: int) -> Rung:
    return mp4_only(asset) if number == MP4_ONLY_LINES else asset.rungs[number]
