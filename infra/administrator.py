"""Have an administrator by the rules of the API; what these refuse is said in one sentence."""

from collections.abc import Mapping

from infra.refusal import Refusal


def ensure(*, email: str, password: str, names: Mapping[str, str]) -> None:
    """Make or mend the account; a `Refusal` calls `email` and `password` by these names."""
    # Reads the settings of the API, which whoever calls has set only just before.
    from chalicelib import bootstrap
    from chalicelib.errors import InvalidInput

    try:
        bootstrap.administration().ensure_admin(email=email, password=password)
    except InvalidInput as error:
        sentences = [f"{names[field]}: {' '.join(wrong)}" for field, wrong in error.fields.items()]
        raise Refusal("\n".join(sentences)) from error
