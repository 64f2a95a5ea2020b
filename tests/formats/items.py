"""Items of the tables: as DynamoDB holds them, written and read by the real stores."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import boto3
from moto import mock_aws

from chalicelib.accounts.model import (
    Account,
    AccountId,
    AccountStatus,
    PendingSignUp,
    TooManyAttempts,
)
from chalicelib.accounts.session import Session, SessionId, SessionKind
from chalicelib.accounts.throttling import Limit
from chalicelib.adapters.dynamodb import account_tables, catalogue_tables
from chalicelib.adapters.dynamodb.account_store import DynamoAccountStore
from chalicelib.adapters.dynamodb.bulk_change_store import DynamoBulkChangeStore
from chalicelib.adapters.dynamodb.category_store import DynamoCategoryStore
from chalicelib.adapters.dynamodb.change_log import DynamoChangeLog
from chalicelib.adapters.dynamodb.encode_store import DynamoEncodeStore
from chalicelib.adapters.dynamodb.receipt_log import DynamoReceiptLog
from chalicelib.adapters.dynamodb.session_store import DynamoSessionStore
from chalicelib.adapters.dynamodb.throttle import DynamoThrottle
from chalicelib.adapters.dynamodb.upload_store import DynamoUploadStore
from chalicelib.adapters.dynamodb.video_store import DynamoVideoStore
from chalicelib.bulk.change import Action, Change
from chalicelib.bulk.model import (
    BulkChange,
    BulkChangeState,
    SliceResult,
    Tally,
    VideoFailure,
)
from chalicelib.catalogue.category_names import category_id_of, left_of
from chalicelib.catalogue.damage import WHOLE, Decodable
from chalicelib.catalogue.model import (
    BulkChangeId,
    Card,
    Category,
    CategoryId,
    CompleteMedia,
    EncodeStatus,
    EncodeSummary,
    Failure,
    Revision,
    Translation,
    Video,
    VideoId,
)
from chalicelib.catalogue.ports import Changes, merged
from chalicelib.catalogue.poster import NO_POSTER, OwnPoster, PosterId
from chalicelib.encoding.model import Encode, Step, TakenTask
from chalicelib.encoding.pace import Pace
from chalicelib.ingest.model import Receipt, Upload
from chalicelib.language import Language, Text
from tests.conftest import make_resources
from tests.formats import media
from tests.formats.form import MOMENT, FixedClock, Format
from tests.formats.pipeline_writes import mark_encode, mark_video

CLOCK = FixedClock()
LATER = MOMENT.replace(microsecond=0) + timedelta(days=2)

ACCOUNT = Account(
    id=AccountId(258_494_287_593_477),
    email="ada@example.com",
    password_hash="$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA",
    created_at=MOMENT,
    status=AccountStatus.ACTIVE,
    is_admin=True,
    first_name="Ada",
    last_name="Lovelace",
    language=Language.GERMAN,
    session_epoch=3,
    expires_at=LATER,
    later_sign_ups=(PendingSignUp("another hash", LATER),),
    new_email="countess@example.com",
    revision=1,
)
_WITHOUT_NEW_EMAIL = replace(ACCOUNT, new_email="")
_WITHOUT_SIGN_UPS = replace(_WITHOUT_NEW_EMAIL, later_sign_ups=())
SESSION = Session(
    id=SessionId("a-session-id"),
    account_id=ACCOUNT.id,
    kind=SessionKind.BROWSER,
    secret_hash="b" * 64,
    seed="the seed of this session",
    created_at=MOMENT,
    renewed_at=MOMENT + timedelta(hours=1),
    expires_at=LATER,
    label="Firefox",
    address="198.51.100.7",
    epoch=3,
    generation=4,
)
# The first alone is of versions without sign-ins of programs.
SESSIONS = (
    SESSION,
    *(
        replace(SESSION, id=SessionId(kind.value), kind=kind)
        for kind in (SessionKind.API_TOKEN, SessionKind.BEARER, SessionKind.SIGN_IN_TOKEN)
    ),
)
LIMIT = Limit("sign_in", attempts=4, window_seconds=900, attempts_each=3)
COMPLETE = CompleteMedia(
    Revision(3),
    72.989583,
    (720, 480),
    "video",
    keeps_pictures=True,
    decodable=Decodable(0.8125, 0.75),
    is_damage_accepted=True,
    mp4_only_heights=(120,),
    since=MOMENT,
)
# Of the time before it was stored since when viewers get them.
_TENTH_COMPLETE = replace(COMPLETE, since=None)
# Of the time before MP4 files of other sizes than the rungs'.
_FOURTH_COMPLETE = replace(_TENTH_COMPLETE, mp4_only_heights=())
# Of the time before damage was counted there.
_SECOND_COMPLETE = replace(_FOURTH_COMPLETE, decodable=WHOLE, is_damage_accepted=False)
VIDEO = Video(
    id=media.VIDEO,
    card=Card(
        title="Metropolis",
        description="A city of two worlds.",
        category="Drama",
        is_trailer=True,
        director="Fritz Lang",
        cast=("Brigitte Helm", "Gustav Fr\N{LATIN SMALL LETTER O WITH DIAERESIS}hlich"),
        tags=("silent", "city"),
        original_language="de",
        genre="Science fiction",
        release="1927",
        license_type="CC0 1.0",
        license_url="https://creativecommons.org/publicdomain/zero/1.0/",
        age_rating=12,
        publish_at=MOMENT,
        rights_until=MOMENT + timedelta(days=30),
        trailer=VideoId(11),
        translations={Language.GERMAN: Translation("Metropolis", "Eine Stadt, zwei Welten.")},
    ),
    created_at=MOMENT,
    changed_at=MOMENT,
    is_published=True,
    encode=EncodeSummary(
        Revision(4),
        EncodeStatus.FAILED,
        40,
        is_playable=True,
        failure=Failure("damaged", "Too much of the picture cannot be read."),
        decodable=Decodable(0.75, 0.5),
        was_refused=True,
        accepted=Decodable(0.625, 0.25),
        sent_at=MOMENT - timedelta(minutes=3),
        source_size=media.SOURCE.size,
    ),
    media=COMPLETE,
    awaits_upload="0123456789abcdef0123456789abcdef",
    trashed_at=MOMENT + timedelta(hours=1),
    bulk_change=BulkChangeId(375_663_542_275_791),
    poster=OwnPoster(
        PosterId(375_663_542_275_790), PosterId(375_663_542_275_799), True, "too_many_pixels"
    ),
)
# Of the time before own posters.
_FOURTEENTH_VIDEO = replace(VIDEO, poster=NO_POSTER)
# Of the time before accepted damage and sizes of sources were kept here.
_THIRTEENTH_VIDEO = replace(
    _FOURTEENTH_VIDEO, encode=replace(VIDEO.encode, accepted=None, source_size=None)
)
# Of the time before bulk changes.
_TWELFTH_VIDEO = replace(_THIRTEENTH_VIDEO, bulk_change=None)
# Of the time before the trash.
_ELEVENTH_VIDEO = replace(_TWELFTH_VIDEO, trashed_at=None)
# Of the time before sources replaced others.
_TENTH_VIDEO = replace(
    _ELEVENTH_VIDEO, encode=replace(_ELEVENTH_VIDEO.encode, sent_at=None), media=_TENTH_COMPLETE
)
# Of the time before trailers of videos.
_NINTH_VIDEO = replace(_TENTH_VIDEO, card=replace(VIDEO.card, trailer=None))
# Of the time before dates.
_EIGHTH_VIDEO = replace(
    _NINTH_VIDEO, card=replace(_NINTH_VIDEO.card, publish_at=None, rights_until=None)
)
# Of the time before lists of names.
_SEVENTH_VIDEO = replace(
    _EIGHTH_VIDEO,
    card=replace(_EIGHTH_VIDEO.card, cast=(), tags=(), original_language=""),
)
# Of the time before age ratings.
_FIFTH_VIDEO = replace(_SEVENTH_VIDEO, card=replace(_SEVENTH_VIDEO.card, age_rating=None))
_THIRD_VIDEO = replace(
    _FIFTH_VIDEO,
    encode=replace(_TENTH_VIDEO.encode, decodable=Decodable(0.75)),
    media=replace(_FOURTH_COMPLETE, decodable=Decodable(0.8125)),
)
_SECOND_VIDEO = replace(
    _FIFTH_VIDEO,
    encode=replace(_TENTH_VIDEO.encode, decodable=None, was_refused=False),
    media=_SECOND_COMPLETE,
)
CATEGORY = Category(
    CategoryId(177_000_000_000_001), "Drama", "drama", changed_at=MOMENT, position=-3
)
RENAMED = CATEGORY.renamed("Stage Plays", {Language.GERMAN: "Drama"})
# Of the time before categories had names by language, and before they were arranged.
_FOURTH_RENAMED = CATEGORY.renamed("Stage Plays")
_THIRD_CATEGORY, _THIRD_RENAMED = (
    replace(each, position=None) for each in (CATEGORY, _FOURTH_RENAMED)
)
ENCODE = Encode(
    video_id=media.VIDEO,
    revision=media.REVISION,
    source=media.SOURCE,
    step=Step.ENCODING,
    begun_at=MOMENT,
    attempt=2,
    asset=media.ASSET,
    segments_per_chunk=2,
    chunks=frozenset({0, 2, 10}),
    audio_ready={1: 7},
    finished_tasks=frozenset({"audio-1", "pictures"}),
    planned_at=MOMENT + timedelta(seconds=5),
    pace=Pace(
        measured_at=MOMENT + timedelta(seconds=65),
        seconds=40.5,
        share=0.25,
        whole_seconds=162,
        parallel=2,
        is_slower=True,
    ),
    taken=frozenset(
        {
            TakenTask("chunk-00011", MOMENT + timedelta(seconds=60)),
            TakenTask("subtitles-0", MOMENT + timedelta(seconds=64)),
        }
    ),
    idle_since=MOMENT + timedelta(seconds=65),
    decodable=Decodable(0.8125, 0.75),
    accepted=Decodable(0.75, 0.5),
    was_refused=True,
)
# Of the time before assets said which tracks are for some viewers.
_SEVENTH_ENCODE = replace(ENCODE, asset=media.THIRD_ASSET)
# Of the time when damage of sound was not counted.
# Earlier versions measured the pace otherwise: it is not read.
_SIXTH_ENCODE = replace(_SEVENTH_ENCODE, pace=None, taken=frozenset(), idle_since=None)
_FIFTH_ENCODE = replace(_SIXTH_ENCODE, decodable=Decodable(0.8125), accepted=Decodable(0.75))
_FOURTH_ENCODE = replace(_SIXTH_ENCODE, decodable=None, accepted=None, was_refused=False)
UPLOAD = Upload(
    id="0123456789abcdef0123456789abcdef",
    account_id=ACCOUNT.id,
    video_id=media.VIDEO,
    key=media.SOURCE.key,
    multipart_id="a-multipart-id",
    filename="Film.MP4",
    size=123_456_789,
    part_size=16_777_216,
    created_at=MOMENT,
    completed_at=MOMENT + timedelta(minutes=3),
)
BULK = BulkChange(
    BulkChangeId(375_663_542_275_791),
    ACCOUNT.id,
    created_at=MOMENT,
    change=Change(
        {
            "category": "Drama",
            "is_trailer": True,
            "cast": ("Brigitte Helm",),
            "age_rating": 12,
            "publish_at": MOMENT,
            "rights_until": None,
            "trailer": VideoId(11),
            "translations": VIDEO.card.translations,
        },
        add_cast=("Heinrich George",),
        add_tags=("city",),
        remove_cast=("Alfred Abel",),
        remove_tags=("silent",),
        is_published=True,
        action=Action.DELETE,
    ),
    videos=4,
    videos_per_slice=3,
)
_SELECTED = [media.VIDEO, VideoId(11), VideoId(12), VideoId(13)]
FAILED = VideoFailure(VideoId(11), Text("Send a list of at most {most} texts.", most=30), "tags")
RECEIPT = Receipt(media.SOURCE.key, media.SOURCE.etag, media.VIDEO, media.REVISION)


def item(
    name: str,
    put: Callable[[], object],
    get: Callable[[], object],
    expected: object,
    *,
    key: str = "",
    older: dict[int, object] | None = None,
) -> Format:
    """A format that is items of a table: those whose key begins so, as `pk/sk`."""

    def write() -> Any:
        with mock_aws():
            make_resources()
            put()
            stored = [each for table in _TABLES for each in _all(table)]
        return [each for each in stored if f"{each['pk']['S']}/{each['sk']['S']}".startswith(key)]

    def read(items: Any) -> object:
        with mock_aws():
            make_resources()
            for each in items:
                boto3.client("dynamodb").put_item(TableName=_table_of(each), Item=each)
            return get()

    return Format(name, write, read, expected, older=older or {})


_TABLES = ("videoflix-accounts", "videoflix-catalogue", "videoflix-viewing")
_OF_THE_CATALOGUE = ("VIDEO#", "CATEGORY#", "UPLOADER#", "SOURCE#", "BULK_CHANGE")
_OF_VIEWING = ("WATCHED#", "REMOVALS")
_OF_VIEWING_BY_ACCOUNT = ("PROFILES", "PROGRESS#", "WATCHLIST#")


def _table_of(raw: Any) -> str:
    pk, sk = raw["pk"]["S"], raw["sk"]["S"]
    is_viewing = pk.startswith(_OF_VIEWING) or sk.startswith(_OF_VIEWING_BY_ACCOUNT)
    return _TABLES[2 if is_viewing else pk.startswith(_OF_THE_CATALOGUE)]


def _all(table: str) -> list[Any]:
    stored = boto3.client("dynamodb").scan(TableName=table)["Items"]
    return sorted(map(_sorted, stored), key=lambda each: (each["pk"]["S"], each["sk"]["S"]))


def _sorted(raw: Any) -> Any:
    """In one order, for a table has none: attributes by name, sets by size."""

    def value(typed: Any) -> Any:
        [(kind, content)] = typed.items()
        if kind == "NS":
            return {kind: sorted(content, key=int)}
        return {kind: sorted(content)} if kind == "SS" else typed

    return {name: value(raw[name]) for name in sorted(raw)}


def _accounts() -> Any:
    return account_tables.bind(accounts=os.environ["ACCOUNTS_TABLE"])


def _catalogue() -> Any:
    return catalogue_tables.bind(catalogue=os.environ["CATALOGUE_TABLE"])


def _account_store() -> DynamoAccountStore:
    return DynamoAccountStore(_accounts(), CLOCK)


def _session_store() -> DynamoSessionStore:
    return DynamoSessionStore(_accounts(), CLOCK)


def _video_store() -> DynamoVideoStore:
    return DynamoVideoStore(_catalogue(), CLOCK)


def _category_store() -> DynamoCategoryStore:
    return DynamoCategoryStore(_catalogue(), CLOCK)


def _encode_store() -> DynamoEncodeStore:
    return DynamoEncodeStore(_catalogue(), CLOCK)


def _upload_store() -> DynamoUploadStore:
    return DynamoUploadStore(_catalogue(), CLOCK)


def _opened() -> None:
    _account_store().add(ACCOUNT)
    _session_store().open(SESSION, ACCOUNT)


def _every_kind_opened() -> None:
    _account_store().add(ACCOUNT)
    for each in SESSIONS:
        _session_store().open(each, ACCOUNT)


def _ended() -> None:
    _opened()
    _session_store().end(SESSION)


def _hit_twice() -> None:
    for _ in range(2):
        _hit()


def _hit() -> None:
    DynamoThrottle(_accounts(), CLOCK).hit(LIMIT, "198.51.100.7", subject=ACCOUNT.email)


def _hits_left() -> int:
    left = 0
    try:
        while True:
            _hit()
            left += 1
    except TooManyAttempts:
        return left


def _removed() -> None:
    _video_store().add(VIDEO)
    _video_store().remove(VIDEO.id)
    _category_store().add(CATEGORY)
    _category_store().remove(_category_store().rename(CATEGORY, RENAMED))


def _renamed() -> None:
    _category_store().add(CATEGORY)
    _category_store().rename(CATEGORY, RENAMED)


def _arrived() -> None:
    log = DynamoReceiptLog(_catalogue(), CLOCK)
    taken = log.take(RECEIPT.key, RECEIPT.etag, RECEIPT.video_id)
    log.record(taken, media.REVISION)


def _processing() -> Video:
    begun = EncodeSummary(Revision(4), EncodeStatus.PROCESSING, 40, is_playable=True)
    return Video(VIDEO.id, _FIFTH_VIDEO.card, MOMENT, MOMENT, encode=begun)


def _marked_video() -> None:
    _video_store().add(_processing())
    mark_video(video_id=VIDEO.id, revision=4)


def _marked_encode() -> None:
    _encode_store().begin(replace(_FOURTH_ENCODE, asset=None))
    mark_encode(video_id=ENCODE.video_id, revision=ENCODE.revision, attempt=ENCODE.attempt)


def _bulk_store() -> DynamoBulkChangeStore:
    return DynamoBulkChangeStore(_catalogue(), CLOCK)


def _changed_in_part() -> None:
    store = _bulk_store()
    store.add(BULK, _SELECTED)
    taken_at = store.take(BULK.id, 0)
    store.take(BULK.id, 1)
    assert taken_at is not None
    store.record(BULK.id, 0, taken_at, SliceResult(changed=1, unchanged=1, failures=(FAILED,)))


def _read_bulk_change() -> object:
    store = _bulk_store()
    running = store.running()
    videos, done = store.videos_of(BULK.id), store.slices_done(BULK.id)
    ended = store.end(BULK.id, BulkChangeState.CANCELLED)
    return ended, running, videos, done, store.failures(BULK.id, most=9)


FORMATS = (
    replace(
        item(
            "account",
            lambda: _account_store().add(ACCOUNT),
            lambda: (_account_store().by_id(ACCOUNT.id), _account_store().by_email(ACCOUNT.email)),
            (ACCOUNT, ACCOUNT),
        ),
        older={
            1: (_WITHOUT_SIGN_UPS, _WITHOUT_SIGN_UPS),
            2: (_WITHOUT_NEW_EMAIL, _WITHOUT_NEW_EMAIL),
        },
    ),
    item(
        "session",
        _every_kind_opened,
        lambda: tuple(_session_store().of_account(ACCOUNT.id)),
        SESSIONS,
        key=f"ACCOUNT#{ACCOUNT.id}/SESSION#",
        older={1: (SESSION,)},
    ),
    item(
        "ended_session",
        _ended,
        lambda: _session_store().ended_since(MOMENT),
        {SESSION.id: MOMENT},
        key="ENDED/",
    ),
    item("attempts", _hit_twice, _hits_left, 1),
    item(
        "video",
        lambda: _video_store().add(VIDEO),
        lambda: _video_store().get(VIDEO.id),
        VIDEO,
        older={
            1: replace(
                _SECOND_VIDEO,
                media=replace(_SECOND_COMPLETE, keeps_pictures=False),
                awaits_upload="",
            ),
            2: _SECOND_VIDEO,
            3: _THIRD_VIDEO,
            4: replace(_FIFTH_VIDEO, media=_FOURTH_COMPLETE),
            5: _FIFTH_VIDEO,
            6: _SEVENTH_VIDEO,
            7: _SEVENTH_VIDEO,
            8: _EIGHTH_VIDEO,
            9: _NINTH_VIDEO,
            10: _TENTH_VIDEO,
            11: _ELEVENTH_VIDEO,
            12: _TWELFTH_VIDEO,
            13: _THIRTEENTH_VIDEO,
            14: _FOURTEENTH_VIDEO,
        },
    ),
    item(
        "category",
        _renamed,
        lambda: merged(DynamoChangeLog(_catalogue(), CLOCK).everything()),
        Changes({}, {CATEGORY.id: RENAMED, category_id_of("stage-plays"): None}),
        older={
            1: Changes({}, {CATEGORY.id: _THIRD_CATEGORY}),
            **dict.fromkeys(
                (2, 3),
                Changes({}, {CATEGORY.id: _THIRD_RENAMED, category_id_of("stage-plays"): None}),
            ),
            4: Changes({}, {CATEGORY.id: _FOURTH_RENAMED, category_id_of("stage-plays"): None}),
        },
    ),
    item(
        "bulk_change",
        _changed_in_part,
        _read_bulk_change,
        (
            replace(
                BULK,
                state=BulkChangeState.CANCELLED,
                ended_at=MOMENT,
                tally=Tally(changed=1, unchanged=1, failed=1),
                moved_at=MOMENT,
            ),
            [BULK.id],
            _SELECTED,
            frozenset({0}),
            [FAILED],
        ),
    ),
    item(
        "removed",
        _removed,
        lambda: merged(DynamoChangeLog(_catalogue(), CLOCK).everything()),
        Changes({VIDEO.id: None}, {each.id: each for each in left_of(RENAMED, MOMENT)}),
        older=dict.fromkeys((1, 2), Changes({VIDEO.id: None}, {CATEGORY.id: None})),
    ),
    item(
        "video_failed_in_the_pipeline",
        _marked_video,
        lambda: _video_store().get(VIDEO.id).encode.failure,
        Failure("no_worker", "No transcoder was free in time. Please try again."),
    ),
    item(
        "encode",
        lambda: _encode_store().begin(ENCODE),
        lambda: _encode_store().get(ENCODE.video_id, ENCODE.revision),
        ENCODE,
        older={
            1: replace(_FOURTH_ENCODE, asset=media.FIRST_ASSET),
            2: replace(_FOURTH_ENCODE, asset=media.SECOND_ASSET),
            3: replace(_FOURTH_ENCODE, asset=media.SECOND_ASSET),
            4: _FOURTH_ENCODE,
            5: _FIFTH_ENCODE,
            6: _SIXTH_ENCODE,
            7: _SEVENTH_ENCODE,
        },
    ),
    item(
        "encode_failed_in_the_pipeline",
        _marked_encode,
        lambda: _encode_store().get(ENCODE.video_id, ENCODE.revision).step,
        Step.FAILED,
    ),
    item(
        "upload",
        lambda: _upload_store().add(UPLOAD),
        lambda: _upload_store().get(ACCOUNT.id, UPLOAD.id),
        UPLOAD,
    ),
    item(
        "arrival",
        _arrived,
        lambda: DynamoReceiptLog(_catalogue(), CLOCK).take(
            RECEIPT.key, RECEIPT.etag, RECEIPT.video_id
        ),
        RECEIPT,
    ),
)
