"""Videos behind the real edge and the real playlists, for players without an account."""

import json
import shutil
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route

from chalicelib.accounts.model import AccountId
from chalicelib.accounts.session import SessionId
from chalicelib.accounts.tokens import Identity
from chalicelib.adapters.media_signer import CloudFrontSigner, media_signing_key
from chalicelib.catalogue import object_keys
from chalicelib.catalogue.model import Revision, VideoId
from chalicelib.clock import SystemClock
from chalicelib.playback.admission import Admission
from chalicelib.playback.grants import Grants
from chalicelib.playback.media_urls import MediaUrls
from chalicelib.playback.model import Stream
from chalicelib.playback.service import Playback
from infra.local.edge import pages
from infra.local.edge.app import LocalEdge
from infra.local.edge.disk_cache import DiskCache
from infra.local.edge.forwarding import Forwarder
from infra.local.edge.keys import Keys
from infra.local.edge.pages import Pages
from infra.local.edge.signed_urls import Gate
from infra.media_signing_key_pair import KEY_ID, Pair
from tests.builders.videos import a_published_video
from tests.fakes.streams import InMemoryStreams, InMemoryVideoFinder, InMemoryViewers
from tests.fakes.token_signer import RememberingSigner
from tests.integration.standin import title
from tests.players.videos import Make, Video

REPOSITORY = Path(__file__).parents[2]
SHAKA_PLAYER = REPOSITORY / ".local/players/node_modules/shaka-player/dist/shaka-player.compiled.js"
VIEWER, REVISION = Identity(AccountId(7), SessionId("s7")), Revision(1)
_USER = {"email": "ada@example.com", "is_admin": False}
_PLAYLIST = "application/vnd.apple.mpegurl"
_FILES = {
    "player.html": Path(__file__).with_name("player.html"),
    "player.js": Path(__file__).with_name("player.js"),
    "beeps.js": Path(__file__).with_name("beeps.js"),
    "hls.js": REPOSITORY / "web/vendor/hls.js",
    "shaka.js": SHAKA_PLAYER,
}


@dataclass(frozen=True)
class Served:
    url: str
    playback: Playback
    videos: Mapping[Make, Video]
    # Files that no edge serves, by name: what a video was made from.
    others: Mapping[str, Path]

    def playlist(self, make: Make) -> str:
        return f"{self.url}/api/video/{make.video_id}/master.m3u8"

    def download(self, make: Make) -> str:
        name = self.videos[make].download.name
        video, expires_at = make.video_id, datetime.max.replace(year=2100, tzinfo=UTC)
        query = self.playback.media.query(video, REVISION, expires_at=expires_at)
        return f"{self.playback.media.base(video, REVISION)}mp4/{name}?{query}"

    def page(self) -> str:
        return f"{self.url}/players/player.html"

    def other(self, name: str) -> str:
        return f"{self.url}/players/{name}"

    def application(self, edge: LocalEdge) -> Starlette:
        return Starlette(
            routes=[
                Route("/api/video/{id:int}/master.m3u8", self._master),
                Route("/api/video/{id:int}/playlist/{name}", self._playlist),
                Route("/api/user", lambda _: JSONResponse(_USER)),
                Route("/api/video", self._listed),
                Route("/api/video/{id:int}", self._described),
                Route("/api/video/{id:int}/storyboard.vtt", self._storyboard),
                Route("/players/{name}", self._file),
                Mount("/", edge.application()),
            ]
        )

    def _master(self, request: Request) -> Response:
        video_id = VideoId(request.path_params["id"])
        text = self.playback.all_sizes(VIEWER, video_id, playlists_url="playlist/")
        return Response(text, media_type=_PLAYLIST)

    def _playlist(self, request: Request) -> Response:
        video_id, name = VideoId(request.path_params["id"]), request.path_params["name"]
        text = self.playback.media_playlist(video_id, name, request.query_params["grant"])
        return Response(text, media_type=_PLAYLIST)

    def _listed(self, _: Request) -> Response:
        return JSONResponse([title(make.video_id) for make in self.videos])

    def _described(self, request: Request) -> Response:
        return JSONResponse(title(request.path_params["id"]))

    def _storyboard(self, request: Request) -> Response:
        video_id = VideoId(request.path_params["id"])
        return Response(self.playback.storyboard(VIEWER, video_id), media_type="text/vtt")

    def _file(self, request: Request) -> Response:
        path = {**_FILES, **self.others}.get(request.path_params["name"])
        return FileResponse(path) if path and path.exists() else Response(status_code=404)


@contextmanager
def serving(
    videos: Mapping[Make, Video], folder: Path, others: Mapping[str, Path]
) -> Iterator[Served]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        secret = Pair.fresh().secret(KEY_ID)
        served = Served(url, _playback(videos, url, secret), videos, others)
        config = uvicorn.Config(
            served.application(_edge(videos, folder, url, secret)),
            log_level="critical",
            lifespan="off",
            timeout_graceful_shutdown=0,
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            yield served
        finally:
            server.should_exit = True
            thread.join()


def _playback(videos: Mapping[Make, Video], url: str, secret: str) -> Playback:
    clock, finder, streams = SystemClock(), InMemoryVideoFinder(), InMemoryStreams()
    for make, video in videos.items():
        published = a_published_video(clock.now(), id=make.video_id)
        finder.videos[published.id] = published
        streams.streams[published.id, REVISION] = Stream(video.asset, 0, is_complete=True)
        index = json.loads((video.folder / object_keys.iframe_index()).read_bytes())
        streams.indexes[published.id, REVISION] = index
    viewers = InMemoryViewers({VIEWER.session_id})
    grants = Grants(RememberingSigner(clock), clock)
    admission = Admission(finder, streams, viewers, grants, clock)
    signer = CloudFrontSigner(url, lambda: media_signing_key(secret))
    return Playback(admission, grants, streams, MediaUrls(url, signer))


def _edge(videos: Mapping[Make, Video], folder: Path, url: str, secret: str) -> LocalEdge:
    folders = {
        object_keys.folder(make.video_id, REVISION): video.folder for make, video in videos.items()
    }

    def fetch(key: str, path: Path) -> bool:
        for prefix, root in folders.items():
            if key.startswith(prefix) and (root / key.removeprefix(prefix)).exists():
                shutil.copyfile(root / key.removeprefix(prefix), path)
                return True
        return False

    return LocalEdge(
        gate=Gate(Keys(lambda: secret), lambda: SystemClock().now().timestamp()),
        cache=DiskCache(folder, fetch, largest_bytes=10**9),
        pages=Pages(REPOSITORY / "web", pages.policy(url, url)),
        forwarder=Forwarder(url),
        allowed_origins=frozenset({url}),
    )
