"""A new kind of failure cannot be added without choosing its HTTP status."""

import importlib
import pkgutil

import chalicelib
from chalicelib.api.dialect import STATUS
from chalicelib.errors import DomainError


def _all_subclasses(kind: type[DomainError]) -> set[type[DomainError]]:
    return {kind}.union(*map(_all_subclasses, kind.__subclasses__()))


def _kinds() -> set[type[DomainError]]:
    for module in pkgutil.walk_packages(chalicelib.__path__, "chalicelib."):
        importlib.import_module(module.name)
    return _all_subclasses(DomainError) - {DomainError}


def test_every_domain_error_has_a_status() -> None:
    unmapped = {error.__name__ for error in _kinds() if not STATUS.keys() & set(error.__mro__)}
    assert unmapped == set()


def test_every_domain_error_has_a_code_of_its_own() -> None:
    codes = [error.code for error in _kinds()]
    assert len(codes) == len(set(codes)) > 10
