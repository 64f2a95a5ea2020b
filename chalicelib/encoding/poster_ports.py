"""Ports of own posters: what is stored of them, and the request of their pictures."""

from typing import Protocol

from chalicelib.catalogue.model import Video, VideoId
from chalicelib.catalogue.poster import PosterId
from chalicelib.encoding.messages import Task


class PosterStore(Protocol):
    """The own posters of videos; the request that was made last wins."""

    def begin(self, video_id: VideoId, poster: PosterId) -> Video:
        """Note that a picture was sent; doing so again changes nothing.

        Raise `VideoNotFound`, or `StalePoster` if another request was made later.
        """

    def complete(self, video_id: VideoId, poster: PosterId) -> Video:
        """Give pages this poster; raise `StalePoster` if it is not the newest, or not pending."""

    def refuse(self, video_id: VideoId, poster: PosterId, reason: str) -> None:
        """Note why no pictures are made of it; raise `StalePoster` as above."""

    def remove(self, video_id: VideoId, request: PosterId) -> Video:
        """Give pages the pictures of the video again; raise as `begin`."""


class TaskSender(Protocol):
    def send(self, task: Task) -> None:
        """Send a task whose result no execution waits for; it may arrive twice."""
