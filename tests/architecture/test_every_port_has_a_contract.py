"""Every port has a fake, and a suite that the fake and the real one have to pass alike.

A suite says which port it is about: `pytestmark = pytest.mark.contract(of=Port)`.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

import pytest

import chalicelib
import transcoder
from chalicelib.catalogue.ports import CatalogueCopy
from tests import contracts, fakes

ROOTS = (chalicelib, transcoder)
# What is set by an operator and only looked at is no port: there is nothing to fake.
# Their real one runs in memory, and is as fast as a fake.
WITHOUT_FAKE = (CatalogueCopy,)
TWIN = "tests.integration.contracts"


def modules_of(package: ModuleType) -> Iterator[ModuleType]:
    for each in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if not each.name.endswith("__main__"):
            yield importlib.import_module(each.name)


def classes_of(module: ModuleType) -> Iterator[type]:
    for _, each in inspect.getmembers(module, inspect.isclass):
        if each.__module__ == module.__name__:
            yield each


def is_protocol(kind: type) -> bool:
    return bool(getattr(kind, "_is_protocol", False)) and kind is not Protocol


def calls_of(kind: type) -> Mapping[str, list[tuple[str, Any]]]:
    """The public methods of a class, each with names and kinds of what it takes."""
    return {
        name: [(each.name, each.kind) for each in inspect.signature(method).parameters.values()]
        for name, method in inspect.getmembers(kind, inspect.isfunction)
        if not name.startswith("_")
    }


def implements(kind: type, port: type) -> bool:
    offered = calls_of(kind)
    return not is_protocol(kind) and all(
        offered.get(name) == taken for name, taken in calls_of(port).items()
    )


@dataclass(frozen=True)
class Suite:
    ports: Sequence[type]
    # What the suite, or its twin on the emulator, takes from elsewhere.
    fakes: Sequence[type]
    real: Sequence[type]
    # Whether its tests run more than once, each time with another implementation.
    is_shared: bool


def suite_of(module: ModuleType) -> Suite | None:
    mark = getattr(module, "pytestmark", None)
    if mark is None or mark.name != "contract":
        return None
    named = mark.kwargs["of"]
    both = [module, *twin_of(module)]
    used = [each for one in both for _, each in inspect.getmembers(one, inspect.isclass)]
    return Suite(
        ports=named if isinstance(named, tuple) else (named,),
        fakes=[each for each in used if each.__module__.startswith("tests.fakes.")],
        real=[each for each in used if each.__module__.startswith(("chalicelib.", "transcoder."))],
        is_shared=any(runs_with_several(one) for one in both) or overrides(both),
    )


def twin_of(module: ModuleType) -> Iterator[ModuleType]:
    name = module.__name__.rpartition(".")[2]
    if Path(*TWIN.split("."), f"{name}.py").is_file():
        yield importlib.import_module(f"{TWIN}.{name}")


def fixtures_of(module: ModuleType) -> Mapping[str, Any]:
    return {
        name: each for name, each in vars(module).items() if hasattr(each, "_get_wrapped_function")
    }


def runs_with_several(module: ModuleType) -> bool:
    listed = [each._fixture_function_marker.params for each in fixtures_of(module).values()]
    return any(params and len(params) > 1 for params in listed)


def overrides(both: Sequence[ModuleType]) -> bool:
    """Whether the twin brings the same tests another implementation, in a fixture of its own."""
    first, *others = map(fixtures_of, both)
    return any(
        twin[name] is not first[name] for twin in others for name in first.keys() & twin.keys()
    )


def missing(port: type, suites: Sequence[Suite], fakes_there: Sequence[type]) -> list[str]:
    """What a port still needs."""
    own = [suite for suite in suites if port in suite.ports]
    if port in WITHOUT_FAKE:
        return [] if own else ["a suite in tests/contracts"]
    needs = {
        "a fake in tests/fakes": any(implements(each, port) for each in fakes_there),
        "a suite in tests/contracts": own,
        "a suite that runs its fake": any(
            implements(each, port) for suite in own for each in suite.fakes
        ),
        "a suite that runs its real one": any(
            implements(each, port) for suite in own for each in suite.real
        ),
        "a suite that runs both": any(suite.is_shared for suite in own),
    }
    return [what for what, is_there in needs.items() if not is_there]


PORTS = sorted(
    {
        each
        for root in ROOTS
        for module in modules_of(root)
        for each in classes_of(module)
        if is_protocol(each) and calls_of(each)
    },
    key=lambda port: port.__qualname__,
)
FAKES = [each for module in modules_of(fakes) for each in classes_of(module)]
SUITES = [suite for module in modules_of(contracts) if (suite := suite_of(module))]


@pytest.mark.parametrize("port", PORTS, ids=lambda port: port.__name__)
def test_a_port_has_a_fake_and_one_contract_for_both(port: type) -> None:
    assert missing(port, SUITES, FAKES) == []


def test_ports_are_recognized_in_any_module() -> None:
    names = {port.__name__ for port in PORTS}
    assert {"AccountStore", "Clock", "KeyStore", "Transcoders", "Delivery", "VideoFinder"} <= names
    # Properties alone are a shape of settings.
    assert "LinkTemplates" not in names


def test_a_suite_names_nothing_but_ports() -> None:
    assert {port for suite in SUITES for port in suite.ports} - set(PORTS) == set()


class _Well(Protocol):
    def draw(self, litres: int) -> None: ...


class _Drift:
    def draw(self, gallons: int) -> None: ...


class _Fake:
    def draw(self, litres: int) -> None: ...


class _Real:
    def draw(self, litres: int) -> None: ...


@pytest.mark.parametrize(
    ("fake", "suites", "expected"),
    [
        (_Fake, [Suite([_Well], [_Fake], [_Real], is_shared=True)], []),
        (_Fake, [Suite([_Well], [_Fake], [_Real], is_shared=False)], ["a suite that runs both"]),
        (_Fake, [Suite([_Well], [_Fake], [], is_shared=True)], ["a suite that runs its real one"]),
        (
            _Drift,
            [Suite([_Well], [_Drift], [_Real], is_shared=True)],
            ["a fake in tests/fakes", "a suite that runs its fake"],
        ),
        (
            _Fake,
            [],
            [
                "a suite in tests/contracts",
                "a suite that runs its fake",
                "a suite that runs its real one",
                "a suite that runs both",
            ],
        ),
    ],
    ids=["whole", "not shared", "fake only", "drifted", "none"],
)
def test_what_a_port_lacks_is_reported(
    fake: type, suites: list[Suite], expected: list[str]
) -> None:
    assert missing(_Well, suites, [fake]) == expected
