"""The header `Authorization`: its scheme and its token."""

from chalicelib.accounts.model import SessionOver

BEARER_SCHEMES = frozenset({"bearer", "jwt"})
TOKEN_SCHEME = "token"  # noqa: S105 - the name of a scheme
OUR_SCHEMES = BEARER_SCHEMES | {TOKEN_SCHEME}
BAD_TOKEN = "The token is wrong or expired."  # noqa: S105 - a sentence


class NoTokenSent(SessionOver):
    """The header has a scheme, and nothing behind it."""

    code = "no_token_sent"


class SeveralTokensSent(SessionOver):
    code = "several_tokens_sent"


def scheme_in(authorization: str) -> str:
    """Return the scheme in lower case, or an empty text."""
    return authorization.partition(" ")[0].lower()


def token_in(authorization: str) -> str:
    """Return the token; raise a `SessionOver` unless there is exactly one."""
    _, *tokens = authorization.split()
    if not tokens:
        raise NoTokenSent(BAD_TOKEN)
    if len(tokens) > 1:
        raise SeveralTokensSent(BAD_TOKEN)
    return tokens[0]
