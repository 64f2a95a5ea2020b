"""Create or update an administrator's account by the rules of the API."""

from collections.abc import Mapping

from infra.terminal import Refusal


def ensure(*, email: str, password: str, names: Mapping[str, str]) -> None:
    """Create or update the account; a `Refusal` names the fields as `names` does."""
    # Imported late: it reads the settings of the API, which the caller has just set.
    from chalicelib.errors import InvalidInput
    from chalicelib.wiring import accounts

    try:
        accounts.administration().ensure_admin(email=email, password=password)
    except InvalidInput as error:
        sentences = [
            f"{names[field]}: {' '.join(problems)}" for field, problems in error.fields.items()
        ]
        raise Refusal("\n".join(sentences)) from error
