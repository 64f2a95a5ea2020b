"""Wiring of the catalogue feature."""

from datetime import timedelta
from functools import cache

from chalicelib.adapters.public_media import BucketPublicMedia
from chalicelib.catalogue.cache import CatalogueCache
from chalicelib.catalogue.categories import Categories
from chalicelib.catalogue.category_arrangement import CategoryArrangement
from chalicelib.catalogue.curation import Curation
from chalicelib.catalogue.ports import CategoryStore, PublicMedia
from chalicelib.catalogue.saving import CopySaving
from chalicelib.catalogue.trash import Trash
from chalicelib.encoding.pictures import Pictures
from chalicelib.wiring import stage


@cache
def catalogue_cache() -> CatalogueCache:
    return CatalogueCache(stage.changes(), stage.catalogue_copies(), stage.clock())


@cache
def copy_saving() -> CopySaving:
    return CopySaving(catalogue_cache(), stage.catalogue_copies(), stage.clock())


@cache
def curation() -> Curation:
    return Curation(
        videos=stage.videos(),
        categories=categories(),
        cache=catalogue_cache(),
        public_media=public_media(),
        clock=stage.clock(),
    )


@cache
def trash() -> Trash:
    return Trash(
        videos=stage.videos(),
        cache=catalogue_cache(),
        public_media=public_media(),
        trail=stage.audit_trail(),
        clock=stage.clock(),
        kept_for=timedelta(days=stage.settings().trash_days),
    )


@cache
def public_media() -> PublicMedia:
    return BucketPublicMedia(Pictures(stage.media(), stage.videos()), stage.media())


@cache
def categories() -> Categories:
    return Categories(category_store(), catalogue_cache(), stage.audit_trail(), stage.clock())


@cache
def category_arrangement() -> CategoryArrangement:
    return CategoryArrangement(category_store(), catalogue_cache())


@cache
def category_store() -> CategoryStore:
    from chalicelib.adapters.dynamodb.category_store import DynamoCategoryStore

    return DynamoCategoryStore(stage.catalogue_table(), stage.clock())
