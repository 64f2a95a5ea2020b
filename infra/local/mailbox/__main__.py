"""The program behind the mailbox page."""

import os
from functools import partial
from urllib.parse import urlsplit

from infra.local.mailbox import mails
from infra.local.mailbox.app import mailbox
from infra.local.serving import serve

if __name__ == "__main__":
    aws = urlsplit(os.environ["AWS_ENDPOINT_URL"])
    serve(mailbox(partial(mails.read, aws.port or 0, host=aws.hostname or "")))
