"""The archive of an installation: data as the emulator leaves them, and what to ask of them."""

import json
import re
import tarfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, NewType

from infra.local.settings import LocalSettings

HERE = Path(__file__).parent
Kind = NewType("Kind", str)
LOCAL, STAGE = Kind("local"), Kind("stage")

_NOTE = "Of a throw-away installation that was recorded for tests; nothing here opens anything."
# Caches, logs, locks, packages, and who recorded.
_LEFT_OUT = re.compile(
    r"\./(edge|sources|work|lock|emulator/(tmp|log\.txt|state/lambda-blobs))(/.*)?"
    r"|.*/deploying\.json.*|.*\.pem(\.lock)?"
)
_LARGEST_BYTES = 1_000_000
_STATE = "emulator/state"


@dataclass(frozen=True, slots=True)
class Recording:
    """What the test needs to know about an installation: who is who, and what was going on."""

    commit: str
    recorded_at: str
    viewer: Mapping[str, Any]
    pending: Mapping[str, str]
    forgetful: Mapping[str, str]
    finished: Mapping[str, Any]
    half_done: Mapping[str, Any]
    upload: Mapping[str, Any]
    # Profiles, progress and more; the first version had none of it.
    viewing: Mapping[str, Any] = field(default_factory=dict)

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.recorded_at)

    @classmethod
    def load(cls, version: str, kind: Kind) -> "Recording":
        fields = json.loads(_file(version, kind, "json").read_text(encoding="utf-8"))
        return cls(**{name: value for name, value in fields.items() if name != "note"})

    def save(self, version: str, kind: Kind) -> None:
        text = json.dumps({"note": _NOTE, **asdict(self)}, indent=2, sort_keys=True)
        _file(version, kind, "json").write_text(text + "\n", encoding="utf-8")


def ports_of(settings: LocalSettings) -> dict[str, int]:
    names = ("aws_port", "api_port", "mailbox_port", "edge_port")
    return {name: getattr(settings, name) for name in names}


def versions(kind: Kind) -> list[str]:
    """Name the versions there are recordings of."""
    recorded = sorted(each.parent.name for each in HERE.glob(f"*/{kind}.json"))
    if not recorded:
        raise FileNotFoundError(f"There is no recording of a {kind} installation.")
    return recorded


def pack(data: Path, version: str, kind: Kind, ports: Mapping[str, int]) -> Path:
    """Archive the data without anything of the machine; raise `ValueError` if that fails."""
    for file in _state_files(data):
        text = file.read_text(encoding="utf-8")
        for name, port in ports.items():
            text = text.replace(f":{port}", f":@{name}@")
        file.write_text(text, encoding="utf-8")
    archive = _file(version, kind, "tar.xz")
    archive.parent.mkdir(exist_ok=True)
    with tarfile.open(archive, "w:xz", preset=9) as tar:
        tar.add(data, arcname=".", filter=_anonymous)
    _require_clean(archive, data)
    if archive.stat().st_size > _LARGEST_BYTES:
        raise ValueError(f"{archive} has {archive.stat().st_size} bytes.")
    return archive


def unpack(version: str, kind: Kind, data: Path, ports: Mapping[str, int]) -> None:
    """Lay the data into a folder, as if they had always been on these ports."""
    with tarfile.open(_file(version, kind, "tar.xz")) as tar:
        tar.extractall(data, filter="data")
    for file in _state_files(data):
        text = file.read_text(encoding="utf-8")
        for name, port in ports.items():
            text = text.replace(f":@{name}@", f":{port}")
        file.write_text(text, encoding="utf-8")
    _stand_in_for_zips(data)


def _file(version: str, kind: Kind, suffix: str) -> Path:
    return HERE / version / f"{kind}.{suffix}"


def _state_files(data: Path) -> Iterator[Path]:
    return (data / _STATE).glob("*.json")


def _stand_in_for_zips(data: Path) -> None:
    """Lay empty zips for the functions, whose own hold 15 MB of packages; the deploy is next."""
    functions = data / _STATE / "lambda.json"
    folder = functions.with_name("lambda-blobs")
    folder.mkdir(exist_ok=True)
    for digest in re.findall(r'"code_blob_ref": "(\w+)"', functions.read_text(encoding="utf-8")):
        with zipfile.ZipFile(folder / f"{digest}.zip", "w") as archive:
            archive.writestr("app.py", "")


def _anonymous(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
    if _LEFT_OUT.fullmatch(entry.name):
        return None
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    entry.mtime = 0
    return entry


def _require_clean(archive: Path, data: Path) -> None:
    """Nothing may tell where it was recorded."""
    telling = (str(data), str(HERE.parents[1]), f"{Path.home()}/")
    with tarfile.open(archive) as tar:
        for entry in tar:
            content = tar.extractfile(entry)
            text = content.read() if content else b""
            for each in telling:
                if each.encode() in text:
                    raise ValueError(f"{entry.name} names {each}.")
