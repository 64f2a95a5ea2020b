"""Paths of the project with djoser and simplejwt."""

from django.urls import include, path, re_path
from rest_framework.routers import SimpleRouter

from tests.dialects.originals.djoser.catalogue.views import (
    ProgressReports,
    Trailers,
    Videos,
    activate,
    health,
)

router = SimpleRouter()
router.register("progress", ProgressReports, basename="progress")
router.register("videos", Videos)
_get_progress = ProgressReports.as_view({"get": "get_progress"})
urlpatterns = [
    re_path(r"^api/progress/get_progress/?$", _get_progress),
    path("api/", include(router.urls)),
    path("api/auth/", include("djoser.urls")),
    path("api/auth/", include("djoser.urls.jwt")),
    path("activate/<uid>/<token>/", activate),
    path("api/trailers/", Trailers.as_view()),
    path("api/health/", health),
]
