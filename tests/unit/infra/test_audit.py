"""An advisory turns CI red; a service out of reach does not, and nobody waits for it."""

import json
import re
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from infra import pinned
from infra.audit import audited, read

ONE = {"id": "PYSEC-2099-1", "fix_versions": ["2.0"], "aliases": [], "description": "bad"}
NONE_YET = {"id": "PYSEC-2099-2", "fix_versions": [], "aliases": [], "description": "bad"}


def said(*known: Mapping[str, object]) -> str:
    fine = {"name": "fine", "version": "1.0", "vulns": []}
    return json.dumps({"dependencies": [fine, {"name": "x", "version": "1.0", "vulns": known}]})


def test_no_advisory_is_said_as_such() -> None:
    verdict = read(said(), "")
    assert (verdict.advisories, verdict.is_out_of_reach, verdict.trouble) == ([], False, "")


def test_each_advisory_is_told_with_its_remedy() -> None:
    assert read(said(ONE, NONE_YET), "Found 2 known vulnerabilities").advisories == [
        "x 1.0: PYSEC-2099-1, mended in 2.0",
        "x 1.0: PYSEC-2099-2, mended in no version yet",
    ]


@pytest.mark.parametrize(
    "complaint",
    [
        "requests.exceptions.ConnectionError: HTTPSConnectionPool(host='api.osv.dev', port=443)",
        "error: Failed to fetch: `https://pypi.org/simple/pip-audit/`",
    ],
)
def test_a_service_out_of_reach_is_no_finding(complaint: str) -> None:
    verdict = read("", complaint)
    assert (verdict.is_out_of_reach, verdict.trouble) == (True, "")


def test_an_auditor_that_breaks_is_not_taken_for_a_clean_bill() -> None:
    assert read("", "requirement x is not pinned").trouble == "requirement x is not pinned"
    assert read("", "").trouble
    assert read("[]", "odd").trouble == "odd"


def test_nobody_waits_for_a_service_that_never_answers() -> None:
    begun = time.monotonic()
    verdict = audited([sys.executable, "-c", "import time; time.sleep(60)"], longest_seconds=0.2)
    assert verdict.is_out_of_reach
    assert time.monotonic() - begun < 30


def test_a_real_run_is_read_whatever_its_exit_code() -> None:
    program = f"import sys; print({said(ONE)!r}); sys.exit(1)"
    assert len(audited([sys.executable, "-c", program], longest_seconds=60).advisories) == 1


@pytest.mark.parametrize("part", pinned.REQUIREMENTS)
def test_what_is_audited_is_pinned_to_the_last_package(part: str) -> None:
    lines = pinned.REQUIREMENTS[part].read_text(encoding="utf-8").splitlines()
    named = [line for line in lines if line and not line.lstrip().startswith("#")]
    assert named
    assert [line for line in named if not re.match(r"[\w.-]+(\[[\w,-]+\])?==[\w.]+", line)] == []


def test_ci_audits_and_the_tools_are_pinned() -> None:
    assert "make audit" in Path(".ci/run").read_text(encoding="utf-8")
    for tool in (pinned.PIP_AUDIT, pinned.CYCLONEDX):
        assert re.fullmatch(r"[\w-]+==\d+(\.\d+)+", tool)
