"""How long failed encodes and old media are kept."""

from datetime import timedelta

# For retries and for accepting damage. Shorter than a week, for which
# `infra/templates/media.yaml` keeps the plan and the reports that both of these read.
FAILED_ENCODES_KEPT_FOR = timedelta(days=6)
# Viewers who began with the revision before finish it, if it is unknown when it was replaced.
OLD_MEDIA_KEPT_FOR = timedelta(days=1)
# After the last grant for media that were replaced: processes that know it a minute later give
# grants for them meanwhile, and grants end at full quarters of an hour.
KEPT_AFTER_GRANTS = timedelta(minutes=30)
