"""Backup and restore with PostgreSQL's own tools; a restore comes whole or not at all."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text
from sqlalchemy.engine import URL

from db.migrate import get_revision, upgrade
from db.postgres import list_postgres
from db.refusal import Refusal

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


def back_up(engine: Engine, file: Path) -> None:
    """Write the whole database to a file in pg_dump's custom format.

    Parameters
    ----------
    engine
        Engine of the database.
    file
        Readable by its owner only, since it holds names and NIKs. It appears when it is complete.

    Raises
    ------
    Refusal
        When the tool is missing or the file can't be written.
    """
    aside = file.with_name(f".{file.name}.unfinished")
    try:
        os.close(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        _run("pg_dump", engine, "--format=custom", "--no-owner", f"--file={aside}")
        aside.replace(file)
    except OSError as error:
        raise Refusal(f"{file} can't be written: {error.strerror}.") from error
    finally:
        aside.unlink(missing_ok=True)


def restore(engine: Engine, file: Path, *, overwrite: bool = False) -> str:
    """Put a backup in the place of what the database holds, in one transaction.

    Parameters
    ----------
    engine
        Engine of the database.
    file
        Made by :func:`back_up`.
    overwrite
        Allow it over a database that holds data.

    Returns
    -------
    str
        Revision of the schema afterwards: a backup of an older program is brought up to date.

    Raises
    ------
    Refusal
        When the file is no whole backup of this program or of a newer one, or when the database
        holds data and ``overwrite`` is false. Nothing has changed then.
    """
    _check(file, engine)
    if not overwrite and has_data(engine):
        raise Refusal("The database already holds data; add --yes to replace all of it.")
    versions = _get_versions(engine)
    engine.dispose()
    _replay(engine, file, _EMPTY_SCHEMA.read_text(), "\n".join(_raise_versions(versions)))
    return upgrade(engine)


def has_data(engine: Engine) -> bool:
    """Tell whether areas, households or sources have been loaded."""
    with engine.connect() as conn:
        return get_revision(conn) is not None and bool(conn.execute(_HAS_ROWS).scalar_one())


def empty_database(engine: Engine) -> None:
    """Drop everything that this program made; the versions count on from where they were.

    Returns to the newest schema, without rows.
    """
    versions = _get_versions(engine)
    with engine.begin() as conn:
        # The driver reads % as the start of a parameter.
        conn.exec_driver_sql(_EMPTY_SCHEMA.read_text().replace("%", "%%"))
    upgrade(engine)
    with engine.begin() as conn:
        for statement in _raise_versions(versions):
            conn.exec_driver_sql(statement)


def _raise_versions(versions: dict[str, int]) -> list[str]:
    return [_RAISE_VERSION.format(topic=topic, version=v) for topic, v in versions.items()]


def _get_versions(engine: Engine) -> dict[str, int]:
    with engine.connect() as conn:
        if get_revision(conn) is None:
            return {}
        return {row.topic: row.version for row in conn.execute(_VERSIONS)}


def _check(file: Path, engine: Engine) -> None:
    if not file.is_file():
        raise Refusal(f"There is no file {file}.")
    wrong = Refusal(f"{file} is not a whole backup made by `kentongan db backup`.")
    try:
        # Reads all of it, so that a file cut short is found before anything is touched.
        _run("pg_restore", engine, "--file=/dev/null", str(file), connect=False)
        rows = _run(
            "pg_restore",
            engine,
            *("--data-only", "--table=alembic_version", "--file=-", str(file)),
            connect=False,
        )
    except Refusal as error:
        raise wrong from error
    lines = rows.splitlines()
    start = next((i for i, line in enumerate(lines) if line.startswith("COPY ")), None)
    if start is None:
        raise wrong
    if lines[start + 1].strip() not in _list_known_revisions():
        raise Refusal(f"{file} was made by a newer version of the program.")


def _list_known_revisions() -> set[str]:
    scripts = ScriptDirectory(str(Path(__file__).parent / "migrations"))
    return {script.revision for script in scripts.walk_revisions()}


def _replay(engine: Engine, file: Path, first: str, last: str) -> None:
    """Feed the backup to psql as one transaction.

    psql would commit what it got if pg_restore broke off in the middle, so it hears the end of
    its input only after pg_restore has ended well.
    """
    options = ("--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1")
    with (
        _start("pg_restore", engine, "--no-owner", "--file=-", str(file), connect=False) as source,
        _start("psql", engine, *options, "--output=/dev/null", "--file=-") as target,
    ):
        assert source.stdout and target.stdin
        with suppress(BrokenPipeError):  # psql ended early, and its own words say why
            target.stdin.write(first.encode())
            shutil.copyfileobj(source.stdout, target.stdin)
            target.stdin.write(last.encode())
        source.stdout.close()
        if source.wait():
            target.kill()
        _, errors = target.communicate()
    if target.returncode:
        raise Refusal(f"The backup could not be restored: {_first_line(errors.decode())}")


def _run(tool: str, engine: Engine, *arguments: str, connect: bool = True) -> str:
    with _start(tool, engine, *arguments, connect=connect) as process:
        output, errors = process.communicate()
    if process.returncode:
        raise Refusal(f"{tool} failed: {_first_line(errors.decode(errors='replace'))}")
    return output.decode(errors="replace")


def _start(
    tool: str, engine: Engine, *arguments: str, connect: bool = True
) -> subprocess.Popen[bytes]:
    target = [f"--dbname={_conninfo(engine.url)}"] if connect else []
    # An environment of its own: no stray PGHOST, messages in English, and the password where,
    # unlike on the command line, not everyone can read it.
    environment = {"PATH": os.defpath, "LC_ALL": "C.UTF-8"}
    if engine.url.password:
        environment["PGPASSWORD"] = str(engine.url.password)
    return subprocess.Popen(
        [_find_tool(tool), *target, *arguments],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def _conninfo(url: URL) -> str:
    bare = url.set(drivername="postgresql", password=None)
    return bare.render_as_string(hide_password=False)


def _find_tool(tool: str) -> str:
    for postgres in list_postgres():
        if (postgres.bin / tool).exists():
            return str(postgres.bin / tool)
    found = shutil.which(tool)
    if not found:
        raise Refusal(f"{tool} is missing; please install the package postgresql-client.")
    return found


def _first_line(errors: str) -> str:
    lines = [line for line in errors.splitlines() if line.strip()]
    telling = [line for line in lines if "error:" in line.lower()] or lines
    return telling[0] if telling else "no reason given"
