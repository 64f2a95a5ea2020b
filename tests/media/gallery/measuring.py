"""The product in a process of its own: how long it takes, and how much memory."""

import multiprocessing
import pickle
import resource
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from chalicelib.encoding.failures import Reason
from tests.builders.published_encodes import Finished, finished
from tests.media.gallery.model import Entry
from tests.media.gallery.verdicts import Outcome, Verdict, verdict
from transcoder.errors import Refused

STUCK_SECONDS = 400
_MOST_MEGABYTES, _PER_MEGAPIXEL = 600, 300
_FORKS = multiprocessing.get_context("fork")


@dataclass(frozen=True, slots=True)
class Measured:
    name: str
    verdict: Verdict
    seconds: float = 0
    # Of the largest process that touched the file.
    peak_megabytes: float = 0


@dataclass(frozen=True, slots=True)
class Refusing:
    reason: Reason
    detail: str


class _Stuck(Exception):
    """It was not done in time."""


def measure(entry: Entry, folder: Path) -> Measured:
    """Judge one entry; nothing that happens to it is an exception."""
    spent = [0.0, 0.0]

    def finish(path: Path) -> Finished:
        begun = time.monotonic()
        outcome, spent[1] = _in_a_fork(path)
        spent[0] = time.monotonic() - begun
        if isinstance(outcome, Refusing):
            raise Refused(outcome.reason, outcome.detail)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    try:
        judgement = verdict(entry, folder, finish)
    except _Stuck:
        judgement = Verdict(Outcome.STUCK, (f"not done after {STUCK_SECONDS} s",))
    except Exception as error:  # noqa: BLE001
        judgement = Verdict(Outcome.WRONG, (f"{type(error).__name__}: {error}"[-600:],))
    return Measured(entry.name, _bounded(entry, judgement, spent[1]), *spent)


def _bounded(entry: Entry, judgement: Verdict, megabytes: float) -> Verdict:
    """Memory may depend on the size of the picture, and on nothing else."""
    most = _MOST_MEGABYTES + _PER_MEGAPIXEL * entry.master.width * entry.master.height / 1e6
    if megabytes <= most:
        return judgement
    took = f"took {megabytes:.0f} MB, more than {most:.0f}"
    return Verdict(Outcome.WRONG, (*judgement.why, took), judgement.notes)


def _in_a_fork(path: Path) -> tuple[Finished | Refusing | Exception, float]:
    ours, theirs = _FORKS.Pipe(duplex=False)
    process = _FORKS.Process(target=_finish, args=(path, theirs))
    process.start()
    theirs.close()
    try:
        if not ours.poll(STUCK_SECONDS):
            raise _Stuck
        outcome, kilobytes = pickle.loads(ours.recv_bytes())  # noqa: S301
    finally:
        process.terminate()
        process.join()
    return outcome, kilobytes / 1024


def _finish(path: Path, pipe: Connection) -> None:
    outcome: Finished | Refusing | Exception
    try:
        outcome = finished(path)
    except Refused as refusal:
        outcome = Refusing(refusal.reason, refusal.detail)
    except Exception as error:  # noqa: BLE001
        outcome = RuntimeError(f"{type(error).__name__}: {error}")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    pipe.send_bytes(pickle.dumps((outcome, peak)))
