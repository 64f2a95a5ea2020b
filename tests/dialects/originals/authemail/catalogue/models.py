"""Accounts of django-rest-authemail, and videos with a category of their own table."""

from authemail.models import EmailAbstractUser, EmailUserManager
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
