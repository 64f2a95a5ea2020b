"""The API as the page sees it, over real HTTP and with a real stream, but decided by the test."""

import json
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from infra.local.edge.pages import Pages, policy

EMAIL, PASSWORD = "ada@example.com", "correct horse battery"
SEGMENT_SECONDS, SEGMENTS = 3, 4
View = Callable[[Request], ASGIApp]
WEB = Path(__file__).parents[2] / "web"
_HLS = (
    *("-f", "hls", "-hls_time", str(SEGMENT_SECONDS), "-hls_segment_type", "fmp4"),
    *("-hls_playlist_type", "vod", "-hls_flags", "independent_segments"),
)
_MASTER = """#EXTM3U
#EXT-X-VERSION:7
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",LANGUAGE="en",NAME="English",DEFAULT=YES,AUTOSELECT=YES,\
URI="/media/en/index.m3u8"
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",LANGUAGE="de",NAME="Deutsch",AUTOSELECT=YES,\
URI="/media/de/index.m3u8"
#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="s",LANGUAGE="en",NAME="English",AUTOSELECT=YES,\
URI="/media/text.m3u8"
#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="s",LANGUAGE="de",NAME="Deutsch",AUTOSELECT=YES,FORCED=YES,\
URI="/media/forced.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=300000,CODECS="avc1.640015,mp4a.40.2",RESOLUTION=320x180,\
AUDIO="a",SUBTITLES="s"
/media/180/video-240p.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=900000,CODECS="avc1.640015,mp4a.40.2",RESOLUTION=480x270,\
AUDIO="a",SUBTITLES="s"
/media/270/index.m3u8
"""
_TEXT_LIST = """#EXTM3U
#EXT-X-TARGETDURATION:12
#EXT-X-PLAYLIST-TYPE:VOD
#EXTINF:12,
/media/text.vtt
#EXT-X-ENDLIST
"""
_TEXT = """WEBVTT
X-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0

00:00.000 --> 00:12.000
Hello <there>
"""
_STORYBOARD = "WEBVTT\n\n" + "\n".join(
    f"00:00:{number * 3:02}.000 --> 00:00:{number * 3 + 3:02}.000\n"
    f"/media/sheet.jpg#xywh={number * 160},0,160,90\n"
    for number in range(SEGMENTS)
)


@dataclass
class Standin:
    """What the API knows; a test changes it while the page looks."""

    port: int
    media: Path
    videos: list[dict[str, Any]] = field(default_factory=list)
    user: dict[str, Any] = field(default_factory=lambda: {"email": EMAIL, "is_admin": False})
    progress: dict[str, Any] = field(default_factory=dict)
    segments_ready: int = SEGMENTS
    is_signed_in: bool = False
    is_media_refused: bool = False
    asked: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def app(self) -> Starlette:
        paths: dict[str, tuple[View, str]] = {
            "/api/login": (self._login, "POST"),
            "/api/logout": (self._logout, "POST"),
            "/api/email_confirm/{uid}/{token}/": (_confirmed, "POST"),
            "/api/user": (self._signed_in(self._user), "GET"),
            "/api/video": (self._signed_in(self._all), "GET"),
            "/api/video/{id:int}": (self._signed_in(self._one), "GET"),
            "/api/video/{id:int}/progress": (self._signed_in(self._progress), "GET"),
            "/api/video/{id:int}/master.m3u8": (self._signed_in(_hls(_MASTER)), "GET"),
            "/api/video/{id:int}/storyboard.vtt": (self._signed_in(_pictures), "GET"),
            "/media/{path:path}": (self._media, "GET"),
            "/{path:path}": (self._page, "GET"),
        }
        return Starlette(
            routes=[
                Route(path, partial(self._answer, view), methods=[method])
                for path, (view, method) in paths.items()
            ]
        )

    async def _answer(self, view: View, request: Request) -> ASGIApp:
        self.asked.append(f"{request.method} {request.url.path}")
        await request.body()
        return view(request)

    def _signed_in(self, view: View) -> View:
        refusal = JSONResponse({"detail": "Please sign in."}, status_code=401)
        return lambda request: view(request) if self.is_signed_in else refusal

    def _login(self, request: Request) -> Response:
        # Read before, in `_answer`.
        if json.loads(request._body) != {"email": EMAIL, "password": PASSWORD}:
            return JSONResponse({"detail": "Not <this> one."}, status_code=400)
        self.is_signed_in = True
        answer = JSONResponse({"detail": "Login successful"})
        answer.set_cookie("csrftoken", "from-the-server")
        return answer

    def _logout(self, request: Request) -> Response:
        if request.headers.get("x-csrftoken") != "from-the-server":
            return JSONResponse({"detail": "CSRF"}, status_code=403)
        self.is_signed_in = False
        return JSONResponse({"detail": "Logout successful"})

    def _user(self, _: Request) -> Response:
        return JSONResponse(self.user)

    def _progress(self, _: Request) -> Response:
        return JSONResponse(self.progress)

    def _all(self, request: Request) -> Response:
        return JSONResponse([_said(video, request) for video in self.videos])

    def _one(self, request: Request) -> Response:
        for video in self.videos:
            if video["id"] == request.path_params["id"]:
                return JSONResponse(_said(video, request))
        return JSONResponse({"detail": "There is no such video."}, status_code=404)

    def _page(self, request: Request) -> ASGIApp:
        pages = Pages(WEB, policy(self.url.rstrip("/"), self.url.rstrip("/")))
        page = pages.find(request.scope["raw_path"].decode("ascii"))
        return page or Response(status_code=404)

    def _media(self, request: Request) -> ASGIApp:
        if self.is_media_refused:
            return Response(status_code=403)
        path = self.media / request.path_params["path"]
        if path.suffix == ".m3u8":
            return _hls(self._ready(path.read_text()))(request)
        return FileResponse(path)

    def _ready(self, playlist: str) -> str:
        if self.segments_ready == SEGMENTS:
            return playlist
        lines = playlist.replace("TYPE:VOD", "TYPE:EVENT").splitlines()
        ends = [number for number, line in enumerate(lines) if line.endswith(".m4s")]
        return "\n".join(lines[: ends[self.segments_ready - 1] + 1]) + "\n"


def title(number: int, **changes: Any) -> dict[str, Any]:
    image = f"/media/{number}.jpg"
    return {
        "id": number,
        "title": f"Title {number}",
        "description": f"About {number}",
        "release": "",
        "genre": "",
        "director": "",
        "created_at": "2026-01-01T00:00:00Z",
        "category": "Drama",
        "conversion_status": "completed",
        "duration": 12.0,
        "playable": True,
        "progress": 100,
        **dict.fromkeys(("thumbnail_url", "poster_url", "hero_url"), image),
        **changes,
    }


def _said(video: Mapping[str, Any], request: Request) -> dict[str, Any]:
    """Text goes out as HTML, unless it is asked for as it was written."""
    if request.query_params.get("text") == "plain":
        return dict(video)
    return {name: escape(each) if isinstance(each, str) else each for name, each in video.items()}


def clip(folder: Path) -> Path:
    """Make two sizes, two languages and a sheet of pictures, each by FFmpeg."""
    seconds = SEGMENT_SECONDS * SEGMENTS
    for height, width in ((180, 320), (270, 480)):
        picture = f"testsrc2=s={width}x{height}:r=25:d={seconds}"
        coding = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "75")
        _ffmpeg(folder, str(height), picture, *coding, *_HLS)
    (folder / "180/index.m3u8").rename(folder / "180/video-240p.m3u8")
    for language, tone in (("en", 300), ("de", 600)):
        sound = f"sine=f={tone}:r=48000:d={seconds}"
        _ffmpeg(folder, language, sound, "-c:a", "aac", *_HLS)
    pictures = f"testsrc2=s=160x90:r=1/3:d={seconds},tile={SEGMENTS}x1"
    _ffmpeg(folder, "", pictures, "-frames:v", "1", name="sheet.jpg")
    for name, text in (("text", _TEXT), ("forced", _TEXT.replace("Hello <there>", "Ausgang"))):
        (folder / f"{name}.m3u8").write_text(_TEXT_LIST.replace("text.vtt", f"{name}.vtt"))
        (folder / f"{name}.vtt").write_text(text)
    for number in range(1, 5):
        (folder / f"{number}.jpg").write_bytes((folder / "sheet.jpg").read_bytes())
    return folder


@contextmanager
def serving(media: Path) -> Iterator[Standin]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        standin = Standin(listener.getsockname()[1], media)
        config = uvicorn.Config(
            standin.app(), log_level="warning", lifespan="off", timeout_graceful_shutdown=0
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        yield standin
        server.should_exit = True
        thread.join()


def _ffmpeg(folder: Path, below: str, source: str, *options: str, name: str = "index.m3u8") -> None:
    target = folder / below
    target.mkdir(exist_ok=True)
    program = imageio_ffmpeg.get_ffmpeg_exe()
    command = [program, "-v", "error", "-y", "-f", "lavfi", "-i", source, *options, name]
    subprocess.run(command, cwd=target, check=True)


def _confirmed(request: Request) -> Response:
    if request.path_params["token"] == "used":
        return JSONResponse({"detail": "This link is not valid."}, status_code=400)
    return JSONResponse({"detail": "Your address has been changed."})


def _pictures(_: Request) -> Response:
    return PlainTextResponse(_STORYBOARD)


def _hls(text: str) -> View:
    return lambda _: Response(text, media_type="application/vnd.apple.mpegurl")
