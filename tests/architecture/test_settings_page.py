"""docs/settings.md says where each setting has effect, and it has."""

import ast
import json
import re
from pathlib import Path

import pytest

from chalicelib.mail_links import DIALECTS, rows_of
from infra.deploy.options import NAMES, DeployOptions
from infra.deploy.stages import DEV, STAGES
from infra.local.settings import LocalSettings
from infra.terminal import Refusal
from tests.architecture.glossary import tree_of
from tests.unit.chalicelib.test_settings import SCALING, settings
from tests.unit.infra.deploy.test_options import OPTIONS
from tests.unit.infra.templates.reading import TEMPLATES
from transcoder.settings import TranscoderSettings

PAGE = Path("docs/settings.md").read_text(encoding="utf-8")
_TABLE = re.compile(r"^\| (.+?) \| default \|.*\n\|-.*\n((?:\|.*\n)+)", re.MULTILINE)
TABLES = dict(_TABLE.findall(PAGE))
COMPOSE = [Path("docker-compose.localstack.yml"), *Path("infra/compose").glob("*.yml")]
# Checked or completed by the start, so no text of ours passes through it unchanged.
CHECKED = {"MAIL_SENDER", "ALLOWED_ORIGINS"}
# Of each transcoder, set by `infra/local/application.py` over the common environment.
OF_A_WORKER = {"WORK_FOLDER", "SOURCE_CACHE"}

_LOCAL = LocalSettings.load(Path("infra"), {})
_API = settings(**SCALING)
assert _API.scaling
_TRANSCODER = TranscoderSettings()
_LIMITS = _TRANSCODER.limits
DEFAULTS = {
    "API_PORT": f"{_LOCAL.api_port}",
    "EDGE_PORT": f"{_LOCAL.edge_port}",
    "EDGE_CACHE_MB": f"{_LOCAL.edge_cache_bytes // 10**6}",
    "MAILBOX_PORT": f"{_LOCAL.mailbox_port}",
    "AWS_PORT": f"{_LOCAL.aws_port}",
    "DATA_FOLDER": _LOCAL.data.name,
    "SAMPLE_FILM": f"{_LOCAL.wants_sample:d}",
    "STAGE": _LOCAL.environment({})["STAGE"],
    "PREFIX": _LOCAL.environment({})["PREFIX"],
    "SUPERUSER_EMAIL": _LOCAL.administrator_email,
    "MAIL_SENDER": _LOCAL.variables["MAIL_SENDER"],
    "MAIL_LINK_OFFICIAL_ACTIVATION": _LOCAL.variables["MAIL_LINK_OFFICIAL_ACTIVATION"],
    "MAIL_LINK_OFFICIAL_RESET": _LOCAL.variables["MAIL_LINK_OFFICIAL_RESET"],
    "COOKIE_SAMESITE": _API.cookie_samesite,
    "UPLOAD_LARGEST_BYTES": f"{_API.upload_largest_bytes}",
    "UPLOAD_QUOTA_BYTES": f"{_API.upload_quota_bytes}",
    "CONTINUE_FROM_PERCENT": f"{_API.continue_percents[0]}",
    "CONTINUE_UNTIL_PERCENT": f"{_API.continue_percents[1]}",
    "TRASH_DAYS": f"{_API.trash_days}",
    "CREW_MOST": f"{_API.scaling.most}",
    "CREW_ON_DEMAND": f"{_API.scaling.uses_on_demand:d}",
    "LEAST_DECODABLE_PERCENT": f"{_TRANSCODER.least_decodable_percent}",
    "SEGMENT_CONTAINER": _TRANSCODER.container,
    "MP4_FILES": f"{_TRANSCODER.makes_mp4:d}",
    "MP4_FILES_120P": f"{_TRANSCODER.makes_mp4_120p:d}",
    "STORYBOARD": f"{_TRANSCODER.makes_storyboard:d}",
    "IDLE_SECONDS": f"{_TRANSCODER.idle_seconds}",
    "MOST_CPU_SECONDS": f"{_LIMITS.cpu_seconds}",
    "MOST_DOLLARS": f"{_LIMITS.dollars}",
    "DOLLARS_PER_CPU_HOUR": f"{_TRANSCODER.dollars_per_cpu_hour}",
    "MEMORY_LIMIT": f"{_TRANSCODER.memory_bytes // 1024**3}g",
    "LARGEST_SOURCE_BYTES": f"{_LIMITS.size_bytes // 1024**3} GiB",
    "LONGEST_SOURCE_SECONDS": f"{_LIMITS.seconds // 3600} hours",
    "LARGEST_LONG_SIDE": f"{_LIMITS.long_side}",
    "LARGEST_SHORT_SIDE": f"{_LIMITS.short_side}",
    "MOST_STREAMS": f"{_LIMITS.streams}",
    "PROBE_SECONDS": f"{_LIMITS.probe_seconds}",
    "SOURCE_CACHE_BYTES": f"{_TRANSCODER.source_cache_bytes // 1024**3} GiB",
}
# Other defaults of run and docker.
ON_A_LAPTOP = {"MP4_FILES_120P": "1"}
# Defaults that are written in the files of compose alone.
OF_COMPOSE = {"LOCALSTACK_IMAGE", "FILMS", "TRANSCODER_MEMORY"}
# Read by LocalStack's own client, which has the default; or with another default in compose.
NOT_COMPARED = {"LOCALSTACK_HOST", "AWS_EMULATOR"}
# Templates of settings, which repeat some defaults.
ENV = Path(".env.template").read_text(encoding="utf-8")
DEPLOY_ENV = Path("deploy.env.template").read_text(encoding="utf-8")


def test_the_links_in_mails_of_the_page_are_those_of_make_run() -> None:
    [table] = re.findall(r"```text\n(official.*?)```", PAGE, re.DOTALL)
    assert rows_of(table) == rows_of(_LOCAL.variables["MAIL_LINKS"])
    assert {dialect for dialect, _ in rows_of(table)} == {*DIALECTS}
    assert [each for each in DIALECTS if f"`{each}`" not in PAGE] == []


def row_of(name: str) -> tuple[list[str], str]:
    """Return the names of a row, and its cell of defaults."""
    [(first, default)] = re.findall(rf"^\| (.*`{name}`.*?) \| (.+?) \| ", PAGE, re.MULTILINE)
    return re.findall(r"`(\w+)`", first), default


def defaults_of_the_page() -> dict[str, str]:
    """Defaults of the page that are values, not sentences."""
    values = {}
    for rows in TABLES.values():
        for row in rows.splitlines():
            first, defaults, *_ = (cell.strip() for cell in row.strip("|").split(" | "))
            names = re.findall(r"`(\w+)`", first)
            for name, default in zip(names, defaults.split(", "), strict=False):
                if value := re.match(r"`([^`]+)`|\d+ \w+", default):
                    values[name] = value[1] or value[0]
    return values


def test_every_setting_of_the_api_is_on_the_page() -> None:
    tree = tree_of(Path("chalicelib/settings.py"))
    texts = {str(node.value) for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    named = {text for text in texts if re.fullmatch(r"[A-Z]+(_[A-Z]+)*", text)}
    named |= {"MAIL_LINK_OFFICIAL_ACTIVATION", "MAIL_LINK_OFFICIAL_RESET"}
    missing = sorted(name for name in named if f"`{name}`" not in PAGE and name != "OFFICIAL")
    assert len(named) > 8
    assert missing == []


def test_each_default_of_the_page_is_compared_with_its_source() -> None:
    assert defaults_of_the_page().keys() == DEFAULTS.keys() | OF_COMPOSE | NOT_COMPARED
    compose = "\n".join(file.read_text(encoding="utf-8") for file in COMPOSE)
    defaults = {name: defaults_of_the_page()[name] for name in OF_COMPOSE}
    wrong = [name for name in OF_COMPOSE if f"${{{name}:-{defaults[name]}}}" not in compose]
    assert wrong == []


@pytest.mark.parametrize("name", DEFAULTS)
def test_a_setting_has_the_default_of_the_page(name: str) -> None:
    names, cell = row_of(name)
    default = cell.split(", ")[names.index(name)]
    in_code = re.match(r"`([^`]+)`", default)
    assert (in_code[1] if in_code else default) == DEFAULTS[name]


def test_the_templates_of_settings_have_the_defaults_of_the_page() -> None:
    blocks = re.findall(r"((?:^# .*\n)+)((?:^[A-Z0-9_]+=\n)+)", ENV, re.MULTILINE)
    documented = {
        name: default[1]
        for text, names in blocks
        for name in names.split("=\n")
        if name in DEFAULTS and (default := re.search(r"Default:\s(.+?)(?:, | and |\.\n)", text))
    }
    assert len(documented) > 12
    assert documented == {name: DEFAULTS[name] for name in documented}
    own = dict(re.findall(r"^#([A-Z0-9_]+)=(\d+)$", DEPLOY_ENV, re.MULTILINE))
    shared = own.keys() & DEFAULTS.keys()
    assert len(shared) > 2
    assert {name: own[name] for name in shared} == {name: DEFAULTS[name] for name in shared}


def test_compose_has_the_defaults_of_the_page() -> None:
    written = {
        (name, default)
        for file in COMPOSE
        for name, default in re.findall(r"\$\{(\w+):-(\d+)\}", file.read_text(encoding="utf-8"))
    }
    shared = {(name, default) for name, default in written if name in DEFAULTS}
    assert len(shared) > 3
    there = {**DEFAULTS, **ON_A_LAPTOP}
    assert shared == {(name, there[name]) for name, _ in shared}


@pytest.mark.parametrize("name", ON_A_LAPTOP)
def test_run_and_docker_have_the_other_default_that_the_page_names(name: str) -> None:
    assert row_of(name)[1] == f"`{DEFAULTS[name]}`; `{ON_A_LAPTOP[name]}` for run and docker"
    assert _LOCAL.variables[name] == ON_A_LAPTOP[name]


def test_the_numbers_of_stages_are_those_of_the_pages() -> None:
    most = {name: stage.transcoders for name, stage in STAGES.items()}
    assert f"a deploy sets {most['dev']} in dev, {most['prod']} in prod" in row_of("CREW_MOST")[1]
    assert f"at once: {most['dev']} in dev, {most['prod']} in prod." in DEPLOY_ENV
    dollars = {name: stage.budget_dollars for name, stage in STAGES.items()}
    assert f"in a month: {dollars['dev']} in dev, {dollars['prod']} in prod." in DEPLOY_ENV
    chalice = json.loads(Path(".chalice/config.json").read_text(encoding="utf-8"))["stages"]
    assert {name: chalice[name]["log_retention_in_days"] for name in STAGES} == {
        name: stage.log_days for name, stage in STAGES.items()
    }


def test_a_parameter_of_the_template_has_the_default_of_the_page() -> None:
    parameters = TEMPLATES["transcoder"]["Parameters"]
    text = Path("infra/templates/transcoder.yaml").read_text(encoding="utf-8")
    set_by = dict(re.findall(r"\{Name: ([A-Z_0-9]+), Value: !Ref (\w+)\}", text))
    shared = {name: parameters[set_by[name]].get("Default") for name in set_by if name in DEFAULTS}
    idle = shared.pop("IDLE_SECONDS")
    assert f"`{idle}` on AWS" in row_of("IDLE_SECONDS")[1]
    assert len(shared) > 3
    # Without a value the transcoder has its own default.
    given = {name: str(default) for name, default in shared.items() if default not in ("", None)}
    assert given == {name: DEFAULTS[name] for name in given}


def names_with(program: str, *tables: str) -> set[str]:
    """Names that have effect in a place, there perhaps by another name; `itself` excludes one."""
    names = set[str]()
    for table in tables or TABLES:
        for row in TABLES[table].splitlines():
            first, *_, last = (cell.strip() for cell in row.strip("|").split(" | "))
            for clause in last.split(";"):
                is_by_itself = "by itself" in clause
                if program in re.findall(r"\w+", clause) and is_by_itself == (program == "itself"):
                    other = re.findall(rf"{program},? as `(\w+)`", clause)
                    names |= set(other or re.findall(r"`(\w+)`", first))
    return names


def test_compose_reads_what_is_marked_docker_and_nothing_else() -> None:
    texts = [file.read_text(encoding="utf-8") for file in COMPOSE]
    used = {name for text in texts for name in re.findall(r"\$\{([A-Z0-9_]+)", text)}
    assert names_with("docker") == used


def test_a_deploy_reads_what_is_marked_deploy() -> None:
    assert len(names_with("deploy")) > 8
    assert names_with("deploy") - set(NAMES) == set()


def numbers_of_a_deploy() -> set[str]:
    """Options of a deploy whose example or default is a number."""
    examples = dict(re.findall(r"^#?([A-Z0-9_]+)=(\S*)$", DEPLOY_ENV, re.MULTILINE))
    defaults = {**examples, **defaults_of_the_page()}
    return {name for name in NAMES if defaults.get(name, "").isdecimal()}


def test_a_deploy_refuses_what_is_no_number(tmp_path: Path) -> None:
    names = numbers_of_a_deploy()
    assert len(names) > 5
    for name in names:
        for wrong in ("many", "1.5", "-1"):
            with pytest.raises(Refusal, match=name):
                DeployOptions.load(tmp_path, DEV, {**OPTIONS, name: wrong})


def test_the_template_sets_what_is_marked_template_and_nothing_else() -> None:
    text = Path("infra/templates/transcoder.yaml").read_text(encoding="utf-8")
    by_parameter = set(re.findall(r"\{Name: ([A-Z_0-9]+), Value: !Ref (?!Prefix|AWS)", text))
    marked = names_with("template") | {"LEAST_DECODABLE_PERCENT", "MP4_FILES_120P"}
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
