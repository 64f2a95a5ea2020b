"""Copy a closed list of Debian packages into a folder: the root of a container without a shell."""

import shutil
import subprocess
import sys
from pathlib import Path

# What Python and the two builds of FFmpeg load; a package of Debian's own tools is not among them.
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
_UNWANTED = (
    "/etc/",  # made below, as far as anything reads it
    "/usr/share/",
    "/var/",
    *(
        f"{_STANDARD_LIBRARY}/{part}"
        for part in ("_pyrepl", "curses", "dbm", "ensurepip", "idlelib", "pydoc_data", "sqlite3")
    ),
    *(
        f"{_STANDARD_LIBRARY}/lib-dynload/{module}."
        for module in ("_curses", "_curses_panel", "_dbm", "_sqlite3", "readline")
    ),
)
_WANTED_ALL_THE_SAME = "/usr/share/doc/"  # licences ask for it
_FILES = {
    "etc/passwd": "root:x:0:0::/nonexistent:/nonexistent\nworker:x:{id}:{id}::/work:/nonexistent\n",
    "etc/group": "root:x:0:\nworker:x:{id}:\n",
    "etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
}


def build(root: Path, user: int) -> None:
    for package in PACKAGES:
        for name in _said("dpkg-query", "-L", package).splitlines():
            if _is_wanted(name):
                _copy(Path(name), root / name[1:])
        # Where scanners look for what an image without a package manager consists of.
        status = root / "var/lib/dpkg/status.d" / package
        status.parent.mkdir(parents=True, exist_ok=True)
        status.write_text(_said("dpkg-query", "-s", package), encoding="utf-8")
    _add_what_no_package_holds(root, user)
    subprocess.run(["/sbin/ldconfig", "-r", root], check=True)


def _is_wanted(name: str) -> bool:
    if name.startswith(_WANTED_ALL_THE_SAME):
        return name.endswith("/copyright")
    return not name.startswith(_UNWANTED)


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


def _add_what_no_package_holds(root: Path, user: int) -> None:
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


def _said(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    build(Path(sys.argv[1]), int(sys.argv[2]))
