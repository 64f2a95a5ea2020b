"""What a person reads when everything runs."""

from infra.local.settings import LocalSettings


def banner(settings: LocalSettings, password: str, *, seconds: float) -> str:
    shown = "the one in SUPERUSER_PASSWORD" if settings.superuser_password else password
    return f"""
  Videoflix is ready in {seconds:.1f} s

  Watch      {settings.edge_url}
  API        {settings.api_url}/api/
  Health     {settings.api_url}/api/health
  Mailbox    {settings.mailbox_url}
  AWS        {settings.aws_url} (emulated)
  Data       {settings.data}

  Admin      {settings.superuser_email}
  Password   {shown}

  Ctrl-C ends it; the next start finds the data again.
"""
