"""The objects of a revision in the media bucket, as task handlers use them."""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from chalicelib.catalogue import object_keys
from chalicelib.catalogue.model import Revision, VideoId
from chalicelib.encoding.plan import Plan
from chalicelib.encoding.ports import MediaStore
from chalicelib.encoding.task_reports import Report
from transcoder.outputs.objects import object_key

_UPLOADS_AT_ONCE = 8
_REPORTS_AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class RevisionStore:
    """Public objects are those that players fetch; private ones are for tasks alone."""

    media: MediaStore
    video_id: VideoId
    revision: Revision

    @property
    def public(self) -> str:
        return object_keys.folder(self.video_id, self.revision)

    @property
    def private_folder(self) -> str:
        return object_keys.private_folder(self.video_id, self.revision)

    def plan(self) -> Plan | None:
        text = self.media.read(self.private_folder + "plan.json")
        return Plan.from_json(text) if text is not None else None

    def write_plan(self, plan: Plan) -> None:
        self.media.write(self.private_folder + "plan.json", plan.to_json())

    def report(self, name: str) -> Report | None:
        text = self.media.read(self._report_key(name))
        return Report.from_json(text) if text is not None else None

    def write_report(self, name: str, report: Report) -> None:
        self.media.write(self._report_key(name), report.to_json())

    def reports(self, names: Iterable[str]) -> Mapping[str, Report]:
        """Return the reports that exist, by name."""
        names = list(names)
        with ThreadPoolExecutor(_REPORTS_AT_ONCE) as pool:
            reports = zip(names, pool.map(self.report, names), strict=True)
            return {name: report for name, report in reports if report is not None}

    def upload(self, names: Iterable[str], folder: Path) -> None:
        """Upload files below a folder, each to the key of its kind."""

        def put(name: str) -> None:
            kind = object_keys.CONTENT_TYPES[name.rpartition(".")[2]]
            self.media.put(self._key(name), folder / name, content_type=kind)

        with ThreadPoolExecutor(_UPLOADS_AT_ONCE) as pool:
            list(pool.map(put, names))

    def fetch(self, names: Iterable[str], folder: Path) -> None:
        def fetch(name: str) -> None:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            self.media.fetch(self._key(name), path)

        with ThreadPoolExecutor(_UPLOADS_AT_ONCE) as pool:
            list(pool.map(fetch, names))

    def copy_older_pictures(self) -> None:
        """Copy pictures that an earlier version has written below `images/` in this encode."""
        public = object_keys.images(self.video_id, self.revision)
        current = object_keys.pictures(self.video_id, self.revision)
        existing = self.media.listed(current)
        for key in self.media.listed(public):
            if (target := current + key.removeprefix(public)) not in existing:
                self.media.copy(key, target)

    def listed(self) -> Mapping[str, tuple[int, str]]:
        """Return size and MD5 of every public object, by key."""
        return self.media.listed(self.public)

    def intact(self, names: Iterable[str]) -> frozenset[str]:
        """Return the reports whose files are all in the bucket, with the size and MD5 reported."""
        listed = self.listed()
        return frozenset(
            name
            for name, report in self.reports(names).items()
            if all(
                listed.get(self._key(file.name)) == (file.size, file.md5) for file in report.files
            )
        )

    def read(self, name: str) -> bytes:
        """Return the content of a public object; empty if there is none."""
        return self.media.read(self.public + name) or b""

    def _key(self, name: str) -> str:
        return object_key(self.video_id, self.revision, name)

    def _report_key(self, name: str) -> str:
        return f"{self.private_folder}reports/{name}.json"
