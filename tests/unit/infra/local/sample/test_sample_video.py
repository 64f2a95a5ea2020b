"""The sample video is added once, and a failure leaves nothing behind."""

import re
from pathlib import Path

import pytest

from chalicelib.catalogue.curation import canonical
from chalicelib.catalogue.model import VideoId
from infra.local.sample import sample_video as sample_video_module
from infra.local.sample.sample_video import CARD, Marker, SampleVideo
from tests.builders.catalogue import FakeCatalogue, every_entry
from tests.fakes.sample_marker import InMemoryMarker

SOURCE = Path("film.mp4")
SUBTITLES = sorted(Path(sample_video_module.__file__).parent.glob("*.srt"))


@pytest.fixture
def marker() -> InMemoryMarker:
    return InMemoryMarker()


def sample_video(catalogue: FakeCatalogue, marker: Marker, uploaded: list[VideoId]) -> SampleVideo:
    curation, cache, _ = catalogue.process()
    return SampleVideo(
        curation=curation,
        cache=cache,
        make=lambda: SOURCE,
        upload=lambda video_id, _: uploaded.append(video_id),
        marker=marker,
    )


def test_an_empty_catalogue_gets_a_published_video_and_its_source(
    catalogue: FakeCatalogue, marker: InMemoryMarker
) -> None:
    uploaded: list[VideoId] = []
    sample = sample_video(catalogue, marker, uploaded)
    assert sample.is_due
    sample.add()
    (entry,) = every_entry(sample.cache)
    assert (entry.video.id, entry.video.card, entry.video.is_published) == (uploaded[0], CARD, True)


def test_a_deleted_sample_is_not_added_again(
    catalogue: FakeCatalogue, marker: InMemoryMarker
) -> None:
    uploaded: list[VideoId] = []
    sample_video(catalogue, marker, uploaded).add()
    again = sample_video(catalogue, marker, uploaded)
    again.curation.remove(uploaded[0])
    assert not every_entry(again.cache)
    assert not again.is_due


def test_a_catalogue_with_videos_gets_no_sample(
    catalogue: FakeCatalogue, marker: InMemoryMarker
) -> None:
    catalogue.put()
    assert not sample_video(catalogue, marker, []).is_due


def test_a_failed_upload_leaves_no_video_and_is_retried(
    catalogue: FakeCatalogue, marker: InMemoryMarker
) -> None:
    def fail(_: VideoId, __: Path) -> None:
        raise OSError

    curation, cache, _ = catalogue.process()
    sample = SampleVideo(curation, cache, lambda: SOURCE, fail, marker)
    with pytest.raises(OSError):  # noqa: PT011 - raised above
        sample.add()
    assert not every_entry(sample.cache)
    assert sample.is_due


def test_the_texts_of_the_sample_do_not_name_the_present() -> None:
    texts = [CARD.description, *(each.description for each in CARD.translations.values())]
    texts += [path.read_text(encoding="utf-8") for path in SUBTITLES]
    assert len(texts) == 4
    passing = re.compile(r"\b(ago|just|now|today|gerade|eben|jetzt|heute)\b", re.IGNORECASE)
    assert [text for text in texts if passing.search(text)] == []


def test_the_card_is_in_canonical_form() -> None:
    assert canonical(CARD) == CARD
