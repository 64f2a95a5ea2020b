"""What goes on in the installation that is recorded: accounts, films, an upload."""

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import imageio_ffmpeg

from tests.browser import Browser
from tests.integration.films import Films
from tests.integration.wire import Mailbox, link, mails
from tests.upgrade.recording import Recording

PASSWORD = "correct horse battery"
RATE, SECONDS, LONGER = 25, 8, 30
# So far is the encode that is broken off: some chunks are there, most are not.
_ENOUGH_CHUNKS = 2


@dataclass(frozen=True)
class Life:
    films: Films
    mailbox: Mailbox
    folder: Path
    # Stops the worker, whatever it is doing.
    freeze: Callable[[], None]

    def live(self, commit: str) -> Recording:
        """Have everything go on at once, and freeze it."""
        finished = self._finished()
        told = Recording(
            commit=commit,
            recorded_at=datetime.now(UTC).isoformat(timespec="seconds"),
            viewer=self._viewer(),
            pending=self._pending("pending@example.com"),
            forgetful=self._forgetful("forgetful@example.com"),
            finished=finished,
            upload=self._upload(),
            half_done=self._half_done(),
        )
        self.freeze()
        return told

    def _finished(self) -> dict[str, Any]:
        film = make_film(self.folder / "finished.mp4", seconds=SECONDS)
        self.films.drop(film, "Drama/Finished.mp4")
        video = self.films.finished(self.films.title("Finished")["id"])
        assert video["conversion_status"] == "completed", video
        self.films.publish(video["id"])
        mp4 = f"media/{video['id']}/1/mp4/"
        self.films.until(lambda: "film.mp4" in self.films.objects(mp4), "no MP4")
        return {"id": video["id"], "title": "Finished", "frames": SECONDS * RATE}

    def _half_done(self) -> dict[str, Any]:
        film = make_film(self.folder / "half done.mp4", seconds=LONGER)
        self.films.drop(film, "Drama/Half done.mp4")
        video = self.films.title("Half done")["id"]
        self.films.publish(video)
        path = f"/video/{video}/progress/"

        def enough() -> Any:
            told = self.films.admin.get(path).json
            return told if told["chunks_done"] >= _ENOUGH_CHUNKS else None

        told = self.films.until(enough, "nothing is encoded")
        assert told["chunks_done"] < told["chunks_planned"], told
        return {"id": video, "title": "Half done", "frames": LONGER * RATE}

    def _viewer(self) -> dict[str, Any]:
        browser = self._registered("viewer@example.com")
        sent = {"email": "viewer@example.com", "password": PASSWORD}
        assert browser.post("/login/", sent).status == 200
        issued = browser.post("/user/tokens/", {"label": "program", "password": PASSWORD})
        assert browser.patch("/user/", {"first_name": "Ada"}).status == 200
        return {**sent, "cookies": browser.cookies, "api_token": issued.json["token"]}

    def _forgetful(self, email: str) -> dict[str, str]:
        browser = self._registered(email)
        assert browser.post("/password_reset/", {"email": email}).status == 200
        uid, token = link(mails(self.mailbox, email, at_least=2)[0])
        return {"email": email, "uid": uid, "token": token}

    def _registered(self, email: str) -> Browser:
        told = self._pending(email)
        browser = Browser(self.films.server)
        assert browser.get(f"/activate/{told['uid']}/{told['token']}/").status == 200
        return browser

    def _pending(self, email: str) -> dict[str, str]:
        sent = {"email": email, "password": PASSWORD, "confirmed_password": PASSWORD}
        assert Browser(self.films.server).post("/register/", sent).status == 201
        uid, token = link(mails(self.mailbox, email)[0])
        return {"email": email, "password": PASSWORD, "uid": uid, "token": token}

    def _upload(self) -> dict[str, Any]:
        """Send the first part of a film of two; the second holds nothing but zeros."""
        film = make_film(self.folder / "upload.mp4", seconds=2).read_bytes()
        padded = film + _free_box(17 * 1024**2 - len(film))
        sent = {"filename": "Uploaded.mp4", "size": len(padded)}
        upload = self.films.admin.post("/uploads/", sent).json
        assert upload["part_count"] == 2
        first = padded[: upload["part_size"]]
        path = f"/uploads/{upload['id']}/parts/"
        [part] = self.films.admin.post(path, {"numbers": [1]}).json["results"]
        httpx.put(part["url"], content=first, trust_env=False).raise_for_status()
        return {"id": upload["id"], "video": upload["video_id"], "frames": 2 * RATE}


def make_film(path: Path, *, seconds: int) -> Path:
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
