"""Paths of the project with django-rest-authemail."""

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from tests.dialects.originals.authemail.catalogue.views import Categories, Videos

router = SimpleRouter()
router.register("categories", Categories)
router.register("videos", Videos)
urlpatterns = [
    path("api/accounts/", include("authemail.urls")),
    path("api/", include(router.urls)),
]
