"""An advisory fails CI; an unreachable service does not, and an audit has a time limit."""

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


def report(*vulnerabilities: Mapping[str, object]) -> str:
    fine = {"name": "fine", "version": "1.0", "vulns": []}
    return json.dumps(
        {"dependencies": [fine, {"name": "x", "version": "1.0", "vulns": vulnerabilities}]}
    )


def test_a_report_without_advisories_is_clean() -> None:
    verdict = read(report(), "")
    assert (verdict.advisories, verdict.is_out_of_reach, verdict.problem) == ([], False, "")


def test_each_advisory_names_the_version_that_fixes_it() -> None:
    assert read(report(ONE, NONE_YET), "Found 2 known vulnerabilities").advisories == [
        "x 1.0: PYSEC-2099-1, fixed in 2.0",
        "x 1.0: PYSEC-2099-2, fixed in no version yet",
    ]


@pytest.mark.parametrize(
    "errors",
    [
        "requests.exceptions.ConnectionError: HTTPSConnectionPool(host='api.osv.dev', port=443)",
        "error: Failed to fetch: `https://pypi.org/simple/pip-audit/`",
    ],
)
def test_an_unreachable_service_is_no_failure(errors: str) -> None:
    verdict = read("", errors)
    assert (verdict.is_out_of_reach, verdict.problem) == (True, "")


def test_an_auditor_that_breaks_is_a_failure() -> None:
    assert read("", "requirement x is not pinned").problem == "requirement x is not pinned"
    assert read("", "").problem
    assert read("[]", "odd").problem == "odd"


def test_an_audit_has_a_time_limit() -> None:
    begun = time.monotonic()
    verdict = audited([sys.executable, "-c", "import time; time.sleep(60)"], longest_seconds=0.2)
    assert verdict.is_out_of_reach
    assert time.monotonic() - begun < 30


def test_the_output_is_read_whatever_the_exit_code() -> None:
    program = f"import sys; print({report(ONE)!r}); sys.exit(1)"
    assert len(audited([sys.executable, "-c", program], longest_seconds=60).advisories) == 1


@pytest.mark.parametrize("part", pinned.REQUIREMENTS)
def test_every_audited_package_is_pinned(part: str) -> None:
    lines = pinned.REQUIREMENTS[part].read_text(encoding="utf-8").splitlines()
    named = [line for line in lines if line and not line.lstrip().startswith("#")]
    assert named
    assert [line for line in named if not re.match(r"[\w.-]+(\[[\w,-]+\])?==[\w.]+", line)] == []


def test_ci_audits_and_the_tools_are_pinned() -> None:
    assert "make audit" in Path(".ci/run").read_text(encoding="utf-8")
    for tool in (pinned.PIP_AUDIT, pinned.CYCLONEDX):
        assert re.fullmatch(r"[\w-]+==\d+(\.\d+)+", tool)
