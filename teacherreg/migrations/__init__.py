"""Schema versions: a registry outlives the program that made it."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

HERE = Path(__file__).resolve().parent
VERSIONS = HERE / "versions"


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.set_main_option("version_locations", str(VERSIONS))
    config.set_main_option("path_separator", "newline")
    config.attributes["connection"] = connection
    return config


def newest_version() -> str:
    """Tell the schema version that this program writes."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    assert head is not None  # noqa: S101 - the folder holds revision one
    return head


def known_versions() -> frozenset[str]:
    """Tell every schema version that this program can upgrade from."""
    script = ScriptDirectory.from_config(_config())
    return frozenset(revision.revision for revision in script.walk_revisions())


def version_of(connection: Connection) -> str | None:
    """Tell the schema version of a database; None where it has none."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(connection: Connection, to: str = "head") -> None:
    """Bring a database, empty or older, to the newest schema version, or to another."""
    command.upgrade(_config(connection), to)
