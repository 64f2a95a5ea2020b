"""Prepares the project with djoser and simplejwt by its models and tokens."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from rest_framework_simplejwt.tokens import AccessToken, RefreshToken

from tests.dialects.originals.djoser.catalogue.models import Account, Category, Video
from tests.dialects.request import ADA, PASSWORD, ROOT, Preparation


def prepare(preparation: Preparation, known: Mapping[str, str]) -> Mapping[str, str]:
    match preparation:
        case Preparation.ADMINISTRATOR:
            Account.objects.create_user(ROOT, PASSWORD, is_staff=True)
        case Preparation.VIDEO:
            return {"video": str(_video(is_trailer=False).pk)}
        case Preparation.TRAILER:
            return {"video": str(_video(is_trailer=True).pk)}
        case Preparation.DEACTIVATION:
            Account.objects.filter(email=ADA).update(is_active=False)
        case Preparation.EXPIRY:
            kinds = {"access": AccessToken, "refresh": RefreshToken}
            return {name: _expired(kind(known[name])) for name, kind in kinds.items()}
    return {}


def _video(*, is_trailer: bool) -> Video:
    return Video.objects.create(
        title="Metropolis",
        description="A city.",
        category=Category.DRAMA,
        is_trailer=is_trailer,
        thumb="thumbs/1/metropolis.jpg",
        hero_frame="thumbs/1/metropolis_hero.jpg",
        video_file="videos/1/metropolis.mp4",
        source_variants=[
            {"path": f"videos/1/metropolis_{height}p.mp4", "height": height}
            for height in (1080, 720, 360, 240)
        ],
    )


def _expired(token: AccessToken | RefreshToken) -> str:
    token.set_exp(from_time=datetime.now(UTC) - timedelta(days=30))
    return str(token)
