"""How long failed encodes and old media are kept."""

from datetime import timedelta

# For retries and for accepting damage. Shorter than a week, for which
# `infra/templates/media.yaml` keeps the plan and the reports that both of these read.
FAILED_ENCODES_KEPT_FOR = timedelta(days=6)
# Viewers who began with the revision before finish it.
OLD_MEDIA_KEPT_FOR = timedelta(days=1)
