"""What those who were there before the upgrade find after it, wherever it runs."""

import subprocess
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx
import imageio_ffmpeg

from tests.browser import Browser
from tests.integration.videos import Videos
from tests.integration.wire import Address, Mailbox, link, mails
from tests.upgrade.recording import Recording

NEW = "a much better horse"
# What encodes leaves the processor to everybody else.
PATIENCE_SECONDS = 600
# The clock of what runs now is further ahead of the recording than it took to record.
_RECORDED_WITHIN = timedelta(minutes=15)


@dataclass(frozen=True)
class Upgraded:
    """An installation of an earlier version that this one runs."""

    videos: Videos
    recording: Recording
    mailbox: Mailbox

    @property
    def browser(self) -> Browser:
        return Browser(self.videos.server)

    def signed_in(self, email: str, password: str) -> Browser:
        browser = self.browser
        answer = browser.post("/login/", {"email": email, "password": password})
        assert answer.status == 200, answer
        return browser

    @property
    def viewer(self) -> Browser:
        return self.signed_in(self.recording.viewer["email"], self.recording.viewer["password"])

    def frames(self, video: int) -> int:
        """Count the pictures that FFmpeg gets as a viewer who sends no cookie for media."""
        assert isinstance(self.videos.server, Address)
        cookies = "; ".join(f"{name}={value}" for name, value in self.viewer.cookies.items())
        address = f"http://127.0.0.1:{self.videos.server.port}/api/video/{video}/master.m3u8"
        command = [
            imageio_ffmpeg.get_ffmpeg_exe(),
            *("-v", "error", "-headers", f"Cookie: {cookies}\r\n", "-i", address),
            *("-map", "0:v:0", "-map", "0:a:0", "-f", "framemd5", "-"),
        ]
        done = subprocess.run(command, check=True, timeout=120, capture_output=True, text=True)
        return sum(line.startswith("0,") for line in done.stdout.splitlines())

    def made_at(self, prefix: str) -> dict[str, datetime]:
        """Return when the objects below were written, by the clock of the installation."""
        s3, bucket = self.videos.account.client("s3"), self.videos.buckets["media"]
        listed = s3.list_objects_v2(Bucket=bucket, Prefix=prefix)["Contents"]
        return {each["Key"].removeprefix(prefix): each["LastModified"] for each in listed}


def test_a_session_goes_on(upgraded: Upgraded) -> None:
    browser = Browser(upgraded.videos.server, cookies=dict(upgraded.recording.viewer["cookies"]))
    answer = browser.get("/user/")
    assert (answer.status, answer.json["first_name"]) == (200, "Ada")
    assert browser.patch("/user/", {"last_name": "Lovelace"}).status == 200
    assert browser.post("/logout/").status == 200
    assert browser.get("/user/").status == 401


def test_a_password_signs_in(upgraded: Upgraded) -> None:
    assert upgraded.viewer.get("/user/").json["email"] == upgraded.recording.viewer["email"]


def test_an_api_token_is_good(upgraded: Upgraded) -> None:
    token = upgraded.recording.viewer["api_token"]
    program = Browser(upgraded.videos.server, headers={"authorization": f"Token {token}"})
    assert program.get("/video/").status == 200


def test_a_link_mailed_before_activates_the_account(upgraded: Upgraded) -> None:
    pending = upgraded.recording.pending
    path = f"/activate/{pending['uid']}/{pending['token']}/"
    assert upgraded.browser.get(path).status == 200
    upgraded.signed_in(pending["email"], pending["password"])


def test_a_link_mailed_before_resets_the_password(upgraded: Upgraded) -> None:
    forgetful = upgraded.recording.forgetful
    path = f"/password_confirm/{forgetful['uid']}/{forgetful['token']}/"
    sent = {"new_password": NEW, "confirm_password": NEW}
    assert upgraded.browser.post(path, sent).status == 200
    upgraded.signed_in(forgetful["email"], NEW)


def test_newcomers_sign_up(upgraded: Upgraded) -> None:
    email, password = "newcomer@example.com", "three blind mice run"
    sent = {"email": email, "password": password, "confirmed_password": password}
    assert upgraded.browser.post("/register/", sent).status == 201
    uid, token = link(mails(upgraded.mailbox, email)[0])
    assert upgraded.browser.get(f"/activate/{uid}/{token}/").status == 200
    upgraded.signed_in(email, password)


def test_the_list_is_what_it_was(upgraded: Upgraded) -> None:
    finished = upgraded.recording.finished
    [video] = [each for each in upgraded.viewer.get("/video/").json if each["id"] == finished["id"]]
    assert (video["title"], video["category"]) == (finished["title"], "Drama")
    assert httpx.get(video["thumbnail_url"], trust_env=False, timeout=60).status_code == 200


def test_what_was_published_plays(upgraded: Upgraded) -> None:
    finished = upgraded.recording.finished
    assert upgraded.frames(finished["id"]) == finished["frames"]


def test_an_encode_that_was_under_way_goes_on(upgraded: Upgraded) -> None:
    half_done = upgraded.recording.half_done
    video = upgraded.videos.finished(half_done["id"])
    assert video["conversion_status"] == "completed", video
    assert upgraded.frames(half_done["id"]) == half_done["frames"]
    pictures = upgraded.made_at(f"media/{half_done['id']}/1/video/240p/")
    recorded = upgraded.recording.moment + _RECORDED_WITHIN
    segments = [moment for name, moment in pictures.items() if name.endswith(".m4s")]
    made_before = [moment for moment in segments if moment < recorded]
    # What was there is not made again.
    assert 0 < len(made_before) < len(segments)


def take_up(upgraded: Upgraded) -> None:
    """Send the parts of the upload that are missing, join all, and play what it becomes."""
    begun, admin = upgraded.recording.upload, upgraded.videos.admin
    path = f"/uploads/{begun['id']}/"
    answer = admin.get(path)
    assert answer.status == 200, answer
    upload = answer.json
    assert [part["number"] for part in upload["parts"]] == [1]
    [part] = admin.post(f"{path}parts/", {"numbers": [2]}).json["results"]
    assert part["size"] == upload["size"] - upload["part_size"]
    httpx.put(part["url"], content=bytes(part["size"]), trust_env=False).raise_for_status()
    assert admin.post(f"{path}complete/").status == 200
    video = upgraded.videos.finished(upload["video_id"])
    assert video["conversion_status"] == "completed", video
    upgraded.videos.publish(video["id"])
    assert upgraded.frames(video["id"]) == begun["frames"]
