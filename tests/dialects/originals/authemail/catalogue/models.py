"""Accounts of django-rest-authemail, videos with a table of categories, and progress."""

from authemail.models import EmailAbstractUser, EmailUserManager
from django.conf import settings
from django.db import models


class Account(EmailAbstractUser):
    objects = EmailUserManager()


class Category(models.Model):
    name = models.CharField(max_length=50)
    slug = models.SlugField(unique=True)


class Video(models.Model):
    file = models.FileField(upload_to="videos/")
    title = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    category = models.ForeignKey(Category, on_delete=models.CASCADE)
    created_at = models.DateTimeField(auto_now_add=True)
    thumbnail = models.FileField(upload_to="thumbnails/", blank=True)

    class Meta:
        ordering = ("-created_at",)


class WatchProgress(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    video = models.ForeignKey(Video, on_delete=models.CASCADE)
    last_position = models.DecimalField(max_digits=8, decimal_places=2)
    total_duration = models.PositiveIntegerField()
    completed = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
