"""What goes on in the installation that is recorded: profiles, progress, moves, an import."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.browser import Browser
from tests.builders.dumps import PASSWORD as IMPORTED_PASSWORD
from tests.builders.dumps import a_dump, a_progress_row, a_user, a_video_row
from tests.integration.videos import Videos
from tests.integration.wire import Mailbox, link, mails

PIN, POSITION = "4711", 3.5
# Seconds of a video that is played for as long.
DURATION = 8.0
AGE_RATING, AGE_LIMIT = 6, 12
IMPORTED, IMPORTED_VIDEO = 7_000_001, 7_000_002
_WITH_PROBLEMS = 3


@dataclass(frozen=True)
class Viewing:
    """What accounts keep besides themselves; each is made by the API of that version."""

    videos: Videos
    mailbox: Mailbox
    folder: Path
    # Signs up with an address, confirms it and signs in.
    signed_up: Callable[[str], Browser]
    password: str
    # Runs `python -m infra.transfer` of that version, and returns its exit code.
    transfer: Callable[..., int]

    def recorded(self, video: int) -> dict[str, Any]:
        rated = self.videos.admin.patch(f"/video/{video}/", {"age_rating": AGE_RATING})
        assert rated.status == 200, rated
        return {
            "profiles": self._profiles(video),
            "programs": self._programs("program@example.com"),
            "moved": self._moved("moved@example.com", "moved.to@example.com"),
            "moving": self._requested("moving@example.com", "moving.to@example.com"),
            "imported": self._imported("imported@example.com"),
        }

    def _profiles(self, video: int) -> dict[str, Any]:
        email = "watcher@example.com"
        browser = self.signed_up(email)
        sent = {"name": "Kids", "picture": "dragon", "age_limit": AGE_LIMIT, "pin": PIN}
        added = browser.post("/profiles/", sent)
        assert added.status == 201, added
        profile = added.json["id"]
        unlocked = browser.post(f"/profiles/{profile}/unlock/", {"pin": PIN})
        token = unlocked.json["token"]
        report = {
            "video": video,
            "position": POSITION,
            "duration": DURATION,
            "event": "pause",
            "watched_seconds": POSITION,
            "codec": "h264",
        }
        query, opened = f"?profile={profile}", {"x_profile_token": token}
        assert browser.post(f"/progress/{query}", report, **opened).status == 201
        path = f"/watchlist/{video}/{query}"
        assert browser.send("PUT", path, headers=opened).status == 200
        # Of the default profile: seen, and cleared again.
        assert browser.post("/progress/", report).status == 201
        assert browser.delete(f"/history/{video}/").status == 200
        cookies = browser.cookies
        return {"email": email, "id": profile, "token": token, "cookies": cookies, "video": video}

    def _programs(self, email: str) -> dict[str, str]:
        """Sign in as the programs of two dialects do, without cookies."""
        self.signed_up(email)
        sent, program = {"email": email, "password": self.password}, Browser(self.videos.server)
        token = program.post("/accounts/login/", sent)
        pair = program.post("/auth/jwt/create/", sent)
        return {"sign_in_token": token.json["token"], "refresh": pair.json["refresh"]}

    def _moved(self, email: str, to: str) -> dict[str, str]:
        asked = self._requested(email, to)
        path = f"/email_confirm/{asked['uid']}/{asked['token']}/"
        assert Browser(self.videos.server).post(path).status == 200
        return {"email": email, "to": to}

    def _requested(self, email: str, to: str) -> dict[str, str]:
        browser = self.signed_up(email)
        sent = {"new_email": to, "password": self.password}
        assert browser.post("/user/email/", sent).status == 200
        uid, token = link(mails(self.mailbox, to)[0])
        return {"email": email, "to": to, "uid": uid, "token": token}

    def _imported(self, email: str) -> dict[str, Any]:
        rows = [
            a_user(IMPORTED, email),
            a_video_row(IMPORTED_VIDEO, "Imported"),
            a_progress_row(IMPORTED, IMPORTED_VIDEO),
        ]
        # The video has no file.
        assert self.transfer("import-django", str(a_dump(self.folder, rows))) == _WITH_PROBLEMS
        position = rows[-1]["fields"]["position"]
        return {
            "email": email,
            "password": IMPORTED_PASSWORD,
            "id": IMPORTED,
            "video": IMPORTED_VIDEO,
            "position": position,
        }
