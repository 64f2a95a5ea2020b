"""The API of the local site as its administrator, by a token kept in the data folder."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

import httpx

from infra.local.data_folder import DataFolder, known_password
from infra.local.settings import LocalSettings
from infra.terminal import Refusal

_PATIENCE_SECONDS = 30
_LABEL = "make accept"


@contextmanager
def administrator(settings: LocalSettings, *, api_url: str, no_site: str) -> Iterator[httpx.Client]:
    """Yield a client with the administrator's token; raise `Refusal` if there is no site.

    A sign-in by each command would soon reach the limit on attempts.
    """
    email, folder = settings.administrator_email, DataFolder(settings.data)
    credentials = {"email": email, "password": known_password(settings, no_site)}
    try:
        with _client(api_url) as api:
            if kept := folder.kept_token(email):
                _authorize(api, kept)
            if api.get("user/").status_code == HTTPStatus.UNAUTHORIZED:
                token = _issued(api_url, credentials)
                folder.keep_token(email, token)
                _authorize(api, token)
            yield api
    except (httpx.HTTPError, ValueError) as error:
        raise Refusal(no_site) from error


def content_of(response: httpx.Response) -> Any:
    """Return the JSON of an answer; raise `Refusal` with its sentence for an error."""
    content = response.json()
    if response.is_error:
        raise Refusal(str(content.get("detail", content)))
    return content


def _issued(api_url: str, credentials: Mapping[str, str]) -> str:
    with _client(api_url) as api:
        content_of(api.post("login/", json=credentials))
        request = {"label": _LABEL, "password": credentials["password"]}
        answer = api.post("user/tokens/", json=request, headers=_csrf(api))
        api.post("logout/", headers=_csrf(api))
        return str(content_of(answer)["token"])


def _client(api_url: str) -> httpx.Client:
    return httpx.Client(base_url=f"{api_url}/api/", timeout=_PATIENCE_SECONDS, trust_env=False)


def _authorize(api: httpx.Client, token: str) -> None:
    api.headers["Authorization"] = f"Token {token}"


def _csrf(api: httpx.Client) -> Mapping[str, str]:
    return {"X-CSRFToken": api.cookies["csrftoken"]}
