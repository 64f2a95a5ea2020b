"""The size of storyboard tiles, which players show above the seek bar."""

from chalicelib.catalogue.asset import Storyboard
from transcoder.planning.ladder import Size, fitted

# A finger's width on a telephone, and a hundred of them on a sheet stay below half a megabyte.
_TILE_LONG_SIDE, _TILE_SHORT_SIDE = 160, 90


def storyboard_of(size: Size) -> Storyboard:
    """Plan one tile for each segment of a picture of this size."""
    tile = fitted(size, _TILE_LONG_SIDE, _TILE_SHORT_SIDE)
    return Storyboard(tile.width, tile.height)
