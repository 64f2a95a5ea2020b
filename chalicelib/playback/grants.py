"""Grants: how long they are valid, and the signed tokens that carry them in playlist URLs."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from chalicelib.accounts.model import AccountId
from chalicelib.accounts.ports import TokenSigner
from chalicelib.accounts.session import SessionId
from chalicelib.catalogue.asset import Asset
from chalicelib.catalogue.model import Revision, VideoId
from chalicelib.clock import Clock
from chalicelib.lru_cache import LruCache
from chalicelib.playback.model import Grant, GrantRefused

# A player reads its playlists once, so their URLs must outlive the video and its pauses.
PAUSES = timedelta(hours=4)

_PURPOSE = "playback"
_REMEMBERED = 2_000


@dataclass(frozen=True, slots=True)
class Grants:
    signer: TokenSigner
    clock: Clock
    # Players send the same token for every rendition and every reload.
    _known: LruCache[str, Grant] = field(default_factory=lambda: LruCache(_REMEMBERED))

    def token(self, grant: Grant) -> str:
        claims = {
            "sub": str(grant.account_id),
            "sid": grant.session_id,
            "vid": str(grant.video_id),
            "rev": str(grant.revision),
            "from": _seconds(grant.issued_at),
            "until": _seconds(grant.expires_at),
        }
        return self.signer.sign(_PURPOSE, claims, expires_at=grant.expires_at)

    def read(self, token: str, video_id: VideoId) -> Grant:
        """Return the grant; raise `GrantRefused` if it is expired or for another video."""
        grant = self._known.get(token) or self._proven(token)
        if grant is None or grant.video_id != video_id or grant.expires_at <= self.clock.now():
            raise GrantRefused("This URL is not valid, or no longer. Please open the video.")
        return grant

    def _proven(self, token: str) -> Grant | None:
        claims = self.signer.claims(_PURPOSE, token) if token else None
        if claims is None:
            return None
        grant = Grant(
            account_id=AccountId(int(claims["sub"])),
            session_id=SessionId(claims["sid"]),
            video_id=VideoId(int(claims["vid"])),
            revision=Revision(int(claims["rev"])),
            issued_at=_moment(claims["from"]),
            expires_at=_moment(claims["until"]),
        )
        self._known.put(token, grant)
        return grant


def life_of(asset: Asset) -> timedelta:
    """Return how long a grant for these media is valid."""
    return timedelta(seconds=float(asset.grid.duration)) + PAUSES


def _seconds(moment: datetime) -> str:
    return str(int(moment.timestamp()))


def _moment(seconds: str) -> datetime:
    return datetime.fromtimestamp(int(seconds), UTC)
