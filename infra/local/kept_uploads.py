"""MiniStack's multipart uploads, stored in a folder instead of in memory."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ministack.core.responses import AccountScopedDict
from typing_extensions import override

_UPLOAD = "upload.json"
_BODY = "body"


class KeptUploads(AccountScopedDict):  # type: ignore[misc]
    """The open uploads of all accounts, by id: `<account>/<id>/upload.json` and their parts."""

    __slots__ = ("_folder",)

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        for path in folder.glob(f"*/*/{_UPLOAD}"):
            self._data[(path.parts[-3], path.parts[-2])] = {
                **json.loads(path.read_bytes()),
                "parts": KeptParts(path.parent),
            }

    @override
    def __setitem__(self, key: str, upload: Mapping[str, Any]) -> None:
        folder = self._folder.joinpath(*self._scoped(key))
        folder.mkdir(parents=True)
        _write_json(folder / _UPLOAD, {**upload, "parts": None})
        super().__setitem__(key, {**upload, "parts": KeptParts(folder)})

    @override
    def __delitem__(self, key: str) -> None:
        super().__delitem__(key)
        shutil.rmtree(self._folder.joinpath(*self._scoped(key)), ignore_errors=True)


class KeptParts(dict[int, dict[str, Any]]):
    """The parts of an upload, by number: `<number>.json` names the file with the bytes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        super().__init__({int(path.stem): _part(path) for path in folder.glob("[0-9]*.json")})

    @override
    def __setitem__(self, number: int, part: Mapping[str, Any]) -> None:
        described = self._folder / f"{number}.json"
        before = self.get(number)
        # Named by its digest: a part that is sent again does not change the file of the first.
        name = f"{number}.{part['etag'].strip(chr(34))}"
        _write(self._folder / name, part[_BODY])
        _write_json(described, {**part, _BODY: name})
        super().__setitem__(number, _part(described))
        if isinstance(before, _Part) and before.path.name != name:
            before.path.unlink(missing_ok=True)


class _Part(dict[str, Any]):
    """The description of a part; its bytes are read on access."""

    def __init__(self, description: Mapping[str, Any], path: Path) -> None:
        super().__init__(description)
        self.path = path

    def __missing__(self, name: str) -> bytes:
        if name != _BODY:
            raise KeyError(name)
        return self.path.read_bytes()


def _part(described: Path) -> _Part:
    description = json.loads(described.read_bytes())
    return _Part(description, described.with_name(description.pop(_BODY)))


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    _write(path, json.dumps(content).encode())


def _write(path: Path, content: bytes) -> None:
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_bytes(content)
    fresh.replace(path)
