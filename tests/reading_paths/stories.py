"""Stories of the product: the calls of clients, queues and players, and what they enter."""

from collections.abc import Callable, Mapping

from chalicelib.wiring import stage
from tests.api.conftest import Post, sign_in, sign_up
from tests.builders.videos import a_published_video
from tests.reading_paths.encode import upload_to_played_segment
from tests.reading_paths.site import Site, good
from tests.reading_paths.trace import Trace


def sign_up_to_refresh(site: Site) -> Trace:
    """Sign-up, its mail, activation, sign-in and the refresh of the session."""
    trace, browser, post = Trace(), site.browser(), Post(site.app)
    with trace.recording():
        good(sign_up(browser))
        uid, token = post.link()
        good(browser.get(f"/activate/{uid}/{token}/"))
        good(sign_in(browser))
        good(browser.post("/token/refresh/"))
    return trace


def warm_list(site: Site) -> Trace:
    """The second list of videos in the same process."""
    stage.videos().add(a_published_video(stage.clock().now()))
    trace, browser = Trace(), site.viewer()
    if not good(browser.get("/video/")).json:
        raise RuntimeError("the video is not in the list")
    with trace.recording():
        good(browser.get("/video/"))
    return trace


STORIES: Mapping[str, Callable[[Site], Trace]] = {
    "upload": upload_to_played_segment,
    "sign-up": sign_up_to_refresh,
    "list": warm_list,
}
