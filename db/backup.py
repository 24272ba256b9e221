"""Backup and restore with PostgreSQL's own tools; a restore comes whole or not at all.

A backup is encrypted on its way to the file and decrypted on its way back: what is in it never lies
on the disk in plain text.
"""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from db.audit import record
from db.backup_content import open_dump, read_content, require_roles
from db.backup_crypt import encrypt
from db.backup_tools import running
from db.engine import writing
from db.migrate import get_revision, upgrade
from db.refusal import Refusal
from db.rights import ensure_roles
from db.viewer import LOCAL_VIEWER

_EMPTY_SCHEMA = Path(__file__).parent / "sql" / "empty_schema.sql"
_VERSIONS = text("SELECT topic, version FROM data_version")
_HAS_ROWS = text(
    "SELECT EXISTS (SELECT FROM admin_area) OR EXISTS (SELECT FROM household)"
    " OR EXISTS (SELECT FROM source)"
)
# Browsers and caches hold what they fetched by version: a restore must never count backwards.
_RAISE_VERSION = (
    "UPDATE public.data_version SET version = greatest(version, {version}) + 1"
    " WHERE topic = '{topic}';"
)
_END_SESSIONS = """
DO $$ BEGIN
    IF to_regclass('public.login_session') IS NOT NULL THEN
        DELETE FROM public.login_session;
    END IF;
END $$;
"""
_LOG_HEAD = text("SELECT event_count, hash FROM audit_head")


def back_up(engine: Engine, file: Path, passphrase: str | None = None) -> None:
    """Write the whole database to a file.

    Parameters
    ----------
    engine
        Engine of the database.
    file
        Readable by its owner only, since it holds names and NIKs. It appears when it is complete.
    passphrase
        Encrypts the file; None leaves it in pg_dump's custom format as it is.

    Raises
    ------
    Refusal
        When the tool is missing or the file can't be written.
    """
    with writing(engine, LOCAL_VIEWER) as conn:  # before it, so that the backup itself says so
        record(conn, "backup", detail={"file": file.name, "encrypted": passphrase is not None})
    aside = file.with_name(f".{file.name}.unfinished")
    try:
        with (
            os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out,
            running("pg_dump", engine, "--format=custom", "--no-owner") as dump,
        ):
            plain = dump.iterate_output()
            for piece in plain if passphrase is None else encrypt(plain, passphrase):
                out.write(piece)
            dump.finish()
        aside.replace(file)
    except OSError as error:
        raise Refusal(f"{file} can't be written: {error.strerror}.") from error
    finally:
        aside.unlink(missing_ok=True)


def restore(
    engine: Engine, file: Path, passphrase: str | None = None, *, overwrite: bool = False
) -> str:
    """Put a backup in the place of what the database holds, in one transaction.

    Sessions do not come back: some of them were ended after the backup was made.

    Parameters
    ----------
    engine
        Engine of the database.
    file
        Made by :func:`back_up`.
    passphrase
        Of an encrypted one.
    overwrite
        Allow it over a database that holds data.

    Returns
    -------
    str
        Revision of the schema afterwards: a backup of an older program is brought up to date.

    Raises
    ------
    Refusal
        When the file is no whole backup of this program or of a newer one, when the passphrase is
        wrong, when a role that it names is missing, or when the database holds data and
        ``overwrite`` is false. Nothing has changed then.
    """
    content = read_content(file, engine, passphrase)
    with engine.begin() as conn:
        ensure_roles(conn)  # the program's own; a backup holds none
    require_roles(engine, content)
    if not overwrite and has_data(engine):
        raise Refusal("The database already holds data; add --yes to replace all of it.")
    versions, replaced = _get_versions(engine), _get_log_head(engine)
    engine.dispose()
    last = [*_raise_versions(versions), *content.owners, _END_SESSIONS]
    with open_dump(file, passphrase) as pieces:
        _replay(engine, pieces, _EMPTY_SCHEMA.read_text(), "\n".join(last))
    revision = upgrade(engine)
    with writing(engine, LOCAL_VIEWER) as conn:
        record(conn, "restore", detail={"file": file.name, **replaced})
    return revision


def has_data(engine: Engine) -> bool:
    """Tell whether areas, households or sources have been loaded."""
    with engine.connect() as conn:
        return get_revision(conn) is not None and bool(conn.execute(_HAS_ROWS).scalar_one())


def empty_database(engine: Engine) -> None:
    """Drop everything that this program made; the versions count on from where they were.

    Returns to the newest schema, without rows.
    """
    versions, replaced = _get_versions(engine), _get_log_head(engine)
    with engine.begin() as conn:
        # The driver reads % as the start of a parameter.
        conn.exec_driver_sql(_EMPTY_SCHEMA.read_text().replace("%", "%%"))
    upgrade(engine)
    with engine.begin() as conn:
        for statement in _raise_versions(versions):
            conn.exec_driver_sql(statement)
    with writing(engine, LOCAL_VIEWER) as conn:
        record(conn, "purge", detail={"what": "database", **replaced})


def _raise_versions(versions: dict[str, int]) -> list[str]:
    return [_RAISE_VERSION.format(topic=topic, version=v) for topic, v in versions.items()]


def _get_versions(engine: Engine) -> dict[str, int]:
    with engine.connect() as conn:
        if get_revision(conn) is None:
            return {}
        return {row.topic: row.version for row in conn.execute(_VERSIONS)}


def _get_log_head(engine: Engine) -> dict[str, Any]:
    """Return what the log that goes away is known by."""
    with engine.connect() as conn:
        if conn.scalar(text("SELECT to_regclass('audit_head')")) is None:
            return {}
        head = conn.execute(_LOG_HEAD).one()
    last = b64encode(bytes(head.hash)).decode()
    return {"replaced_events": head.event_count, "replaced_hash": last}


def _replay(engine: Engine, pieces: Iterable[bytes], first: str, last: str) -> None:
    """Feed the backup to psql as one transaction.

    psql would commit what it got if pg_restore broke off in the middle, so it hears the end of
    its input only after pg_restore has ended well.
    """
    options = ("--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1")
    back = ("--no-owner", "--file=-")
    with (
        running("pg_restore", engine, *back, connect=False, feed=pieces) as source,
        running("psql", engine, *options, "--output=/dev/null", "--file=-") as target,
    ):
        with suppress(BrokenPipeError):  # psql ended early, and its own words say why
            target.stdin.write(first.encode())
            for piece in source.iterate_output():
                target.stdin.write(piece)
            source.finish()
            target.stdin.write(last.encode())
        target.close_input()
        target.process.wait()
        if target.process.returncode:
            raise Refusal(f"The backup could not be restored: {target.get_complaint()}")
