"""docs/security.md answers every requirement once, every finding, and names tests that exist."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest

from chalicelib.accounts.keys import HEAD_START, KEPT, MAXIMUM_AGE
from chalicelib.accounts.links import LIFE, Purpose
from chalicelib.accounts.registration import PENDING_LIFE
from chalicelib.accounts.revocations import POLL_EVERY
from chalicelib.accounts.session import (
    ACCESS_LIFE,
    API_TOKEN_LIFE,
    BEARER_LIFE,
    GRACE,
    LONGEST_LIFE,
    REFRESH_LIFE,
    SIGN_IN_TOKEN_LIFE,
)
from chalicelib.accounts.throttling import (
    EMAIL_CHANGE_MAILS,
    HINT_MAILS,
    HOUR,
    RESET_MAILS,
    SIGN_UP_MAILS,
)
from chalicelib.accounts.tokens import DEVICE_LIFE
from chalicelib.playback.grants import PAUSES
from infra.deploy.stages import STAGES
from tests.architecture.glossary import tree_of
from tests.unit.infra.templates.reading import TEMPLATES

PAGE = Path("docs/security.md").read_text(encoding="utf-8")
NAMED_TESTS = sorted(set(re.findall(r"`(tests/[\w/]+\.py)(?:::(test_\w+))?`", PAGE)))
NAMED_FILES = sorted(
    set(re.findall(r"`((?:chalicelib|transcoder|infra|web|docs|tests)/[\w/.-]+)`", PAGE))
)
# ASVS 5.0.0: by section, the level of each of its requirements.
LEVELS = """
1.1 22 1.2 1111122223 1.3 112222222223 1.4 222 1.5 123 2.1 122 2.2 112 2.3 12223 2.4 23
3.1 3 3.2 113 3.3 12223 3.4 11222233 3.5 11122333 3.6 3 3.7 22333
4.1 12233 4.2 23333 4.3 22 4.4 1222 5.1 2 5.2 112333 5.3 113 5.4 222
6.1 122 6.2 111111112222 6.3 11223333 6.4 112233 6.5 22222333 6.6 2223 6.7 33 6.8 2222
7.1 222 7.2 1111 7.3 22 7.4 11222 7.5 223 7.6 22 8.1 1233 8.2 1123 8.3 133 8.4 23
9.1 111 9.2 1222 10.1 22 10.2 223 10.3 22223 10.4 1111122222233333 10.5 22222 10.6 22 10.7 222
11.1 2233 11.2 22233 11.3 11233 11.4 1222 11.5 23 11.6 23 11.7 33 12.1 12233 12.2 11 12.3 22223
13.1 2333 13.2 222223 13.3 2233 13.4 1222233 14.1 22 14.2 12223333 14.3 122
15.1 12233 15.2 12233 15.3 1222222 15.4 3333 16.1 2 16.2 22222 16.3 2222 16.4 222 16.5 2223
17.1 23 17.2 22223333 17.3 22
"""
FINDINGS = [*range(1, 34)]


def requirements() -> Iterator[tuple[str, int]]:
    sections = re.findall(r"(\d+\.\d+) (\d+)", LEVELS)
    for section, levels in sections:
        for number, level in enumerate(levels, start=1):
            yield f"{section}.{number}", int(level)


@cache
def functions_of(path: str) -> frozenset[str]:
    tree = tree_of(Path(path))
    return frozenset(each.name for each in ast.walk(tree) if isinstance(each, ast.FunctionDef))


def rows(heading: str) -> list[list[str]]:
    """Return the cells of the tables below a heading."""
    text = PAGE.partition(f"\n## {heading}")[2].partition("\n## ")[0]
    lines = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    return [cells for cells in lines if cells[0][:1].isdigit()]


@pytest.mark.parametrize(("path", "name"), NAMED_TESTS)
def test_a_test_that_is_named_exists(path: str, name: str) -> None:
    assert not name or name in functions_of(path)


@pytest.mark.parametrize("path", NAMED_FILES)
def test_a_file_that_is_named_exists(path: str) -> None:
    assert Path(path).exists()


def test_the_page_counts_mails_without_an_account_as_the_limits_do() -> None:
    limits = [SIGN_UP_MAILS, RESET_MAILS, HINT_MAILS, EMAIL_CHANGE_MAILS]
    assert {limit.window_seconds for limit in limits} == {HOUR}
    ups, resets, hints, moves = (limit.attempts for limit in limits)
    most = ups + resets + hints + moves
    text = " ".join(PAGE.split())
    assert f"at most {most} mails in one hour of the clock" in text
    assert f"{ups} by sign-ups, {resets} by resets, {hints} by refused sign-ins, " in text
    assert f"{moves} by changes of an address)" in text
    assert f"up to {2 * most} within minutes" in text, "windows are fixed"


def test_the_page_has_the_lives_of_sessions_and_keys() -> None:
    kept = {name: stage.log_days for name, stage in STAGES.items()}
    keys, minutes = {2: "two"}[KEPT], {timedelta(minutes=10): "ten"}[HEAD_START]
    text = " ".join(PAGE.split())
    for sentence in (
        (
            f"| {ACCESS_LIFE // timedelta(minutes=1)} minutes | the end of its session, within "
            f"{POLL_EVERY.seconds} seconds"
        ),
        (
            f"| {REFRESH_LIFE.days} days without use; each is used once (its successor is repeated "
            f"for {GRACE.seconds} s"
        ),
        f"| {LONGEST_LIFE.days} days at most",
        f"so do its {LONGEST_LIFE.days} days",
        f"(opaque, stored as a hash) | {API_TOKEN_LIFE.days} days, or fewer",
        f"always the same) | {BEARER_LIFE.days} days, whatever its use",
        f"(opaque, stored as a hash) | {SIGN_IN_TOKEN_LIFE.days} days, whatever its use",
        f"guesses) | {DEVICE_LIFE.days} days |",
        (
            f"| activation link, reset link, link to another address, link to choose one | "
            f"{LIFE[Purpose.ACTIVATION].days} days, {LIFE[Purpose.RESET] // timedelta(hours=1)} "
            f"hour, {LIFE[Purpose.EMAIL_CHANGE] // timedelta(hours=1)} hour, "
            f"{LIFE[Purpose.EMAIL_RESET] // timedelta(hours=1)} hour |"
        ),
        f"the video and {PAUSES // timedelta(hours=1)} hours",
        (
            f"every {MAXIMUM_AGE.days} days by itself, {keys} at a time, none signs in "
            f"its first {minutes} minutes"
        ),
        f"not confirmed: {PENDING_LIFE.days} days.",
        f"{kept['dev']} days in dev, {kept['prod']} in prod",
    ):
        assert sentence in text


def test_the_page_has_the_retention_of_the_templates() -> None:
    media = TEMPLATES["media"]
    sources = media["Parameters"]["SourceDays"]["Default"]
    rules = media["Resources"]["Media"]["Properties"]["LifecycleConfiguration"]["Rules"]
    [work] = [rule["ExpirationInDays"] for rule in rules if rule.get("Prefix") == "work/"]
    assert f"sources {sources} days; media until deleted; `work/` {work} days" in PAGE
    logs = TEMPLATES["edge"]["Resources"]
    [addresses] = [
        rule["ExpirationInDays"]
        for each in logs.values()
        for rule in each["Properties"].get("LifecycleConfiguration", {}).get("Rules", [])
        if rule["Id"] == "addresses-of-people"
    ]
    assert f"with `AccessLogs: on` {addresses} days" in PAGE


def test_every_requirement_of_levels_1_and_2_is_answered_once() -> None:
    answered = Counter(
        number for cells in rows("OWASP ASVS") for number in re.findall(r"\d+\.\d+\.\d+", cells[0])
    )
    asked = {number for number, level in requirements() if level < 3}
    assert len(asked) == 253
    assert set(answered) == asked
    assert [number for number, times in answered.items() if times > 1] == []


def test_an_answer_is_one_of_four_and_says_why() -> None:
    for requirement, answer, why in rows("OWASP ASVS"):
        assert answer in {"yes", "partly", "no", "\N{EN DASH}"}, requirement
        assert len(why) > 3, requirement


def test_every_finding_is_listed_with_its_tests_or_said_to_be_open() -> None:
    listed = {int(number): rest for number, *rest in rows("Findings of an outside review")}
    assert sorted(listed) == FINDINGS
    assert [
        number
        for number, (_, tests, remains) in listed.items()
        if "`tests/" not in tests and not remains.startswith("Not in this version yet")
    ] == []
