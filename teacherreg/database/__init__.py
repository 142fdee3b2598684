"""Opening, making, copying and upgrading the database that holds a registry.

SQLite by default, one file; a server's database where the target is its URL. `address`
tells where, `sqlite` how its file is shared, `engines` holds a writer's transaction,
`opening` makes and upgrades, `copies` backs up and restores.
"""

from teacherreg.database.address import clear_words, file_of, name_of, url_of
from teacherreg.database.copies import copy, require_sound, restore
from teacherreg.database.engines import make_engine, writing
from teacherreg.database.opening import create, open_existing
from teacherreg.database.sqlite import OnWait, second_reader, sqlite_driver

__all__ = [
    "OnWait",
    "clear_words",
    "copy",
    "create",
    "file_of",
    "make_engine",
    "name_of",
    "open_existing",
    "require_sound",
    "restore",
    "second_reader",
    "sqlite_driver",
    "url_of",
    "writing",
]
