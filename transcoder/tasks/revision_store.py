"""What tasks leave for each other in the media bucket: the plan, reports, finished pieces."""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from chalicelib.catalogue import media_keys
from chalicelib.catalogue.model import Revision, VideoId
from chalicelib.transcoding.plan import Plan
from chalicelib.transcoding.ports import MediaStore
from chalicelib.transcoding.reports import Piece, Report
from transcoder.outputs.objects import key_of

_UPLOADS_AT_ONCE = 8
_REPORTS_AT_ONCE = 16
_TYPES = {
    ".m4s": "video/iso.segment",
    ".mp4": "video/mp4",
    ".ts": "video/mp2t",
    ".vtt": "text/vtt; charset=utf-8",
    ".jpg": "image/jpeg",
    ".json": "application/json",
}


@dataclass(frozen=True, slots=True)
class Workshop:
    """The place of one revision in the media bucket."""

    media: MediaStore
    video_id: VideoId
    revision: Revision

    @property
    def public(self) -> str:
        return media_keys.folder(self.video_id, self.revision)

    @property
    def private(self) -> str:
        return media_keys.workshop(self.video_id, self.revision)

    def plan(self) -> Plan | None:
        text = self.media.read(self.private + "plan.json")
        return Plan.from_json(text) if text is not None else None

    def keep_plan(self, plan: Plan) -> None:
        self.media.write(self.private + "plan.json", plan.to_json())

    def report(self, name: str) -> Report | None:
        text = self.media.read(self._report_key(name))
        return Report.from_json(text) if text is not None else None

    def keep_report(self, name: str, report: Report) -> None:
        self.media.write(self._report_key(name), report.to_json())

    def reports(self, names: Iterable[str]) -> Mapping[str, Report]:
        """Return those that are there, by name."""
        wanted = list(names)
        with ThreadPoolExecutor(_REPORTS_AT_ONCE) as pool:
            found = zip(wanted, pool.map(self.report, wanted), strict=True)
            return {name: report for name, report in found if report is not None}

    def deliver(self, pieces: Iterable[Piece], folder: Path) -> None:
        """Upload finished pieces to where players will look for them."""
        self._upload([(self.public + piece.name, folder / piece.name) for piece in pieces])

    def deliver_pictures(self, folder: Path, names: Iterable[str]) -> None:
        self._upload(
            [
                (media_keys.picture(self.video_id, self.revision, name), folder / f"{name}.jpg")
                for name in names
            ]
        )

    def keep_older_pictures(self) -> None:
        """Take over what an earlier version, in the middle of this encode, laid among `images/`."""
        public = media_keys.images(self.video_id, self.revision)
        kept = media_keys.pictures(self.video_id, self.revision)
        there = self.media.listed(kept)
        for key in self.media.listed(public):
            if (target := kept + key.removeprefix(public)) not in there:
                self.media.copy(key, target)

    def listed(self) -> Mapping[str, tuple[int, str]]:
        """Return size and MD5 of everything viewers may see of this revision, by key."""
        return self.media.listed(self.public)

    def intact(self, plan: Plan, names: Iterable[str]) -> frozenset[str]:
        """Of these reports, those whose every piece is in the bucket just as it was measured."""
        listed = self.listed()
        return frozenset(
            name
            for name, report in self.reports(names).items()
            if all(
                listed.get(key_of(plan, piece.name)) == (piece.size, piece.md5)
                for piece in report.pieces
            )
        )

    def content(self, name: str) -> bytes:
        """Return one finished piece; nothing of it if it is not there."""
        return self.media.read(self.public + name) or b""

    def lay_aside(self, names: Iterable[str], folder: Path) -> None:
        """Keep files that only later tasks need."""
        self._upload([(self.private + name, folder / name) for name in names])

    def fetch_aside(self, names: Iterable[str], folder: Path) -> None:
        self._fetch([(self.private + name, folder / name) for name in names])

    def fetch(self, names: Iterable[str], folder: Path) -> None:
        self._fetch([(self.public + name, folder / name) for name in names])

    def _upload(self, files: Iterable[tuple[str, Path]]) -> None:
        def put(file: tuple[str, Path]) -> None:
            key, path = file
            self.media.put(key, path, content_type=_TYPES[path.suffix])

        with ThreadPoolExecutor(_UPLOADS_AT_ONCE) as pool:
            list(pool.map(put, files))

    def _fetch(self, files: Iterable[tuple[str, Path]]) -> None:
        def fetch(file: tuple[str, Path]) -> None:
            key, path = file
            path.parent.mkdir(parents=True, exist_ok=True)
            self.media.fetch(key, path)

        with ThreadPoolExecutor(_UPLOADS_AT_ONCE) as pool:
            list(pool.map(fetch, files))

    def _report_key(self, name: str) -> str:
        return f"{self.private}reports/{name}.json"
