"""The storyboard as WebVTT: the tile of a sheet for each segment, for scrub bars."""

from collections.abc import Iterator
from fractions import Fraction

from chalicelib.catalogue import object_keys
from chalicelib.catalogue.asset import Asset, Storyboard
from chalicelib.playback.playlists import Urls


def storyboard(asset: Asset, board: Storyboard, urls: Urls) -> str:
    """Write one cue per segment, with the URLs of sheets."""
    return "\n\n".join(["WEBVTT", *_cues(asset, board, urls), ""])


def _cues(asset: Asset, board: Storyboard, urls: Urls) -> Iterator[str]:
    tiles_per_sheet = board.columns * board.rows
    begins = Fraction(0)
    for segment in range(asset.grid.segments):
        ends = begins + asset.grid.segment_seconds(segment)
        sheet, tile = divmod(segment, tiles_per_sheet)
        row, column = divmod(tile, board.columns)
        tile_area = (
            f"{column * board.tile_width},{row * board.tile_height},"
            f"{board.tile_width},{board.tile_height}"
        )
        uri = urls.of(object_keys.storyboard_sheet(sheet))
        yield f"{_time(begins)} --> {_time(ends)}\n{uri}#xywh={tile_area}"
        begins = ends


def _time(seconds: Fraction) -> str:
    milliseconds = round(seconds * 1000)
    minutes, rest = divmod(milliseconds, 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{rest // 1000:02d}.{rest % 1000:03d}"
