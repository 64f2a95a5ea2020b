"""Wiring of the playback feature."""

from functools import cache

from chalicelib.adapters.media_signer import CloudFrontSigner, SecretMediaSigningKey
from chalicelib.playback.admission import Admission, ViewerCheck
from chalicelib.playback.files import FileUrls
from chalicelib.playback.grants import Grants
from chalicelib.playback.media_urls import MediaUrls
from chalicelib.playback.ports import Streams
from chalicelib.playback.service import Playback
from chalicelib.playback.stream_cache import StreamCache
from chalicelib.wiring import accounts, catalogue, stage, stores


@cache
def playback() -> Playback:
    admission = _admission()
    return Playback(admission, admission.grants, admission.streams, media_urls())


@cache
def _admission() -> Admission:
    streams = StreamCache(_streams())
    viewer_check = ViewerCheck(
        accounts=accounts.account_store(),
        sessions=accounts.session_store(),
        revocations=accounts.revocations(),
        clock=stage.clock(),
    )
    grants = Grants(accounts.signer(), stage.clock())
    return Admission(catalogue.catalogue_cache(), streams, viewer_check, grants, stage.clock())


@cache
def media_urls() -> MediaUrls:
    here, client = stage.settings(), stage.lazy("secretsmanager")
    key = SecretMediaSigningKey(client, here.media_signing_keys_secret, stage.clock())
    return MediaUrls(here.media_url, CloudFrontSigner(here.media_url, key))


@cache
def file_urls() -> FileUrls:
    return FileUrls(media_urls(), stage.clock(), _admission())


def _streams() -> Streams:
    from chalicelib.adapters.streams import EncodedStreams

    # Players ask again every few seconds, so an answer of a moment ago is good enough.
    encodes = stores.encodes(stage.catalogue_table(), stage.clock(), is_consistent=False)
    return EncodedStreams(encodes, stage.media())
