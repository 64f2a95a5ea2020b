"""Videos that administrators write, trailers, progress, and links that lead to the page."""

from typing import Any

from django.contrib.auth.tokens import default_token_generator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.http import urlsafe_base64_decode
from rest_framework import generics, permissions, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from tests.dialects.originals.djoser.catalogue.models import Account, Progress, Video

_PAGE = "http://localhost:4200/auth/login?activated=yes"


class AdministratorsWrite(permissions.IsAuthenticated):
    def has_permission(self, request: Request, view: Any) -> bool:
        is_reading = request.method in permissions.SAFE_METHODS
        return super().has_permission(request, view) and (is_reading or request.user.is_staff)


class VideoSerializer(serializers.ModelSerializer):
    class Meta:
        model = Video
        fields = "__all__"
        read_only_fields = ("source_url", "source_variants", "thumb", "hero_frame")


class ProgressSerializer(serializers.ModelSerializer):
    class Meta:
        model = Progress
        fields = ("id", "video", "position", "duration", "updated")


class Videos(viewsets.ModelViewSet):
    queryset = Video.objects.all()
    serializer_class = VideoSerializer
    permission_classes = (AdministratorsWrite,)


class Trailers(generics.ListAPIView):
    queryset = Video.objects.filter(is_trailer=True)
    serializer_class = VideoSerializer
    permission_classes = (permissions.IsAuthenticated,)


class ProgressReports(viewsets.ModelViewSet):
    serializer_class = ProgressSerializer
    permission_classes = (permissions.IsAuthenticated,)
    http_method_names = ("get", "post", "head", "options")

    def get_queryset(self) -> Any:
        return Progress.objects.filter(account=self.request.user)

    def perform_create(self, serializer: Any) -> None:
        sent = dict(serializer.validated_data)
        video = sent.pop("video")
        serializer.instance, _ = Progress.objects.update_or_create(
            account=self.request.user, video=video, defaults=sent
        )

    @action(["get"], detail=False)
    def get_progress(self, request: Request) -> Response:
        video = request.GET.get("video", "")
        of_video = self.get_queryset().filter(video=int(video) if video.isdecimal() else 0)
        report = of_video.first() or Progress()
        return Response({"position": report.position, "duration": report.duration})


def activate(_request: HttpRequest, uid: str, token: str) -> HttpResponse:
    account = _account(uid)
    if account is None or not default_token_generator.check_token(account, token):
        return HttpResponse("This link is not valid.", status=400)
    account.is_active = True
    account.save()
    return HttpResponseRedirect(_PAGE)


def _account(uid: str) -> Account | None:
    try:
        return Account.objects.filter(pk=int(urlsafe_base64_decode(uid))).first()
    except ValueError:
        return None


def health(_request: HttpRequest) -> HttpResponse:
    return JsonResponse({"status": "ok"})
