"""What is known of the dumps of known backends stays known: each model and each field.

An import that no longer reads a name says nothing of it but "not mapped".
"""

import pytest

from infra.transfer.fields import Fields
from infra.transfer.mapping import DumpMapping, Kind
from infra.transfer.report import TransferReport

KNOWN = DumpMapping.known()
MODELS = {
    Kind.USERS: """
        auth.user any.user any.customuser any.account any.customaccount any.useraccount
        any.myuser any.emailuser
    """,
    Kind.CATEGORIES: "any.category any.genre",
    Kind.PEOPLE: "any.person any.actor any.director any.castmember",
    Kind.TAGS: "any.tag any.keyword",
    Kind.VIDEOS: "any.video any.movie",
    Kind.TRANSLATIONS: "any.videotranslation",
    Kind.PROGRESS: """
        any.progress any.videoprogress any.watchprogress any.userprogress any.uservideoprogress
    """,
}
# By the value that it is read as; the first one that is filled counts.
FIELDS = {
    Kind.USERS: """
        email: email username
        natural_key: username email
        password: password
        first_name: first_name
        last_name: last_name
        language: language preferred_language
        created_at: date_joined created_at
        is_active: is_active
        is_verified: is_verified email_verified is_email_verified email_confirmed
        last_login: last_login
        is_staff: is_staff
        is_superuser: is_superuser
    """,
    Kind.CATEGORIES: """
        name: name title
    """,
    Kind.PEOPLE: """
        name: name full_name
        first_name: first_name
        last_name: last_name surname
    """,
    Kind.TAGS: """
        name: name title
    """,
    Kind.VIDEOS: """
        title: title name
        natural_key: title slug
        description: description
        category: category categories genres genre
        file: video_file file original_file video source_file upload
        created_at: created_at uploaded_at upload_date
        is_trailer: is_trailer
        is_published: is_published published
        is_draft: is_draft draft
        director: director directors
        cast: cast actors starring
        tags: tags keywords
        original_language: original_language language
        age_rating: age_rating fsk minimum_age min_age age_limit
        publish_at: publish_at publish_date published_at
        rights_until: rights_until available_until expires_at expiry_date
        trailer: trailer
        genre: genre
        release: release release_date
        license_type: license_type
        license_url: license_url
        title_de: title_de
        title_en: title_en
        description_de: description_de
        description_en: description_en
    """,
    Kind.TRANSLATIONS: """
        video: master video
        language: language_code language
        title: title
        description: description
    """,
    Kind.PROGRESS: """
        user: user account
        video: video movie
        position: position position_seconds last_position current_time current_position
        duration: duration duration_seconds total_duration
        finished: finished is_finished completed is_completed
        at: updated updated_at last_watched last_watched_at watched_at
    """,
}
IGNORED = {
    Kind.USERS: "groups user_permissions is_anonymous",
    Kind.CATEGORIES: "slug",
    Kind.PEOPLE: "slug",
    Kind.TAGS: "slug",
    Kind.VIDEOS: "updated_at modified_at",
    Kind.PROGRESS: "created created_at",
}
LEFT_OUT = {
    Kind.USERS: "phone adress address custom",
    Kind.VIDEOS: "source_url url",
}
REMADE = """
    duration thumb thumbnail_x poster_x cover_x image preview_image hero_frame
    source_variants hls__x file_720p resolutions processing_status
    is_processed is_converted
"""
MODELS_WITHOUT_DATA = """
    admin.logentry auth.group auth.permission authemail.any authtoken.any axes.any
    background_task.any contenttypes.contenttype django_celery_beat.any
    django_celery_results.any django_q.any django_rq.any easy_thumbnails.any knox.authtoken
    sessions.session silk.any sites.site social_django.any thumbnail.kvstore
    token_blacklist.any
"""
ROWS = [
    (kind, value, names.split())
    for kind, text in FIELDS.items()
    for value, _, names in (row.strip().partition(": ") for row in text.strip().splitlines())
]


@pytest.mark.parametrize(
    ("kind", "value", "names"), ROWS, ids=[f"{kind}.{value}" for kind, value, _ in ROWS]
)
def test_a_known_field_is_read_the_first_one_before_the_next(
    kind: Kind, value: str, names: list[str]
) -> None:
    section = KNOWN.sections[kind]
    for number, name in enumerate(names):
        sent = {each: each for each in names[number:]}
        assert Fields("a row", sent, section, TransferReport()).first(value) == name


@pytest.mark.parametrize("kind", Kind)
def test_a_known_model_is_of_its_kind(kind: Kind) -> None:
    assert {KNOWN.kind_of(each) for each in MODELS[kind].split()} == {kind}


@pytest.mark.parametrize("kind", Kind)
def test_what_is_left_out_here_is_no_news(kind: Kind) -> None:
    section = KNOWN.sections[kind]
    assert all(map(section.maps, IGNORED.get(kind, "").split()))
    assert section.left_out >= {*LEFT_OUT.get(kind, "").split()}


@pytest.mark.parametrize("name", ["conversion_status", *REMADE.split()])
def test_media_are_made_again(name: str) -> None:
    assert KNOWN.sections[Kind.VIDEOS].makes_again(name)


@pytest.mark.parametrize("model", MODELS_WITHOUT_DATA.split())
def test_models_of_frameworks_are_ignored(model: str) -> None:
    assert KNOWN.ignores(model)
    assert KNOWN.kind_of(model) is None
