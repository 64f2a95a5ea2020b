"""What can be played follows from what the encode has finished, whoever keeps it."""

from dataclasses import replace

import pytest

from chalicelib.adapters.streams import EncodedStreams
from chalicelib.catalogue import media_keys
from chalicelib.catalogue.model import Revision, VideoId
from chalicelib.playback.model import NotPlayable
from chalicelib.transcoding.model import Encode, Source
from tests.fakes.clock import HandClock
from tests.fakes.encode_store import InMemoryEncodeStore
from tests.fakes.media_store import InMemoryMediaStore
from tests.unit.playback.assets import asset

VIDEO, REVISION = VideoId(7), Revision(1)
FILM = asset(seconds=60)


@pytest.fixture
def encodes(clock: HandClock) -> InMemoryEncodeStore:
    store = InMemoryEncodeStore(clock)
    encode = store.begin(Encode(VIDEO, REVISION, Source("key", "etag", 1)))
    store.planned(encode, FILM, segments_per_chunk=3)
    return store


@pytest.fixture
def media() -> InMemoryMediaStore:
    return InMemoryMediaStore()


@pytest.fixture
def streams(encodes: InMemoryEncodeStore, media: InMemoryMediaStore) -> EncodedStreams:
    return EncodedStreams(encodes, media)


def test_only_chunks_without_a_gap_count(
    streams: EncodedStreams, encodes: InMemoryEncodeStore
) -> None:
    ready = []
    for chunk in (2, 0, 3, 1):
        encodes.chunk_done(VIDEO, REVISION, chunk)
        ready.append(streams.stream(VIDEO, REVISION).segments)
    assert ready == [0, 1, 1, 10]


def test_sound_counts_by_track(streams: EncodedStreams, encodes: InMemoryEncodeStore) -> None:
    encodes.audio_grown(VIDEO, REVISION, 0, 4)
    stream = streams.stream(VIDEO, REVISION)
    assert [stream.audio_segments(track) for track in (0, 1)] == [4, 0]


def test_a_finished_encode_is_complete_as_measured(
    streams: EncodedStreams, encodes: InMemoryEncodeStore
) -> None:
    measured = replace(FILM, has_iframes=True)
    encodes.finish(VIDEO, REVISION, measured)
    stream = streams.stream(VIDEO, REVISION)
    assert (stream.asset, stream.is_complete, stream.segments) == (measured, True, 10)


def test_an_encode_that_failed_or_is_gone_cannot_be_played(
    streams: EncodedStreams, encodes: InMemoryEncodeStore
) -> None:
    with pytest.raises(NotPlayable):
        streams.stream(VIDEO, Revision(2))
    encodes.fail(VIDEO, REVISION)
    with pytest.raises(NotPlayable):
        streams.stream(VIDEO, REVISION)


def test_an_encode_without_a_plan_cannot_be_played_yet(
    streams: EncodedStreams, encodes: InMemoryEncodeStore
) -> None:
    encodes.begin(Encode(VIDEO, Revision(2), Source("key", "etag", 1)))
    with pytest.raises(NotPlayable):
        streams.stream(VIDEO, Revision(2))


def test_the_index_of_iframes_is_read_from_the_folder_of_the_revision(
    streams: EncodedStreams, media: InMemoryMediaStore
) -> None:
    assert streams.iframes(VIDEO, REVISION) == {}
    key = media_keys.folder(VIDEO, REVISION) + media_keys.iframe_index()
    media.write(key, '{"720p": [1, 2]}')
    assert streams.iframes(VIDEO, REVISION) == {"720p": [1, 2]}
