"""Keys of the viewing table: one partition per account, sorted by kind, profile and video."""

from chalicelib.accounts.model import AccountId
from chalicelib.catalogue.model import VideoId
from chalicelib.viewing.model import ProfileId, ViewingKey

PROFILES = "PROFILES"
PROGRESS = "PROGRESS#"
WATCHLIST = "WATCHLIST#"


def account_key(account_id: AccountId) -> str:
    return f"ACCOUNT#{account_id}"


def sort_key(kind: str, key: ViewingKey) -> str:
    return f"{prefix_of(kind, key.profile_id)}{key.video_id}"


def prefix_of(kind: str, profile_id: ProfileId | None) -> str:
    """Return the beginning of the sort keys of a profile, or of all profiles."""
    return f"{kind}{profile_id}#" if profile_id else kind


def parsed(pk: str, sk: str) -> ViewingKey:
    _, _, account_id = pk.partition("#")
    _, profile_id, video_id = sk.split("#")
    return ViewingKey(AccountId(int(account_id)), ProfileId(profile_id), VideoId(int(video_id)))
