"""What a stage and a person want, in the words of templates and of the API's environment."""

from itertools import zip_longest
from pathlib import Path

from infra.deploy.account import Account
from infra.deploy.concerns import Concerns
from infra.deploy.stages import Stage
from infra.deploy.wishes import Wishes

# Outputs of stacks that the functions have to know, if there are any.
_TOLD = (
    "ACCOUNTS_TABLE",
    "CATALOGUE_TABLE",
    "UPLOADS_BUCKET",
    "MEDIA_BUCKET",
    "MAIL_QUEUE_URL",
    "MAIL_CONFIGURATION_SET",
    "PIPELINE_ARN",
    "SIGNING_KEYS_SECRET",
    "WORK_QUEUE_URL",
    "CREW_QUEUE_URL",
    "CREW_CLUSTER",
    "CREW_TASK_DEFINITION",
    "CREW_SUBNETS",
    "CREW_SECURITY_GROUP",
    "CLIENT_ADDRESS_HEADER",
    "EDGE_DISTRIBUTION",
)
# Parameters of the network.
_ZONES = ("FirstZone", "SecondZone", "ThirdZone")
# Zones by their ids, as AWS lists them among the regions of Fargate.
_WITHOUT_FARGATE = frozenset({"use1-az3", "usw1-az2", "cac1-az3", "cac1-az4", "apne1-az3"})


def concerns(account: Account, stage: Stage, wishes: Wishes, folder: Path) -> Concerns:
    parameters = {
        "Protection": stage.protection,
        "MailSender": wishes.mail_identity,
        "MailDkim": "off" if "@" in wishes.mail_identity else "on",
        "MailFeedback": "on" if account.is_aws else "off",
        "MediaKeys": "here",
        "AlarmEmail": wishes.alarm_email,
        "MonthlyBudgetDollars": str(wishes.budget_dollars),
        "DomainName": wishes.domain_name,
        "CertificateArn": wishes.certificate_arn,
        "HstsSubdomains": "on" if wishes.has_hsts_for_subdomains else "off",
        "LogDays": str(stage.log_days),
        "LeastDecodablePercent": wishes.least_decodable_percent,
    }
    known = Concerns(account, stage.prefix, folder, parameters)
    parameters |= _zones(known)
    parameters["SenderIdentity"] = _identity(known, wishes.mail_identity)
    return known


def _identity(known: Concerns, identity: str) -> str:
    """Say where SES hears of the sender: one stage of several that share it, or a person, told."""
    mail = known.given("mail")
    if mail.get("MailSender") == identity:
        return mail.get("SenderIdentity", "here")
    told = known.account.client("ses").get_identity_verification_attributes(Identities=[identity])
    return "elsewhere" if told["VerificationAttributes"] else "here"


def environment(wishes: Wishes, known: Concerns, site: str) -> dict[str, str]:
    """Return the environment of the functions, in which `build` completes stage and prefix."""
    outputs = known.environment
    return {
        **{name: outputs[name] for name in _TOLD if name in outputs},
        **wishes.api,
        "ALLOWED_ORIGINS": pages(wishes, site),
        "MAIL_SENDER": wishes.mail_sender,
        "MAIL_LINK_OFFICIAL_ACTIVATION": wishes.activation_link,
        "MAIL_LINK_OFFICIAL_RESET": wishes.reset_link,
        "MEDIA_URL": site,
        "MEDIA_KEYS_SECRET": f"{known.prefix}/media-keys",
        "CREW_MOST": str(wishes.transcoders),
    }


def pages(wishes: Wishes, site: str) -> str:
    """List the pages that may call, each once: whoever has a domain may have named it himself."""
    return ",".join(dict.fromkeys((*wishes.origins, site)))


def _zones(known: Concerns) -> dict[str, str]:
    """Choose where transcoders live, once: moving them would mean another network."""
    if not known.account.has("network"):
        return {}
    given = known.given("network")
    if "FirstZone" in given:
        return {name: given.get(name, "") for name in _ZONES}
    found = known.account.client("ec2").describe_availability_zones(
        Filters=[{"Name": "zone-type", "Values": ["availability-zone"]}]
    )["AvailabilityZones"]
    names = sorted(zone["ZoneName"] for zone in found if zone["ZoneId"] not in _WITHOUT_FARGATE)
    return dict(zip_longest(_ZONES, names[: len(_ZONES)], fillvalue=""))
