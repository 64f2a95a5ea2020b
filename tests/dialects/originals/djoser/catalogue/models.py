"""Accounts that sign in by address, videos with facts of their makers, and progress."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models


class AccountManager(BaseUserManager):
    def create_user(self, email: str, password: str, **fields: Any) -> "Account":
        account: Account = self.model(email=self.normalize_email(email), **fields)
        account.set_password(password)
        account.save()
        return account


class Account(AbstractUser):
    username = None
    email = models.EmailField(unique=True, max_length=254)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = AccountManager()


class Category(models.TextChoices):
    NEW = "New on Videoflix"
    DOCUMENTARY = "Documentary"
    DRAMA = "Drama"
    ROMANCE = "Romance"


class Video(models.Model):
    title = models.CharField(max_length=255)
    description = models.TextField(blank=True)
    category = models.CharField(max_length=30, choices=Category.choices, default=Category.NEW)
    is_trailer = models.BooleanField(default=False)
    thumb = models.FileField(blank=True, null=True)
    hero_frame = models.FileField(blank=True, null=True)
    source_url = models.URLField(max_length=500, blank=True, null=True)
    video_file = models.FileField(blank=True, null=True)
    source_variants = models.JSONField(blank=True, null=True)
    genre = models.CharField(max_length=100, blank=True)
    release = models.DateField(null=True, blank=True)
    director = models.CharField(max_length=200, blank=True)
    license_type = models.CharField(max_length=50, blank=True)
    license_url = models.URLField(blank=True, null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-created_at",)


class Progress(models.Model):
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    video = models.ForeignKey(Video, on_delete=models.CASCADE)
    position = models.FloatField(default=0)
    duration = models.FloatField(default=0)
    updated = models.DateTimeField(auto_now=True)

    class Meta:
        unique_together = ("account", "video")
        ordering = ("-updated",)
