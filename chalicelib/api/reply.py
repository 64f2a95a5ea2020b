"""What a view may return when a bare body does not say it all."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypedDict, TypeVar

from chalicelib.api.cookies import Cookie

R = TypeVar("R")


class Detail(TypedDict):
    """One sentence for a person."""

    detail: str


@dataclass(frozen=True, slots=True)
class Reply(Generic[R]):
    body: R
    cookies: Iterable[Cookie] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
