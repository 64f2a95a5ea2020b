"""Use cases of administrators: add, rename and remove categories."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.audit import (
    AuditAction,
    AuditEvent,
    AuditOutcome,
    AuditTrail,
    Target,
    current_actor,
)
from chalicelib.catalogue.cache import CatalogueCache
from chalicelib.catalogue.category_names import category_id_of
from chalicelib.catalogue.model import (
    BadTitle,
    Category,
    CategoryId,
    CategoryNotFound,
    CategoryTaken,
    StaleCategory,
    slug_of,
)
from chalicelib.catalogue.names import one_line
from chalicelib.catalogue.ports import CategoryStore, Changes
from chalicelib.catalogue.versions import KnownVersions, values_of_category
from chalicelib.clock import Clock
from chalicelib.language import Language, Text

# The removal of a category writes all of them in one transaction.
MOST_NAMES = 90
_EARLIER_NAME = (
    'This is an earlier name of the category "{name}" and still leads to it. '
    "Please choose another one."
)
NO_NAME = "This field needs a letter or a digit."


@dataclass(frozen=True, slots=True)
class Categories:
    store: CategoryStore
    cache: CatalogueCache
    trail: AuditTrail
    clock: Clock

    def add(self, name: str) -> Category:
        name = _category_name(name)
        self._refuse_one_alike(name)
        slug = slug_of(name)
        category = Category(category_id_of(slug), name, slug, changed_at=self.clock.now())
        try:
            self.store.add(category)
        except CategoryTaken:
            raise self._taken(name) from None
        self.cache.record(Changes({}, {category.id: category}))
        return category

    def rename(
        self,
        category_id: CategoryId,
        name: str | None = None,
        *,
        translations: Mapping[Language, str] | None = None,
        known: KnownVersions | None = None,
    ) -> Category:
        """Rename a category, also in all languages: it keeps its videos, id and slug.

        What is None stays. Raise `CategoryTaken` if a name belongs to another one, `Outdated` if
        the category is none of the known versions.
        """
        before = self._known(self._category(category_id), known)
        slug = slug_of(before.name)
        holder = self.cache.snapshot().names.by_slug.get(slug)
        is_ours = holder is not None and holder.id == before.id
        after = before.renamed(
            before.name if name is None else _category_name(name),
            None if translations is None else _translated_names(translations),
            keeping=slug if is_ours else "",
        )
        for each in after.names:
            self._refuse_one_alike(each, but=category_id)
        if len(after.other_slugs) > MOST_NAMES:
            problem = Text("A category can have {most} names over time.", most=MOST_NAMES)
            raise BadTitle(fields={"translations" if name is None else "name": [problem]})
        if after == before:
            return before
        try:
            renamed = self.store.rename(before, after)
        except CategoryTaken:
            raise self._taken(*after.names, but=category_id) from None
        except StaleCategory:
            self._known(before, known)
            raise
        self.cache.record(Changes({}, {category_id: renamed}))
        return renamed

    def remove(self, category_id: CategoryId, *, known: KnownVersions | None = None) -> None:
        """Delete a category; its videos keep its present name. Raise `Outdated` as `rename`."""
        before = self._known(self._category(category_id), known)
        try:
            removed = self.store.remove(before)
        except StaleCategory:
            self._known(before, known)
            raise
        self.cache.record(Changes({}, {each.id: each for each in removed}))

    def ensure(self, name: str) -> None:
        """Add the category of a video unless there is one; a video may have none."""
        if not name or self.cache.snapshot().names.category_called(name):
            return
        try:
            category = self.add(name)
        except CategoryTaken:
            return
        # The audit of a request records the video only.
        self.trail.record(
            AuditEvent(
                AuditAction.ADD_CATEGORY,
                AuditOutcome.DONE,
                self.clock.now(),
                current_actor(),
                Target("category", str(category.id)),
            )
        )

    def _refuse_one_alike(self, name: str, *, but: CategoryId | None = None) -> None:
        """Raise `CategoryTaken` where the store cannot: stored slugs may follow earlier rules."""
        holder = self.cache.snapshot().names.category_called(name)
        if holder and holder.id != but and slug_of(name) not in holder.slugs:
            raise self._taken(name)

    def _taken(self, *names: str, but: CategoryId | None = None) -> CategoryTaken:
        """Return the error; it names the category if no list shows the name, an earlier one."""
        known = self.cache.snapshot().names
        for name in names:
            holder = known.category_called(name)
            if holder and holder.id != but and slug_of(name) not in map(slug_of, holder.names):
                return CategoryTaken(Text(_EARLIER_NAME, name=holder.name))
        return CategoryTaken()

    def get(self, category_id: CategoryId) -> Category:
        """Read a category from the store; raise `CategoryNotFound`."""
        return self.store.get(self._category(category_id))

    def _known(self, category: Category, known: KnownVersions | None) -> Category:
        """Return the category as it is stored if a known version is required."""
        if known is None:
            return category
        stored = self.store.get(category)
        known.require(values_of_category(stored))
        return stored

    def _category(self, category_id: CategoryId) -> Category:
        category = self.cache.snapshot().names.by_id.get(category_id)
        if category is None:
            raise CategoryNotFound
        return category


def _category_name(text: str) -> str:
    name = one_line(text)
    if not slug_of(name):
        raise BadTitle(fields={"name": [NO_NAME]})
    return name


def _translated_names(translations: Mapping[Language, str]) -> Mapping[Language, str]:
    names = {language: one_line(each) for language, each in translations.items()}
    if not all(map(slug_of, names.values())):
        raise BadTitle(fields={"translations": [NO_NAME]})
    return names
