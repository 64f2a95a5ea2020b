"""What playback needs from the outside world."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from chalicelib.accounts.model import AccountId
from chalicelib.catalogue.model import Revision, Video, VideoId
from chalicelib.playback.model import Grant, Stream


class Titles(Protocol):
    def find(self, video_id: VideoId) -> Video:
        """Return the title, drafts as well; raise `VideoNotFound` if there is none."""


class Streams(Protocol):
    def stream(self, video_id: VideoId, revision: Revision) -> Stream:
        """Return what can be played by now; raise `NotPlayable` if nothing ever will be."""

    def iframes(self, video_id: VideoId, revision: Revision) -> Mapping[str, Sequence[int]]:
        """Return, by rung, the lengths of the I-frames that its segments begin with."""


class MediaSigner(Protocol):
    def query(self, folder: str, *, expires_at: datetime) -> str:
        """Return the query string that opens every object below the folder until then."""


class Viewers(Protocol):
    def require_alive(self, grant: Grant) -> None:
        """Raise `GrantRefused` if the session that lent it is over."""

    def is_admin(self, account_id: AccountId) -> bool: ...
