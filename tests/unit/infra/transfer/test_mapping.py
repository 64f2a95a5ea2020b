"""The mapping of the known backends, and changes of it by a file."""

from pathlib import Path

import pytest

from infra.terminal import Refusal
from infra.transfer.mapping import DumpMapping, Kind

KNOWN = DumpMapping.known()


@pytest.mark.parametrize(
    ("model", "kind"),
    [
        ("auth.user", Kind.USERS),
        ("accounts.customuser", Kind.USERS),
        ("catalogue.account", Kind.USERS),
        ("catalogue.category", Kind.CATEGORIES),
        ("videos.video", Kind.VIDEOS),
        ("videos.videotranslation", Kind.TRANSLATIONS),
        ("progress.progress", Kind.PROGRESS),
        ("auth.group", None),
        ("shop.order", None),
    ],
)
def test_models_of_the_known_families_are_mapped(model: str, kind: Kind | None) -> None:
    assert KNOWN.kind_of(model) is kind


def test_models_without_data_of_viewers_are_ignored() -> None:
    assert KNOWN.ignores("sessions.session")
    assert KNOWN.ignores("token_blacklist.outstandingtoken")
    assert not KNOWN.ignores("shop.order")


CHANGES = {
    "mapping.toml": '[users]\nmodels = "shop.member"\n[users.fields]\nemail = ["mail", "email"]\n',
    "mapping.json": '{"users": {"models": ["shop.member"], "fields": {"email": ["mail","email"]}}}',
}


@pytest.mark.parametrize(("name", "content"), CHANGES.items(), ids=list(CHANGES))
def test_a_file_adds_models_and_names_fields(tmp_path: Path, name: str, content: str) -> None:
    (path := tmp_path / name).write_text(content)
    changed = KNOWN.changed_by(path)
    assert changed.kind_of("shop.member") is Kind.USERS
    assert changed.kind_of("auth.user") is Kind.USERS
    assert changed.sections[Kind.USERS].fields["email"] == ("mail", "email")
    assert changed.sections[Kind.USERS].fields["password"] == ("password",)


BAD = {
    "x = ": "cannot be read",
    "[viewers]": "The mapping has viewers; there are categories, ",
    "[users]\nmodel = 1": "The mapping has users.model; there are fields, ignored, models.",
    "[users]\nmodels = 1": "users.models must be a name or a list of names",
    "[users.fields]\nmail = 'a'": "The mapping has users.fields.mail; there are created_at, ",
    "users = 1": "users must be a table",
    "ignored = [1]": "ignored must be a name or a list of names",
}


@pytest.mark.parametrize(("content", "reason"), BAD.items(), ids=list(BAD.values()))
def test_a_file_that_is_no_mapping_is_refused(tmp_path: Path, content: str, reason: str) -> None:
    (path := tmp_path / "mapping.toml").write_text(content)
    with pytest.raises(Refusal, match=reason.replace("[", r"\[")):
        KNOWN.changed_by(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="cannot be read"):
        KNOWN.changed_by(tmp_path / "mapping.toml")
