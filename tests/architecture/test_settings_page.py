"""docs/settings.md says where each setting has effect, and it has."""

import re
from pathlib import Path

import pytest

from infra.deploy.options import NAMES
from infra.local.settings import LocalSettings

PAGE = Path("docs/settings.md").read_text(encoding="utf-8")
_TABLE = re.compile(r"^\| (.+?) \| default \|.*\n\|-.*\n((?:\|.*\n)+)", re.MULTILINE)
TABLES = dict(_TABLE.findall(PAGE))
COMPOSE = [Path("docker-compose.localstack.yml"), *Path("infra/compose").glob("*.yml")]
# Checked or completed by the start, so no text of ours passes through it unchanged.
CHECKED = {"MAIL_SENDER", "ALLOWED_ORIGINS"}
# Of each transcoder, set by `infra/local/application.py` over the common environment.
OF_A_WORKER = {"WORK_FOLDER", "SOURCE_CACHE"}


def names_with(place: str, *tables: str) -> set[str]:
    """Names that have effect in a place, there perhaps by another name; `itself` excludes one."""
    names = set[str]()
    for table in tables or TABLES:
        for row in TABLES[table].splitlines():
            first, *_, last = (cell.strip() for cell in row.strip("|").split(" | "))
            for clause in last.split(";"):
                is_by_itself = "by itself" in clause
                if place in re.findall(r"\w+", clause) and is_by_itself == (place == "itself"):
                    other = re.findall(rf"{place},? as `(\w+)`", clause)
                    names |= set(other or re.findall(r"`(\w+)`", first))
    return names


def test_compose_reads_what_is_marked_docker_and_nothing_else() -> None:
    texts = [file.read_text(encoding="utf-8") for file in COMPOSE]
    used = {name for text in texts for name in re.findall(r"\$\{([A-Z0-9_]+)", text)}
    assert names_with("docker") == used


def test_a_deploy_reads_what_is_marked_deploy() -> None:
    assert len(names_with("deploy")) > 8
    assert names_with("deploy") - set(NAMES) == set()


def test_the_template_sets_what_is_marked_template_and_nothing_else() -> None:
    text = Path("infra/templates/transcoder.yaml").read_text(encoding="utf-8")
    by_parameter = set(re.findall(r"\{Name: ([A-Z_0-9]+), Value: !Ref (?!Prefix|AWS)", text))
    marked = names_with("template") | {"LEAST_DECODABLE_PERCENT"}
    assert marked - {"TranscoderMemoryMb"} == by_parameter
    assert '{Name: MEMORY_LIMIT, Value: !Sub "${TranscoderMemoryMb}m"}' in text


@pytest.mark.parametrize("name", sorted(names_with("run", "the API", "the transcoder") - CHECKED))
def test_make_run_passes_on_what_is_marked_run(tmp_path: Path, name: str) -> None:
    assert LocalSettings.load(tmp_path, {name: "mine"}).environment({})[name] == "mine"


@pytest.mark.parametrize("name", ["STAGE", "PREFIX", "MEDIA_URL"])
def test_make_run_sets_what_is_marked_by_itself(tmp_path: Path, name: str) -> None:
    assert name in names_with("itself") - names_with("run")
    assert LocalSettings.load(tmp_path, {name: "mine"}).environment({})[name] != "mine"


def test_a_worker_of_make_run_has_folders_of_its_own() -> None:
    assert names_with("itself") - names_with("run") >= OF_A_WORKER
    code = Path("infra/local/application.py").read_text(encoding="utf-8")
    assert [name for name in OF_A_WORKER if f'"{name}": str(' not in code] == []
