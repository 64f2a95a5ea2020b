"""Contract of `PasswordHasher`, and tests of the real one."""

import time
from base64 import b64encode
from collections.abc import Callable
from hashlib import pbkdf2_hmac
from statistics import median

import pytest

from chalicelib.accounts.ports import PasswordHasher
from chalicelib.adapters.passwords import PasslibHasher
from tests.builders.accounts import PASSWORD
from tests.fakes.password_hasher import ReadableHasher

pytestmark = pytest.mark.contract(of=PasswordHasher)

OTHER_PASSWORD = "incorrect horse battery"


@pytest.fixture(scope="module")
def argon2() -> PasslibHasher:
    return PasslibHasher()


@pytest.fixture(params=["readable", "argon2"])
def hasher(request: pytest.FixtureRequest, argon2: PasslibHasher) -> PasswordHasher:
    return ReadableHasher() if request.param == "readable" else argon2


def hash_of_django(password: str, *, iterations: int = 20_000) -> str:
    """Return a hash as Django 5.2 stores it, without the library under test."""
    salt = "hxF0MlCuPkHj3xbnR1iGYt"
    derived = pbkdf2_hmac("sha256", password.encode(), salt.encode(), iterations)
    return f"pbkdf2_sha256${iterations}${salt}${b64encode(derived).decode()}"


def test_a_password_matches_its_own_hash_only(hasher: PasswordHasher) -> None:
    hashed = hasher.hash(PASSWORD)
    assert hasher.verify(PASSWORD, hashed)
    assert not hasher.verify(OTHER_PASSWORD, hashed)


def test_a_new_hash_is_not_outdated(hasher: PasswordHasher) -> None:
    assert not hasher.is_outdated(hasher.hash(PASSWORD))


@pytest.mark.parametrize("nothing", [None, ""])
@pytest.mark.parametrize("password", [PASSWORD, "", "not the password of an account"])
def test_no_password_matches_without_a_hash(
    hasher: PasswordHasher, password: str, nothing: str | None
) -> None:
    assert hasher.verify(password, nothing) is False


@pytest.mark.parametrize(
    "password",
    ["\N{SNOWMAN}" * 8, "pass\tword\n", " leading and trailing ", "x" * 1024, "李" * 341],
    ids=["symbols", "control characters", "spaces", "longest", "longest of three bytes each"],
)
def test_every_valid_password_is_hashed_unchanged(hasher: PasswordHasher, password: str) -> None:
    hashed = hasher.hash(password)
    assert hasher.verify(password, hashed)
    assert not hasher.verify(password[:-1], hashed)


@pytest.mark.parametrize(
    "corrupt",
    [
        "garbage",
        "!",
        "$argon2id$",
        "$argon2id$v=19$m=19456,t=2,p=1$YWJj$",
        "$argon2id$v=19$m=19456,t=2,p=1$!!!$???",
        "pbkdf2_sha256$many$salt$hash",
        "pbkdf2_sha256$1000$salt$tooshort",
        "\0",
    ],
)
def test_no_password_matches_a_corrupt_hash_without_an_error(
    hasher: PasswordHasher, corrupt: str
) -> None:
    assert hasher.verify(PASSWORD, corrupt) is False


def test_hashes_are_argon2id_with_the_parameters_of_owasp(argon2: PasslibHasher) -> None:
    assert argon2.hash(PASSWORD).startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_two_hashes_of_one_password_differ(argon2: PasslibHasher) -> None:
    assert argon2.hash(PASSWORD) != argon2.hash(PASSWORD)


def test_hashes_of_the_django_backends_are_read_and_outdated(argon2: PasslibHasher) -> None:
    hashed = hash_of_django(PASSWORD)
    assert argon2.verify(PASSWORD, hashed)
    assert not argon2.verify(OTHER_PASSWORD, hashed)
    assert argon2.is_outdated(hashed)


@pytest.mark.parametrize("weaker", ["m=8192,t=2,p=1", "m=19456,t=1,p=1"])
def test_a_hash_of_weaker_parameters_is_outdated(argon2: PasslibHasher, weaker: str) -> None:
    salt_and_hash = argon2.hash(PASSWORD).split("$", 4)[-1]
    assert argon2.is_outdated(f"$argon2id$v=19${weaker}${salt_and_hash}")


def seconds(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def test_a_missing_hash_takes_as_long_as_a_wrong_password(argon2: PasslibHasher) -> None:
    hashed = argon2.hash(PASSWORD)
    argon2.verify(PASSWORD, None)
    wrong, missing = [], []
    for _ in range(9):  # alternating, so that load on the machine affects both
        wrong.append(seconds(lambda: argon2.verify(OTHER_PASSWORD, hashed)))
        missing.append(seconds(lambda: argon2.verify(OTHER_PASSWORD, None)))
    assert median(wrong) / 3 < median(missing) < median(wrong) * 3
