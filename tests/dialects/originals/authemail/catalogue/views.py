"""Categories and videos to read, as the page for this dialect expects them."""

from rest_framework import serializers, viewsets

from tests.dialects.originals.authemail.catalogue.models import Category, Video


class CategorySerializer(serializers.ModelSerializer):
    class Meta:
        model = Category
        fields = ("id", "name", "slug")


class VideoSerializer(serializers.ModelSerializer):
    category = CategorySerializer(read_only=True)

    class Meta:
        model = Video
        fields = ("id", "title", "description", "file", "category", "created_at", "thumbnail")


class Categories(viewsets.ReadOnlyModelViewSet):
    queryset = Category.objects.all()
    serializer_class = CategorySerializer


class Videos(viewsets.ReadOnlyModelViewSet):
    queryset = Video.objects.select_related("category")
    serializer_class = VideoSerializer
