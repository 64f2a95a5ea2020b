"""One entry from its file to a verdict."""

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from chalicelib.encoding.failures import Reason
from tests.builders.published_encodes import Finished
from tests.media.gallery.comparing import different, faults, published
from tests.media.gallery.decoding import Decoded, decoded
from tests.media.gallery.files import NotMade, make
from tests.media.gallery.model import Entry, Refusal, Video
from transcoder.errors import Refused

# With more wrong pictures nothing is published unasked. Two decodings of one file are alike.
_MOST_WRONG, _LIKE_THE_WHOLE = 0.05, 6


class Outcome(StrEnum):
    RIGHT = "right"
    REFUSED_RIGHTLY = "refused rightly"
    WRONG = "wrong"
    STUCK = "stuck"
    REFUSED_WRONGLY = "refused wrongly"
    NOT_MADE = "not made"


@dataclass(frozen=True, slots=True)
class Verdict:
    outcome: Outcome
    why: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def is_miss(self) -> bool:
        return self.outcome in (Outcome.WRONG, Outcome.STUCK, Outcome.REFUSED_WRONGLY)


def verdict(entry: Entry, folder: Path, finish: Callable[[Path], Finished]) -> Verdict:
    """Send the file through the product, which may refuse it, and look at what came of it."""
    try:
        path = make(entry, folder)
    except NotMade as reason:
        return Verdict(Outcome.NOT_MADE, (str(reason),))
    try:
        made = finish(path)
    except Refused as refusal:
        return _of_refusal(entry, path, refusal)
    if isinstance(entry.becomes, Refusal):
        return Verdict(Outcome.WRONG, (f"published, not refused as {entry.becomes.reasons}",))
    result = published(made)
    wrong = faults(entry.becomes, judged(entry, path), result)
    if not made.report["ok"]:
        wrong.append("the report says no")
    return Verdict(Outcome.WRONG if wrong else Outcome.RIGHT, tuple(wrong), result.notes)


def judged(entry: Entry, path: Path) -> Decoded:
    video = entry.becomes
    assert isinstance(video, Video)
    if not video.is_judged:
        return Decoded((), (), (), 0)
    return decoded(
        path, video=entry.video, audio=entry.audio, tracks=video.tracks, decoder=entry.decoder
    )


def _of_refusal(entry: Entry, path: Path, refusal: Refused) -> Verdict:
    said = f"refused as {refusal.reason}: {refusal.detail}"
    if isinstance(entry.becomes, Video):
        return Verdict(Outcome.REFUSED_WRONGLY, (said,))
    if refusal.reason not in entry.becomes.reasons or entry.becomes.detail not in refusal.detail:
        return Verdict(Outcome.WRONG, (f"{said} not {entry.becomes}",))
    if not entry.becomes.policy and _is_playable(path) and not _is_hurt(entry, refusal, path):
        return Verdict(Outcome.REFUSED_WRONGLY, (f"{said} but others decode it completely",))
    return Verdict(Outcome.REFUSED_RIGHTLY, (said,))


def _is_hurt(entry: Entry, refusal: Refused, path: Path) -> bool:
    """Whether an independent decoder that complains of nothing shows much that was not in it."""
    if refusal.reason is not Reason.DAMAGED or len(entry.parts) != 1:
        return False
    from tests.media.gallery.catalogue import entry_of

    whole = decoded(make(entry_of(entry.parts[0]), path.parent))
    right = {picture.at: picture for picture in whole.pictures}
    pictures = [picture for picture in decoded(path).pictures if picture.at in right]
    wrong = sum(
        bool(different(picture, [right[picture.at]], most=_LIKE_THE_WHOLE)) for picture in pictures
    )
    return wrong > _MOST_WRONG * len(right)


def _is_playable(path: Path) -> bool:
    """Whether an independent decoder shows pictures and complains about nothing."""
    try:
        seen = decoded(path)
    except subprocess.TimeoutExpired:
        return False
    return not seen.complaints and len(seen.pictures) > 1
