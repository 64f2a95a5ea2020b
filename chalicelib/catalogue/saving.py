"""Saving a copy of a large catalogue, from which processes start sooner than from the table."""

from dataclasses import dataclass
from datetime import timedelta

from chalicelib.catalogue.audience import Audience
from chalicelib.catalogue.cache import CatalogueCache
from chalicelib.catalogue.listing import Selection
from chalicelib.catalogue.ports import CatalogueCopies
from chalicelib.clock import Clock

# So many videos are read from the table as soon as from a saved copy.
FEW_VIDEOS = 1_000
# Also a copy of what has not changed, long before its changes since then are forgotten.
RENEW_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class CopySaving:
    cache: CatalogueCache
    copies: CatalogueCopies
    clock: Clock

    def run(self) -> bool:
        """Save a copy if one is due; return whether it was."""
        copy = self.cache.snapshot().copy
        known_at = self.cache.known_at
        if copy.count(Selection(Audience.ADMINISTRATORS)) <= FEW_VIDEOS:
            return False
        saved_at = self.copies.saved_at()
        if saved_at and copy.changed_at < saved_at and self.clock.now() - saved_at < RENEW_AFTER:
            return False
        self.copies.save(copy, known_at=known_at)
        return True
