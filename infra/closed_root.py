"""Copy a fixed list of Debian packages into a folder: the root of a container without a shell."""

import shutil
import subprocess
import sys
from pathlib import Path

# What Python and the two builds of FFmpeg load; none of Debian's own tools.
PACKAGES = (
    "base-files",
    "libbz2-1.0",
    "libc6",
    "libexpat1",
    "libffi8",
    "libgcc-s1",
    "liblzma5",
    "libpython3.13-minimal",
    "libpython3.13-stdlib",
    "libssl3t64",
    "libstdc++6",
    "libuuid1",
    "libzstd1",
    "python3.13-minimal",
    "zlib1g",
)
_STANDARD_LIBRARY = "/usr/lib/python3.13"
_LEFT_OUT = (
    "/etc/",  # `_FILES` has the few that are read
    "/usr/share/",
    "/var/",
    *(
        f"{_STANDARD_LIBRARY}/{package}"
        for package in (
            "_pyrepl",
            "curses",
            "dbm",
            "ensurepip",
            "idlelib",
            "pydoc_data",
            "sqlite3",
        )
    ),
    *(
        f"{_STANDARD_LIBRARY}/lib-dynload/{module}."
        for module in ("_curses", "_curses_panel", "_dbm", "_sqlite3", "readline")
    ),
)
_LICENCES = "/usr/share/doc/"  # Licences require a copy of their text.
_FILES = {
    "etc/passwd": "root:x:0:0::/nonexistent:/nonexistent\nworker:x:{id}:{id}::/work:/nonexistent\n",
    "etc/group": "root:x:0:\nworker:x:{id}:\n",
    "etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
}


def build(root: Path, user: int) -> None:
    for package in PACKAGES:
        for name in _output_of("dpkg-query", "-L", package).splitlines():
            if _is_included(name):
                _copy(Path(name), root / name[1:])
        # Scanners of images without a package manager read the list of packages here.
        status = root / "var/lib/dpkg/status.d" / package
        status.parent.mkdir(parents=True, exist_ok=True)
        status.write_text(_output_of("dpkg-query", "-s", package), encoding="utf-8")
    _add_generated_files(root, user)
    subprocess.run(["/sbin/ldconfig", "-r", root], check=True)


def _is_included(name: str) -> bool:
    if name.startswith(_LICENCES):
        return name.endswith("/copyright")
    return not name.startswith(_LEFT_OUT)


def _copy(source: Path, target: Path) -> None:
    if source.is_symlink():
        if not target.is_symlink():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to(source.readlink())
    elif source.is_dir():
        target.mkdir(parents=True, exist_ok=True)
    elif source.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target)


def _add_generated_files(root: Path, user: int) -> None:
    for name, text in _FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text.format(id=user), encoding="ascii")
    _copy(Path("/usr/lib/os-release"), root / "etc/os-release")
    (root / "usr/bin/python3").symlink_to("python3.13")
    (root / "tmp").mkdir(exist_ok=True)
    (root / "tmp").chmod(0o1777)
    work = root / "work"
    work.mkdir(mode=0o700)
    shutil.chown(work, user, user)


def _output_of(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    build(Path(sys.argv[1]), int(sys.argv[2]))
