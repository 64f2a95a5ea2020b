"""What viewers keep: names and errors of profiles, progress and watchlists."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from chalicelib.accounts.model import AccountId
from chalicelib.catalogue.model import VideoId
from chalicelib.errors import Conflict, Forbidden, InvalidInput, NotFound

ProfileId = NewType("ProfileId", str)

# The profile of callers that choose none; every account has it, stored or not.
DEFAULT_PROFILE = ProfileId("default")


class ProfileNotFound(NotFound):
    code = "profile_not_found"
    sentence = "There is no such profile."


class TooManyProfiles(Conflict):
    code = "too_many_profiles"


class StaleProfiles(Conflict):
    code = "stale_profiles"


class ProfileLocked(Forbidden):
    """The profile, or every change of profiles, needs the token of an unlocked profile."""

    code = "profile_locked"


class DefaultProfile(Forbidden):
    """The default profile is what callers get without choosing: it stays, and has no PIN."""

    code = "default_profile"


class WrongPin(InvalidInput):
    code = "wrong_pin"


class ReportKind(StrEnum):
    """Why a player reports; regular reports alone may be thinned."""

    REGULAR = "regular"
    PAUSE = "pause"
    END = "end"
    CLOSED = "closed"


class Codec(StrEnum):
    """The video codec that was played, as the aggregates of watched seconds name it."""

    H264 = "h264"
    HEVC = "hevc"
    VP9 = "vp9"
    AV1 = "av1"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ViewingKey:
    """One video for one profile of an account."""

    account_id: AccountId
    profile_id: ProfileId
    video_id: VideoId


@dataclass(frozen=True, slots=True)
class Cursor:
    """The position of an entry in a list that begins with the newest one."""

    at: datetime
    video_id: VideoId


@dataclass(frozen=True, slots=True)
class WatchlistEntry:
    profile_id: ProfileId
    video_id: VideoId
    at: datetime
