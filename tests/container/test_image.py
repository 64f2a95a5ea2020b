"""The image holds a worker and its programs, and no tools for an attacker."""

import subprocess
import tarfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path, PurePosixPath

import pytest

from tests import hijack as hijack_package
from tests.container.composed import TRANSCODER_IMAGE, inspected, output_of

LARGEST_MB = 400
TOOLS = {
    *("sh", "bash", "dash", "busybox", "apt", "apt-get", "dpkg", "pip", "pip3", "perl"),
    *("gcc", "cc", "ld", "make", "curl", "wget", "nc", "ssh", "su", "mount", "tar", "cat", "ls"),
}
CONFINED = ("--rm", "--network=none", "--read-only", "--cap-drop=ALL")


@pytest.fixture(scope="module")
def members() -> Sequence[tarfile.TarInfo]:
    container = output_of("docker", "create", TRANSCODER_IMAGE).strip()
    try:
        exported = subprocess.check_output(["docker", "export", container])  # noqa: S607
    finally:
        output_of("docker", "rm", "--volumes", container)
    with tarfile.open(fileobj=BytesIO(exported)) as archive:
        return archive.getmembers()


def test_the_only_program_is_python(
    members: Sequence[tarfile.TarInfo],
) -> None:
    programs = {
        member.name
        for member in members
        if "/bin/" in f"/{member.name}" or "/sbin/" in f"/{member.name}"
    }
    assert programs == {"usr/bin/python3", "usr/bin/python3.13"}


def test_no_shell_no_package_manager_no_compiler(members: Sequence[tarfile.TarInfo]) -> None:
    assert not {PurePosixPath(member.name).name for member in members if member.isreg()} & TOOLS


def test_no_file_is_setuid_or_setgid(members: Sequence[tarfile.TarInfo]) -> None:
    assert not [member.name for member in members if member.isreg() and member.mode & 0o6000]


def test_only_the_work_folder_belongs_to_the_worker(members: Sequence[tarfile.TarInfo]) -> None:
    assert [member.name.rstrip("/") for member in members if member.uid] == ["work"]


def test_neither_tests_nor_secrets_nor_the_api_are_in_the_image(
    members: Sequence[tarfile.TarInfo],
) -> None:
    ours = [member.name for member in members if member.name.startswith("app/")]
    assert ours
    assert not [
        name
        for name in ours
        if name.startswith(
            ("app/chalicelib/api", "app/chalicelib/events", "app/tests", "app/infra")
        )
        or "/.env" in name
        or name.endswith((".pem", ".md", "chalicelib/settings.py"))
    ]


def test_the_image_is_small() -> None:
    assert inspected(TRANSCODER_IMAGE)["Size"] < LARGEST_MB * 10**6


def test_its_configuration_names_user_signal_and_health_check() -> None:
    config = inspected(TRANSCODER_IMAGE)["Config"]
    assert config["User"] == "10001:10001"
    assert config["StopSignal"] == "SIGTERM"
    assert config["Entrypoint"] == ["python3", "-m", "transcoder"]
    assert config["Healthcheck"]["Test"] == ["CMD", "python3", "-m", "transcoder.health"]
    assert not [each for each in config["Env"] if each.startswith("AWS_")]


def test_it_has_certificates_for_reading_sources() -> None:
    """The worker reads sources for FFmpeg, with the certificates of botocore."""
    count = "import ssl, botocore.httpsession as b; c = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT); \
        c.load_verify_locations(b.get_cert_path(True)); print(len(c.get_ca_certs()))"
    printed = output_of(
        "docker", "run", *CONFINED, "--entrypoint=python3", TRANSCODER_IMAGE, "-c", count
    )
    assert int(printed) > 100


def test_a_missing_setting_is_named() -> None:
    done = subprocess.run(
        ["docker", "run", *CONFINED, TRANSCODER_IMAGE],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "WORK_QUEUE_URL is not set" in done.stderr


def test_a_hijacked_ffmpeg_reaches_nothing_in_the_container() -> None:
    """Inside Docker's own filter of system calls, which forbids namespaces."""
    hijack = Path(hijack_package.__file__).parent
    mounted = ("--volume", f"{hijack}:/app/tests/hijack:ro", "--env", "PYTHONPATH=/app")
    options = (*CONFINED, "--security-opt=no-new-privileges", *mounted, "--entrypoint=python3")
    program = ("-m", "tests.hijack.scene", "/work/scene")
    tried = output_of(
        "docker", "run", *options, TRANSCODER_IMAGE, *program, "confined"
    ).splitlines()
    free = output_of("docker", "run", *options, TRANSCODER_IMAGE, *program, "free").splitlines()
    assert len(tried) == len(free) > 70
    assert [line for line in tried if line.startswith("reached")] == []
    assert len([line for line in free if line.startswith("reached")]) > 50


def test_the_sandbox_is_complete_in_the_container() -> None:
    ask = "from transcoder.sandbox.confinement.enforcement import missing; print(missing())"
    options = (*CONFINED, "--security-opt=no-new-privileges", "--entrypoint=python3")
    assert output_of("docker", "run", *options, TRANSCODER_IMAGE, "-c", ask).strip() == "()"
