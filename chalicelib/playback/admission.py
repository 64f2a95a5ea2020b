"""Admission: checks whether a viewer may play a video, and which revision."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from chalicelib.accounts.model import AccountId, AccountNotFound, SessionOver
from chalicelib.accounts.ports import AccountStore, SessionStore
from chalicelib.accounts.revocations import Revocations
from chalicelib.accounts.session import SessionId
from chalicelib.accounts.tokens import Identity
from chalicelib.catalogue.audience import Audience
from chalicelib.catalogue.model import NO_AGE_LIMIT, Revision, Video, VideoId, VideoNotFound
from chalicelib.clock import Clock
from chalicelib.lru_cache import LruCache
from chalicelib.playback.grants import Grants, life_of
from chalicelib.playback.media_urls import end_of_life
from chalicelib.playback.model import Grant, GrantRefused, NotPlayable, Stream
from chalicelib.playback.ports import Streams, VideoFinder, Viewers

# Time until the next check in the database. Revocations cover recent sign-outs; this covers older
# ones, and changes of the session epoch such as a changed password.
TRUSTED_FOR = timedelta(seconds=60)
_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Playing:
    """A grant, the video it is for, and the stream it permits."""

    grant: Grant
    video: Video
    stream: Stream


@dataclass(frozen=True, slots=True)
class Admission:
    videos: VideoFinder
    streams: Streams
    viewers: Viewers
    grants: Grants
    clock: Clock

    def admit(
        self,
        identity: Identity,
        video_id: VideoId,
        *,
        age_limit: int = NO_AGE_LIMIT,
        refused: Revision | None = None,
    ) -> Playing:
        """Create a grant for a signed-in viewer; raise `VideoNotFound` or `NotPlayable`.

        Viewers get `VideoNotFound` for a video without media; administrators get `NotPlayable`.
        A video above the age limit is found by neither.
        Administrators also play a revision that was refused for its damage and is not published,
        if they ask for it or if no other revision is playable.
        """
        video = self._video(video_id)
        if not video.card.is_within(age_limit):
            raise VideoNotFound
        if refused or not Audience.EARLY_VIEWERS.sees(video, at=self.clock.now()):
            self._require_admin(identity.account_id)
        revision = None if refused else video.playable_revision
        if revision is None:
            revision = video.withheld_revision
            if revision is None or refused not in (None, revision):
                raise NotPlayable("This video cannot be played yet.")
        stream = self.streams.stream(video_id, revision)
        # In whole seconds, as in the token.
        now = self.clock.now().replace(microsecond=0)
        grant = Grant(
            account_id=identity.account_id,
            session_id=identity.session_id,
            video_id=video_id,
            revision=revision,
            issued_at=now,
            expires_at=end_of_life(now, life_of(stream.asset)),
        )
        return Playing(grant, video, stream)

    def readmit(self, video_id: VideoId, token: str) -> Playing:
        """Check the grant in a token; raise `GrantRefused`, or the errors of `admit`."""
        grant = self.grants.read(token, video_id)
        self.viewers.require_alive(grant)
        video = self._video(video_id)
        if not video.is_public_at(self.clock.now()):
            self._require_admin(grant.account_id)
        # The revision of the grant, even if a newer one is published by now.
        stream = self.streams.stream(video_id, grant.revision)
        if stream.is_refused:
            # The grant may be older than the refusal.
            self._require_admin(grant.account_id)
        return Playing(grant, video, stream)

    def _video(self, video_id: VideoId) -> Video:
        video = self.videos.find(video_id)
        if video.is_in_trash:
            raise VideoNotFound
        return video

    def _require_admin(self, account_id: AccountId) -> None:
        if not self.viewers.is_admin(account_id):
            raise VideoNotFound


@dataclass(frozen=True, slots=True)
class ViewerCheck:
    accounts: AccountStore
    sessions: SessionStore
    revocations: Revocations
    clock: Clock
    _seen_alive: LruCache[SessionId, datetime] = field(
        default_factory=lambda: LruCache(_REMEMBERED)
    )

    def require_alive(self, grant: Grant) -> None:
        if self.revocations.is_over(grant.session_id):
            raise GrantRefused(SessionOver.sentence)
        now = self.clock.now()
        known_at = self._seen_alive.get(grant.session_id) or grant.issued_at
        if now - max(known_at, grant.issued_at) >= TRUSTED_FOR:
            self._look(grant)
            self._seen_alive.put(grant.session_id, now)

    def is_admin(self, account_id: AccountId) -> bool:
        try:
            account = self.accounts.by_id(account_id)
        except AccountNotFound:
            return False
        return account.is_active and account.is_admin

    def _look(self, grant: Grant) -> None:
        try:
            session, account = self.sessions.get_with_account(grant.account_id, grant.session_id)
        except SessionOver:
            session, account = None, None
        if session is None or account is None or not session.may_go_on(account):
            raise GrantRefused(SessionOver.sentence)
