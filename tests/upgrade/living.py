"""What goes on in the installation that is recorded: accounts, videos, an upload."""

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import imageio_ffmpeg

from tests.browser import Browser
from tests.integration.videos import Videos
from tests.integration.wire import Mailbox, link, mails
from tests.upgrade.recording import Recording
from tests.upgrade.viewing import Viewing

PASSWORD = "correct horse battery"
RATE, SECONDS, LONGER = 25, 8, 30
# So far is the encode that is broken off: some chunks are there, most are not.
_ENOUGH_CHUNKS = 2


@dataclass(frozen=True)
class Life:
    videos: Videos
    mailbox: Mailbox
    folder: Path
    # Stops the worker, whatever it is doing.
    freeze: Callable[[], None]
    # Runs `python -m infra.transfer` of that version, and returns its exit code.
    transfer: Callable[..., int]

    def live(self, commit: str) -> Recording:
        """Have everything go on at once, and freeze it."""
        finished = self._finished()
        recording = Recording(
            commit=commit,
            recorded_at=datetime.now(UTC).isoformat(timespec="seconds"),
            viewer=self._viewer(),
            pending=self._pending("pending@example.com"),
            forgetful=self._forgetful("forgetful@example.com"),
            finished=finished,
            viewing=self._viewing.recorded(finished["id"]),
            upload=self._upload(),
            half_done=self._half_done(),
        )
        self.freeze()
        return recording

    @property
    def _viewing(self) -> Viewing:
        return Viewing(
            self.videos, self.mailbox, self.folder, self._signed_up, PASSWORD, self.transfer
        )

    def _finished(self) -> dict[str, Any]:
        clip = make_clip(self.folder / "finished.mp4", seconds=SECONDS)
        self.videos.drop(clip, "Drama/Finished.mp4")
        video = self.videos.finished(self.videos.title("Finished")["id"])
        assert video["conversion_status"] == "completed", video
        self.videos.publish(video["id"])
        mp4 = f"media/{video['id']}/1/mp4/"
        self.videos.until(lambda: "film.mp4" in self.videos.objects(mp4), "no MP4")
        return {"id": video["id"], "title": "Finished", "frames": SECONDS * RATE}

    def _half_done(self) -> dict[str, Any]:
        clip = make_clip(self.folder / "half done.mp4", seconds=LONGER)
        self.videos.drop(clip, "Drama/Half done.mp4")
        video = self.videos.title("Half done")["id"]
        self.videos.publish(video)
        path = f"/video/{video}/progress/"

        def enough() -> Any:
            progress = self.videos.admin.get(path).json
            return progress if progress["chunks_done"] >= _ENOUGH_CHUNKS else None

        progress = self.videos.until(enough, "nothing is encoded")
        assert progress["chunks_done"] < progress["chunks_planned"], progress
        return {"id": video, "title": "Half done", "frames": LONGER * RATE}

    def _viewer(self) -> dict[str, Any]:
        browser = self._signed_up("viewer@example.com")
        issued = browser.post("/user/tokens/", {"label": "program", "password": PASSWORD})
        assert browser.patch("/user/", {"first_name": "Ada"}).status == 200
        sent = {"email": "viewer@example.com", "password": PASSWORD}
        return {**sent, "cookies": browser.cookies, "api_token": issued.json["token"]}

    def _signed_up(self, email: str) -> Browser:
        browser = self._registered(email)
        assert browser.post("/login/", {"email": email, "password": PASSWORD}).status == 200
        return browser

    def _forgetful(self, email: str) -> dict[str, str]:
        browser = self._registered(email)
        assert browser.post("/password_reset/", {"email": email}).status == 200
        uid, token = link(mails(self.mailbox, email, at_least=2)[0])
        return {"email": email, "uid": uid, "token": token}

    def _registered(self, email: str) -> Browser:
        pending = self._pending(email)
        browser = Browser(self.videos.server)
        assert browser.get(f"/activate/{pending['uid']}/{pending['token']}/").status == 200
        return browser

    def _pending(self, email: str) -> dict[str, str]:
        sent = {"email": email, "password": PASSWORD, "confirmed_password": PASSWORD}
        assert Browser(self.videos.server).post("/register/", sent).status == 201
        uid, token = link(mails(self.mailbox, email)[0])
        return {"email": email, "password": PASSWORD, "uid": uid, "token": token}

    def _upload(self) -> dict[str, Any]:
        """Send the first part of two; the second holds nothing but zeros."""
        clip = make_clip(self.folder / "upload.mp4", seconds=2).read_bytes()
        padded = clip + _free_box(17 * 1024**2 - len(clip))
        sent = {"filename": "Uploaded.mp4", "size": len(padded)}
        upload = self.videos.admin.post("/uploads/", sent).json
        assert upload["part_count"] == 2
        first = padded[: upload["part_size"]]
        path = f"/uploads/{upload['id']}/parts/"
        [part] = self.videos.admin.post(path, {"numbers": [1]}).json["results"]
        httpx.put(part["url"], content=first, trust_env=False).raise_for_status()
        return {"id": upload["id"], "video": upload["video_id"], "frames": 2 * RATE}


def make_clip(path: Path, *, seconds: int) -> Path:
    """A square that moves, a tone, and subtitles: little to store, all there is to make."""
    subtitles = path.with_suffix(".srt")
    subtitles.write_text(f"1\n00:00:00,000 --> 00:00:{seconds:02d},000\nHello\n")
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(),
        *("-v", "error", "-y"),
        *("-f", "lavfi", "-i", f"color=c=navy:s=320x180:r={RATE}:d={seconds}"),
        *("-f", "lavfi", "-i", f"sine=f=440:r=48000:d={seconds}", "-i", str(subtitles)),
        *("-vf", r"drawbox=x=mod(t*40\,280):y=70:w=40:h=40:c=orange:t=fill"),
        *("-c:v", "libx264", "-preset", "veryfast", "-c:a", "aac", "-b:a", "32k"),
        *("-c:s", "mov_text", "-metadata:s:s:0", "language=eng", "-movflags", "+faststart"),
        str(path),
    ]
    subprocess.run(command, check=True)
    return path


def _free_box(size: int) -> bytes:
    return size.to_bytes(4, "big") + b"free" + bytes(size - 8)
