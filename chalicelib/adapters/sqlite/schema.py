"""Tables of a copy of the catalogue, and the name of this form of it."""

import hashlib
import unicodedata

from chalicelib.adapters.sqlite import people, studio, words
from chalicelib.catalogue.studio import NO_BEGINNING, NO_END

# Raise it if what the columns hold is read differently, or words are spelled differently; tables
# that differ need no other number. `test_schema.py` tells when it is due.
_FORM = 8

# Of `video`: facts that lists filter and sort by, texts that searches read, and the video itself.
TABLES = (
    f"""
CREATE TABLE video (
    id INTEGER PRIMARY KEY,
    created INTEGER NOT NULL,
    stage INTEGER NOT NULL,
    filed TEXT NOT NULL,
    rating INTEGER NOT NULL,
    is_rated INTEGER NOT NULL,
    opens_at INTEGER NOT NULL,
    closes_at INTEGER NOT NULL,
    language TEXT NOT NULL,
    is_trailer INTEGER NOT NULL,
    is_under_way INTEGER NOT NULL,
    is_published INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    state TEXT NOT NULL,
    gaps INTEGER NOT NULL,
    duration INTEGER NOT NULL,
    size INTEGER NOT NULL,
    heading TEXT NOT NULL,
    texts TEXT NOT NULL,
    awaits_upload TEXT NOT NULL,
    card TEXT NOT NULL,
    encode TEXT NOT NULL,
    media TEXT,
    trashed INTEGER,
    own_poster INTEGER NOT NULL,
    poster TEXT
);
CREATE INDEX by_age ON video (created, id) WHERE stage >= 0;
CREATE INDEX for_viewers ON video (created, id, opens_at, closes_at) WHERE stage = 2;
CREATE INDEX for_early_viewers ON video (created, id, opens_at, closes_at) WHERE stage >= 1;
CREATE INDEX by_category ON video (filed, created, id);
CREATE INDEX counted ON video (filed, stage, rating, opens_at, closes_at);
CREATE INDEX by_language ON video (language, created, id);
CREATE INDEX beginning ON video (opens_at) WHERE opens_at > {NO_BEGINNING};
CREATE INDEX ending ON video (closes_at) WHERE closes_at < {NO_END};
CREATE INDEX in_trash ON video (trashed, id) WHERE stage = -1;
CREATE INDEX rated ON video (id) WHERE is_rated;
CREATE INDEX under_way ON video (id) WHERE is_under_way;
CREATE INDEX by_change ON video (changed);
CREATE TABLE category (
    id INTEGER PRIMARY KEY,
    category TEXT NOT NULL
);
CREATE VIRTUAL TABLE trigrams USING fts5 (
    texts, content = 'video', content_rowid = 'id', tokenize = 'trigram', detail = none
);
"""
    + studio.INDEXES
    + words.TABLES
    + people.TABLES
)


def form_name() -> str:
    """Return a name that only files of this form have."""
    # What is removed from the index of words is computed anew, by the same tables of Unicode.
    form = f"{_FORM}{TABLES}{unicodedata.unidata_version}"
    return hashlib.sha256(form.encode()).hexdigest()[:12]
