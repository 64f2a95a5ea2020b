"""Every format that outlives the version of the code that wrote it."""

from tests.formats import credentials, exports, items, local, media, messages, viewing

FORMATS = {
    each.name: each
    for each in (
        *media.FORMATS,
        *messages.FORMATS,
        *items.FORMATS,
        *credentials.FORMATS,
        *local.FORMATS,
        *viewing.FORMATS,
        *exports.FORMATS,
    )
}
