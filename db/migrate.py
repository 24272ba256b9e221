"""The revision of the schema, and the way up to the newest."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from db.rights import apply_rights

_MIGRATIONS = Path(__file__).parent / "migrations"


def _config(conn: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = conn
    return config


def upgrade(engine: Engine) -> str:
    """Bring the schema to the newest revision, in one transaction; return that revision.

    The rights are applied anew whatever the revision was: what a backup, or a hand, has changed in
    them is put right.
    """
    with engine.begin() as conn:
        command.upgrade(_config(conn), "head")
        apply_rights(conn)
    return get_head()


def get_head() -> str:
    """Return the newest revision that this program knows."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def get_revision(conn: Connection) -> str | None:
    """Return the revision of a database, None when it has no schema yet."""
    return MigrationContext.configure(conn).get_current_revision()
