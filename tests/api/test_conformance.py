"""The conformance report over HTTP: its schema, its languages, and why there is none."""

import json
from typing import Any

import pytest
from openapi_schema_validator import OAS31Validator

from chalicelib.api.translation import translated
from chalicelib.catalogue.model import Revision, VideoId
from chalicelib.encoding.failures import Finding, Reason, failure
from chalicelib.encoding.model import Encode, Source
from chalicelib.language import Language
from chalicelib.wiring import catalogue, encoding
from tests.browser import Browser
from tests.builders import clips
from tests.builders.published_encodes import finished

pytestmark = pytest.mark.usefixtures("state_machine")


def begun(admin: Browser) -> Encode:
    """Begin the encode of an upload, as the event handler does."""
    begun = admin.post("/uploads/", {"filename": "film.mp4", "size": 7})
    number = VideoId(begun.json["video_id"])
    source = Source(f"uploads/{number}/{'0' * 32}/source.mp4", "e" * 32, 7)
    revision = catalogue.curation().videos.begin_encode(number)
    return encoding.control().begin(number, revision, source)


def failed(encode: Encode, reason: Reason, detail: str = "") -> None:
    encoding.control().updates.fail(encode.video_id, encode.revision, failure(reason, detail))


def with_report(admin: Browser, report: dict[str, Any]) -> str:
    """Return the path of the report of an encode that did not pass."""
    encode = begun(admin)
    key = f"reports/{encode.video_id}/{Revision(1)}.json"
    encoding.control().media.write(key, json.dumps(report))
    failed(encode, Reason.NOT_PROVEN)
    return f"/video/{encode.video_id}/conformance/"


def test_a_report_is_what_its_schema_says(admin: Browser) -> None:
    path = with_report(admin, finished(clips.get("tiny").path).report)
    document = admin.get("/openapi.json").json
    schemas = document["components"]["schemas"]
    report = admin.get(path).json
    for name, shape in (
        ("ConformanceReport", report),
        *(("CheckShape", check) for check in report["checks"]),
    ):
        schema = schemas[name]
        assert [*schema["properties"]] == schema["required"] == [*shape]
        validator = OAS31Validator({**document, **schema})
        assert [error.message for error in validator.iter_errors(shape)] == []
    names = [check["name"] for check in report["checks"]]
    assert sorted(names) == sorted(schemas["CheckShape"]["properties"]["name"]["enum"])
    assert report["ok"]
    assert report["measures"]["frames"] > 0


def test_a_check_has_a_sentence_in_the_language_of_the_request(admin: Browser) -> None:
    check = {"name": "edit_lists", "ok": True, "expected": "none", "measured": "none"}
    path = with_report(admin, {"ok": True, "checks": [check], "notes": [], "measures": {}})
    [english] = admin.get(path).json["checks"]
    assert english == {**check, "text": "There are no edit lists."}
    answer = admin.get(path, Accept_Language="de")
    german = {"text": "Es gibt keine Schnittlisten.", "expected": "keine", "measured": "keine"}
    assert answer.json["checks"] == [{**check, **german}]
    assert answer.headers["content-language"] == "de"
    assert "Accept-Language" in answer.headers["vary"]


def test_each_of_several_values_of_a_check_is_translated(admin: Browser) -> None:
    check = {
        "name": "edit_lists",
        "ok": False,
        "expected": "none",
        "measured": "none; a.mp4 is missing",
    }
    path = with_report(admin, {"ok": False, "checks": [check]})
    [german] = admin.get(path, Accept_Language="de").json["checks"]
    assert german["measured"] == "keine; a.mp4 fehlt"


def test_what_a_check_expects_and_measures_is_in_the_language_of_the_request(
    admin: Browser,
) -> None:
    path = with_report(admin, finished(clips.get("tiny").path).report)
    english = admin.get(path).json["checks"]
    german = admin.get(path, Accept_Language="de").json["checks"]
    same = {
        each["name"]
        for each, theirs in zip(english, german, strict=True)
        if {each["expected"], each["measured"]} & {theirs["expected"], theirs["measured"]}
    }
    # Numbers, units and names of codecs.
    assert same <= {"codecs", "resolutions", "segment_length", "frame_rate", "source_holds"}


def test_a_report_of_another_version_has_the_same_fields(admin: Browser) -> None:
    check = {"name": "of_tomorrow", "ok": True, "expected": "a", "measured": "a"}
    path = with_report(admin, {"ok": True, "checks": [check]})
    assert admin.get(path).json == {
        "ok": True,
        "checks": [{**check, "text": "of_tomorrow"}],
        "notes": [],
        "measures": {},
    }


def test_without_a_report_it_is_said_why(admin: Browser) -> None:
    encode = begun(admin)
    path = f"/video/{encode.video_id}/conformance/"
    answer = admin.get(path)
    assert (answer.status, answer.json) == (404, {"detail": "Nothing was checked yet."})
    failed(encode, Reason.NOT_VIDEO, Finding.STILL)
    answer = admin.get(path)
    assert answer.status == 404
    assert answer.json["detail"] == (
        "There is no report, because the encode failed before it was checked. This file is not a"
        " video: please choose another file. It is a still picture."
    )
    german = admin.get(path, Accept_Language="de").json["detail"]
    assert german.startswith("Es gibt keinen Bericht, weil ")
    reason = failure(Reason.NOT_VIDEO, Finding.STILL).text
    assert german.endswith(f" {translated(reason, Language.GERMAN)}")
    assert reason not in german


def test_of_a_report_that_was_deleted_it_is_said_how_to_get_another(admin: Browser) -> None:
    encode = begun(admin)
    failed(encode, Reason.DAMAGED)
    answer = admin.get(f"/video/{encode.video_id}/conformance/")
    assert answer.status == 404
    assert "please retry the encode" in answer.json["detail"]
