"""The JSON of an own poster, as administrators see it."""

from typing import Annotated, TypedDict

from chalicelib.api.core.encode_shapes import FailureShape
from chalicelib.api.translation import translated
from chalicelib.catalogue.model import Video
from chalicelib.catalogue.poster import PosterState
from chalicelib.encoding.sent_posters import poster_failure
from chalicelib.language import Language


class OwnPosterShape(TypedDict):
    """The picture that was sent last; one that is refused leaves what was there before."""

    state: Annotated[str, PosterState]
    # Whether pages get a poster that was sent.
    is_used: bool
    # Why the last one was refused.
    failure: FailureShape | None


def own_poster_of(video: Video, language: Language) -> OwnPosterShape:
    poster = video.poster
    failure = poster_failure(poster.refusal) if poster.refusal else None
    return {
        "state": poster.state,
        "is_used": poster.current > 0,
        "failure": (
            {"code": failure.code, "text": translated(failure.text, language)} if failure else None
        ),
    }
