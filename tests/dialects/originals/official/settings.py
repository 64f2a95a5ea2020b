"""Settings of the project with Django's own accounts, as the first predecessors had them."""

from tests.dialects.originals.settings import SHARED, installed

SETTINGS = {**SHARED, **installed("tests.dialects.originals.official.catalogue")}
