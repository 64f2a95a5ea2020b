"""How long unfinished uploads, failed encodes and replaced media are kept."""

from datetime import timedelta

# An upload that broke off can be resumed.
UPLOADS_KEPT_FOR = timedelta(days=2)
# A failed encode can be retried, and a damaged one accepted. Shorter than a week, for which
# `infra/templates/media.yaml` keeps the plan and the reports that both of these read.
FAILED_ENCODES_KEPT_FOR = timedelta(days=6)
# Viewers who began with the revision before finish it.
OLD_MEDIA_KEPT_FOR = timedelta(days=1)
