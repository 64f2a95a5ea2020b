"""Parameters of the stacks and the environment of the functions, from stage and options."""

from itertools import zip_longest
from pathlib import Path

from infra.deploy.account import AwsAccount
from infra.deploy.options import DeployOptions
from infra.deploy.stage_stacks import StageStacks
from infra.deploy.stages import Stage
from infra.media_signing_key_pair import secret_name
from infra.root import TEMPLATE_FOLDER

# Outputs of stacks that the functions need, as far as they exist.
_OUTPUTS = (
    "ACCOUNTS_TABLE",
    "CATALOGUE_TABLE",
    "VIEWING_TABLE",
    "UPLOADS_BUCKET",
    "MEDIA_BUCKET",
    "MAIL_QUEUE_URL",
    "CHANGES_QUEUE_URL",
    "MAIL_CONFIGURATION_SET",
    "PIPELINE_ARN",
    "SIGNING_KEYS_SECRET",
    "WORK_QUEUE_URL",
    "CREW_CLUSTER",
    "CREW_TASK_DEFINITION",
    "CREW_SUBNETS",
    "CREW_SECURITY_GROUP",
    "CLIENT_ADDRESS_HEADER",
    "EDGE_DISTRIBUTION",
)
# Parameters of the network.
_ZONES = ("FirstZone", "SecondZone", "ThirdZone")
# Ids of zones, as AWS lists them among the regions of Fargate.
_WITHOUT_FARGATE = frozenset({"use1-az3", "usw1-az2", "cac1-az3", "cac1-az4", "apne1-az3"})


def stage_stacks(
    account: AwsAccount, stage: Stage, options: DeployOptions, root: Path
) -> StageStacks:
    parameters = {
        "Protection": stage.protection,
        "MailSender": options.mail_identity,
        "MailDkim": "off" if "@" in options.mail_identity else "on",
        "MailFeedback": "on" if account.is_aws else "off",
        "MediaKeys": "here",
        "AlarmEmail": options.alarm_email,
        "MonthlyBudgetDollars": str(options.budget_dollars),
        "DomainName": options.domain_name,
        "CertificateArn": options.certificate_arn,
        "HstsSubdomains": "on" if options.has_hsts_for_subdomains else "off",
        "LogDays": str(stage.log_days),
        "LeastDecodablePercent": options.least_decodable_percent,
        "MakesMp4Files120p": "1" if options.makes_mp4_120p else "0",
    }
    known = StageStacks(account, stage.prefix, root / TEMPLATE_FOLDER, parameters)
    parameters |= _zones(known)
    parameters["SenderIdentity"] = _identity(known, options.mail_identity)
    return known


def _identity(known: StageStacks, identity: str) -> str:
    """Return whether this stage's stack registers the sender in SES, or it exists already."""
    mail = known.parameters_of("mail")
    if mail.get("MailSender") == identity:
        return mail.get("SenderIdentity", "here")
    answer = known.account.client("ses").get_identity_verification_attributes(Identities=[identity])
    return "elsewhere" if answer["VerificationAttributes"] else "here"


def environment(options: DeployOptions, known: StageStacks, site: str) -> dict[str, str]:
    """Return the environment of the functions, in which `build` completes stage and prefix."""
    outputs = known.environment
    return {
        **{name: outputs[name] for name in _OUTPUTS if name in outputs},
        **options.api,
        **_official_links(options),
        "ALLOWED_ORIGINS": pages(options, site),
        "MAIL_SENDER": options.mail_sender,
        "MEDIA_URL": site,
        "MEDIA_KEYS_SECRET": secret_name(known.prefix),
        "CREW_MOST": str(options.transcoders),
    }


def _official_links(options: DeployOptions) -> dict[str, str]:
    links = {
        "MAIL_LINK_OFFICIAL_ACTIVATION": options.activation_link,
        "MAIL_LINK_OFFICIAL_RESET": options.reset_link,
    }
    return {name: link for name, link in links.items() if link}


def pages(options: DeployOptions, site: str) -> str:
    """List the pages that may call, each once: the options may name the site itself."""
    return ",".join(dict.fromkeys((*options.origins, site)))


def _zones(known: StageStacks) -> dict[str, str]:
    """Choose the zones of the transcoders once: other zones would need another network."""
    if not known.account.has("network"):
        return {}
    current = known.parameters_of("network")
    if "FirstZone" in current:
        return {name: current.get(name, "") for name in _ZONES}
    zones = known.account.client("ec2").describe_availability_zones(
        Filters=[{"Name": "zone-type", "Values": ["availability-zone"]}]
    )["AvailabilityZones"]
    names = sorted(zone["ZoneName"] for zone in zones if zone["ZoneId"] not in _WITHOUT_FARGATE)
    return dict(zip_longest(_ZONES, names[: len(_ZONES)], fillvalue=""))
