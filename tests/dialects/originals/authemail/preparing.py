"""Prepares the project with django-rest-authemail by its models."""

from collections.abc import Mapping

from tests.dialects.originals.authemail.catalogue.models import Account, Category, Video
from tests.dialects.request import ADA, PASSWORD, ROOT, Preparation


def prepare(preparation: Preparation, _known: Mapping[str, str]) -> Mapping[str, str]:
    match preparation:
        case Preparation.ADMINISTRATOR:
            Account.objects.create_user(ROOT, PASSWORD, is_staff=True, is_verified=True)
        case Preparation.VIDEO:
            category = Category.objects.create(name="Drama", slug="drama")
            video = Video.objects.create(
                title="Metropolis",
                description="A city.",
                category=category,
                file="videos/metropolis.mp4",
                thumbnail="thumbnails/metropolis.jpg",
            )
            return {"video": str(video.pk), "category": str(category.pk)}
        case Preparation.DEACTIVATION:
            Account.objects.filter(email=ADA).update(is_active=False)
        case Preparation.EXPIRY | Preparation.TRAILER:
            raise NotImplementedError(preparation)
    return {}
