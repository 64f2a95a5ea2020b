"""Contract of `Streams`: the fake, streams of encodes, and the cache."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import pytest

from chalicelib.adapters.streams import EncodedStreams
from chalicelib.catalogue import object_keys
from chalicelib.catalogue.damage import Decodable
from chalicelib.catalogue.model import Revision, VideoId
from chalicelib.encoding.model import Encode, Source
from chalicelib.playback.model import NotPlayable, Stream
from chalicelib.playback.ports import Streams
from chalicelib.playback.stream_cache import StreamCache
from tests.builders.assets import asset
from tests.fakes.clock import HandClock
from tests.fakes.encode_store import InMemoryEncodeStore
from tests.fakes.media_store import InMemoryMediaStore
from tests.fakes.streams import InMemoryStreams

pytestmark = pytest.mark.contract(of=Streams)

VIDEO, REVISION = VideoId(7), Revision(1)
ASSET = asset(seconds=60)
LENGTHS = {"720p": [1, 2]}


@dataclass(frozen=True)
class StreamsHarness:
    """A `Streams` under test, and callbacks that change its state."""

    streams: Streams
    store_stream: Callable[[Stream], None]
    index: Callable[[Mapping[str, Sequence[int]]], None]
    fail: Callable[[], object]
    retry: Callable[[], object]


@pytest.fixture
def encodes(clock: HandClock) -> InMemoryEncodeStore:
    store = InMemoryEncodeStore(clock)
    encode = store.begin(Encode(VIDEO, REVISION, Source("key", "etag", 1)))
    store.planned(encode, ASSET, segments_per_chunk=3)
    return store


@pytest.fixture
def media() -> InMemoryMediaStore:
    return InMemoryMediaStore()


@pytest.fixture
def streams(encodes: InMemoryEncodeStore, media: InMemoryMediaStore) -> EncodedStreams:
    return EncodedStreams(encodes, media)


@pytest.fixture(params=["memory", "encodes", "remembered"])
def harness(
    request: pytest.FixtureRequest, clock: HandClock, media: InMemoryMediaStore
) -> StreamsHarness:
    if request.param == "memory":
        memory = InMemoryStreams()
        key = (VIDEO, REVISION)
        return StreamsHarness(
            memory,
            store_stream=lambda stream: memory.streams.update({key: stream}),
            index=lambda lengths: memory.indexes.update({key: lengths}),
            fail=lambda: memory.streams.pop(key),
            retry=lambda: memory.streams.update({key: Stream(ASSET, 0, is_refused=True)}),
        )
    store = InMemoryEncodeStore(clock)
    streams_of_encodes = EncodedStreams(store, media)
    key_of_index = object_keys.folder(VIDEO, REVISION) + object_keys.iframe_index()
    return StreamsHarness(
        streams_of_encodes if request.param == "encodes" else StreamCache(streams_of_encodes),
        store_stream=lambda stream: encoded(store, stream),
        index=lambda lengths: media.write(key_of_index, json.dumps(lengths)),
        fail=lambda: store.fail(VIDEO, REVISION),
        retry=lambda: store.again(store.get(VIDEO, REVISION)),
    )


def encoded(store: InMemoryEncodeStore, stream: Stream) -> None:
    """Store an encode with the progress of this stream."""
    encode = store.begin(Encode(VIDEO, REVISION, Source("key", "etag", 1)))
    store.planned(encode, stream.asset, segments_per_chunk=1)
    for chunk in range(stream.video_ready):
        store.chunk_done(VIDEO, REVISION, chunk)
    for track, segments in stream.audio_ready.items():
        store.audio_grown(VIDEO, REVISION, track, segments)
    if stream.is_refused:
        store.damaged(VIDEO, REVISION, stream.asset, decodable=Decodable(0.5))
        store.fail(VIDEO, REVISION)
    elif stream.is_complete:
        store.finish(VIDEO, REVISION, stream.asset)


@pytest.mark.parametrize(
    "stream",
    [
        Stream(ASSET, 0),
        Stream(ASSET, 3, {0: 2}),
        Stream(ASSET, 10, {0: 10}, is_complete=True),
        Stream(ASSET, 10, {0: 10}, is_complete=True, is_refused=True),
    ],
    ids=["planned", "growing", "complete", "refused"],
)
def test_a_stream_has_the_finished_segments(harness: StreamsHarness, stream: Stream) -> None:
    harness.store_stream(stream)
    assert harness.streams.stream(VIDEO, REVISION) == stream


def test_a_growing_stream_is_not_cached(harness: StreamsHarness) -> None:
    for ready in range(3):
        harness.store_stream(Stream(ASSET, ready))
        assert harness.streams.stream(VIDEO, REVISION).segments == ready


@pytest.mark.parametrize("other", [(VIDEO, Revision(2)), (VideoId(8), REVISION)])
def test_another_video_or_revision_cannot_be_played(
    harness: StreamsHarness, other: tuple[VideoId, Revision]
) -> None:
    harness.store_stream(Stream(ASSET, 3))
    with pytest.raises(NotPlayable, match=r"^This video cannot be played any more\.$"):
        harness.streams.stream(*other)


def test_a_failed_encode_is_not_playable(harness: StreamsHarness) -> None:
    harness.store_stream(Stream(ASSET, 3))
    assert harness.streams.stream(VIDEO, REVISION).segments == 3
    harness.fail()
    with pytest.raises(NotPlayable):
        harness.streams.stream(VIDEO, REVISION)


def test_a_refused_revision_is_not_complete_during_a_retry(
    harness: StreamsHarness,
) -> None:
    harness.store_stream(Stream(ASSET, 0, is_complete=True, is_refused=True))
    assert harness.streams.stream(VIDEO, REVISION).is_complete
    harness.retry()
    stream = harness.streams.stream(VIDEO, REVISION)
    assert (stream.is_complete, stream.is_refused) == (False, True)
    harness.store_stream(Stream(ASSET, 0, is_complete=True))
    assert not harness.streams.stream(VIDEO, REVISION).is_refused


def test_without_an_index_there_are_no_iframes(harness: StreamsHarness) -> None:
    harness.store_stream(Stream(ASSET, 10, is_complete=True))
    assert harness.streams.iframes(VIDEO, REVISION) == {}


def test_lengths_of_iframes_are_listed_by_rung(harness: StreamsHarness) -> None:
    harness.index(LENGTHS)
    assert harness.streams.iframes(VIDEO, REVISION) == LENGTHS


def test_only_chunks_without_a_gap_count(
    streams: EncodedStreams, encodes: InMemoryEncodeStore
) -> None:
    ready = []
    for chunk in (2, 0, 3, 1):
        encodes.chunk_done(VIDEO, REVISION, chunk)
        ready.append(streams.stream(VIDEO, REVISION).segments)
    assert ready == [0, 1, 1, 10]


def test_audio_segments_are_counted_by_track(
    streams: EncodedStreams, encodes: InMemoryEncodeStore
) -> None:
    encodes.audio_grown(VIDEO, REVISION, 0, 4)
    for chunk in range(6):
        encodes.chunk_done(VIDEO, REVISION, chunk)
    stream = streams.stream(VIDEO, REVISION)
    assert [stream.audio_segments(track) for track in (0, 1)] == [4, 0]


def test_audio_segments_ahead_of_the_video_do_not_count(
    streams: EncodedStreams, encodes: InMemoryEncodeStore
) -> None:
    encodes.audio_grown(VIDEO, REVISION, 0, 9)
    encodes.chunk_done(VIDEO, REVISION, 0)
    stream = streams.stream(VIDEO, REVISION)
    assert stream.audio_segments(0) == stream.segments < 9


def test_a_finished_encode_is_complete_as_measured(
    streams: EncodedStreams, encodes: InMemoryEncodeStore
) -> None:
    measured = replace(ASSET, has_iframes=True)
    encodes.finish(VIDEO, REVISION, measured)
    stream = streams.stream(VIDEO, REVISION)
    assert (stream.asset, stream.is_complete, stream.segments) == (measured, True, 10)


def test_an_encode_without_a_plan_cannot_be_played_yet(
    streams: EncodedStreams, encodes: InMemoryEncodeStore
) -> None:
    encodes.begin(Encode(VIDEO, Revision(2), Source("key", "etag", 1)))
    with pytest.raises(NotPlayable):
        streams.stream(VIDEO, Revision(2))
