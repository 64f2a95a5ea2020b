"""The text that `make run` prints when everything runs."""

from infra.local.data_folder import DataFolder
from infra.local.settings import LocalSettings
from transcoder.sandbox.confinement.enforcement import missing


def banner(
    settings: LocalSettings, password: str, *, seconds: float, is_on_a_terminal: bool
) -> str:
    lasts = (
        "the data last as long as LocalStack runs."
        if settings.localstack_url
        else "the next start finds the data again."
    )
    return f"""
  Videoflix is ready in {seconds:.1f} s

  Watch      {settings.edge_url}
  API        {settings.api_url}/api/
  Health     {settings.api_url}/api/health/
  Mailbox    {settings.mailbox_url}
  AWS        {settings.aws_url} (emulated)
  Data       {settings.data}
  Sandbox    {" ".join(missing()) or "complete"}

  Admin      {settings.administrator_email}
  Password   {_password_line(settings, password, is_on_a_terminal=is_on_a_terminal)}

  Ctrl-C ends it; {lasts}
"""


def _password_line(settings: LocalSettings, password: str, *, is_on_a_terminal: bool) -> str:
    if settings.administrator_password:
        return "the one in SUPERUSER_PASSWORD"
    # A log is kept longer than a terminal's content, and has more readers.
    return password if is_on_a_terminal else f"in {DataFolder(settings.data).password_file}"
