"""Names of all reports and objects of a finished encode, and their object keys."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from chalicelib.catalogue import object_keys
from chalicelib.catalogue.asset import Asset, AudioTrack, Container, Rung, default_audio
from chalicelib.catalogue.model import Revision, VideoId
from chalicelib.encoding.chunks import CHUNK
from chalicelib.encoding.plan import Plan
from chalicelib.encoding.task_reports import Report
from chalicelib.playback import renditions
from transcoder.outputs.loudness import is_silence
from transcoder.outputs.pictures import NAMES as IMAGES

PICTURES, STORYBOARD, IFRAMES = "pictures", "storyboard", "iframes"


def chunk_report(number: int) -> str:
    return f"{CHUNK}{number:05d}"


def audio_report(track: int) -> str:
    return f"audio-{track}"


def subtitles_report(track: int) -> str:
    return f"subtitles-{track}"


def expected_reports(plan: Plan) -> list[str]:
    """Names of the reports of all tasks."""
    asset = plan.asset
    return [
        *map(chunk_report, range(plan.chunk_count)),
        *(audio_report(track.number) for track in asset.audio),
        *(subtitles_report(track.number) for track in asset.subtitles),
        PICTURES,
        *([STORYBOARD] if asset.storyboard else []),
        IFRAMES,
    ]


def key_of(plan: Plan, name: str) -> str:
    return object_key(plan.video_id, plan.revision, name)


def object_key(video_id: VideoId, revision: Revision, name: str) -> str:
    """Object key of an output file: pictures have their own folder, tiles are private."""
    if name in (f"{image}.jpg" for image in IMAGES):
        return object_keys.pictures(video_id, revision) + name
    if name.startswith("tiles/"):
        return object_keys.private_folder(video_id, revision) + name
    return object_keys.folder(video_id, revision) + name


def named_objects(asset: Asset) -> Iterator[str]:
    """Every object that playlists and the API name."""
    for rung in asset.rungs:
        yield from pictures_of(asset, rung)
    for track in asset.audio:
        yield from sounds_of(asset, track)
    for subtitles in asset.subtitles:
        for number in range(asset.subtitle_segments):
            yield object_keys.subtitle_segment(subtitles.number, number)
    if asset.storyboard:
        for number in range(asset.storyboard.sheets_for(asset.grid.segments)):
            yield object_keys.storyboard_sheet(number)
    if asset.has_iframes:
        yield object_keys.iframe_index()
    yield from (f"{image}.jpg" for image in IMAGES)


def pictures_of(asset: Asset, rung: Rung) -> Iterator[str]:
    if asset.container is Container.FMP4:
        yield object_keys.video_init(rung.name)
    for number in range(asset.grid.segments):
        yield object_keys.video_segment(rung.name, number, asset.container)


def sounds_of(asset: Asset, track: AudioTrack) -> Iterator[str]:
    if asset.container is Container.FMP4:
        yield object_keys.audio_init(track.number)
    for number in range(asset.audio_segments):
        yield object_keys.audio_segment(track.number, number, asset.container)


def source_of(asset: Asset, rung: Rung) -> Rung:
    """Return the rung itself, or the smallest one of the asset that is no smaller."""
    if rung in asset.rungs:
        return rung
    return next(
        each
        for each in reversed(asset.rungs)
        if each.width >= rung.width and each.height >= rung.height
    )


def tracks_of(asset: Asset, rung: Rung) -> list[list[str]]:
    """Of an MP4 file: the video segments, and the default audio track if there is one."""
    sound = default_audio(asset.audio)
    return [
        list(pictures_of(asset, source_of(asset, rung))),
        *([list(sounds_of(asset, sound))] if sound else []),
    ]


def head_names(asset: Asset) -> list[str]:
    """The first object of each rung and audio track, which holds its codec and size."""
    tracks = (
        *(pictures_of(asset, rung) for rung in asset.rungs),
        *(sounds_of(asset, track) for track in asset.audio),
    )
    return [next(names) for names in tracks]


def finished(plan: Plan, reports: Mapping[str, Report]) -> Asset:
    """The planned asset, with its key-frame index, without empty subtitle tracks.

    If the default audio track is silent, the first that is not, and is for all viewers, becomes the
    default.
    """
    empty = {
        track.number
        for track in plan.asset.subtitles
        if (report := reports.get(subtitles_report(track.number))) and not report.files
    }
    subtitles = tuple(track for track in plan.asset.subtitles if track.number not in empty)
    return replace(
        plan.asset,
        audio=_with_sound_first(plan, reports),
        subtitles=subtitles,
        has_iframes=IFRAMES in reports,
    )


def _with_sound_first(plan: Plan, reports: Mapping[str, Report]) -> tuple[AudioTrack, ...]:
    tracks = plan.asset.audio
    default = default_audio(tracks)
    if default is None or not _is_silent(reports.get(audio_report(default.number))):
        return tracks
    for_all = (each for each in tracks if each.number not in plan.for_some)
    heard = (each for each in for_all if not _is_silent(reports.get(audio_report(each.number))))
    first = next(heard, default)
    return tuple(replace(each, is_default=each == first) for each in tracks)


def _is_silent(report: Report | None) -> bool:
    """Whether all of a track was decoded, and is silence."""
    sound = report.sound if report else None
    if report is None or sound is None or sound.begins is None or sound.undecodable_packets:
        return False
    return is_silence(report.measures.get("made_lufs"))


def target_seconds(asset: Asset) -> int:
    """EXT-X-TARGETDURATION of the playlists of rungs and audio tracks."""
    return renditions.target_seconds(asset, renditions.of_rung(asset.rungs[0]))
