"""What a backup holds, asked before anything is touched: is it whole, whose, and what it needs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

from db.backup_crypt import DamagedFile, decrypt, is_encrypted
from db.backup_tools import PIECE_BYTES, run
from db.refusal import Refusal

OWN_ROLES = "kentongan_"
"""How the roles begin that the program makes; what they own stays theirs."""

_GRANTEES = re.compile(
    r'^(?:GRANT|REVOKE|ALTER DEFAULT PRIVILEGES|CREATE POLICY)\b.*?\b(?:TO|FROM) ("?\w+"?'
    r'(?:, "?\w+"?)*)(?: USING\b| WITH\b|;|$)',
    re.MULTILINE,
)
_ENTRY = re.compile(
    r"^\d+; \d+ \d+ (VIEW|MATERIALIZED VIEW|TABLE|SEQUENCE|FUNCTION|PROCEDURE) public (.+) (\S+)$",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Content:
    """What a backup says of itself.

    Attributes
    ----------
    revision
        Of its schema.
    roles
        Roles that it grants something to, or that own a part of it.
    owners
        Statements that give the program's own roles what they owned.
    """

    revision: str
    roles: frozenset[str]
    owners: tuple[str, ...]


@contextmanager
def open_dump(file: Path, passphrase: str | None) -> Iterator[Iterator[bytes]]:
    """Give the dump inside a backup, piece by piece; it is decrypted on the way."""
    with file.open("rb") as stream:
        if not is_encrypted(stream):
            yield iter(lambda: stream.read(PIECE_BYTES), b"")
        elif passphrase is None:
            raise Refusal(f"{file} is encrypted, and no passphrase was given.")
        else:
            yield decrypt(stream, passphrase)


def needs_passphrase(file: Path) -> bool:
    """Tell whether a backup is encrypted.

    Raises
    ------
    Refusal
        When there is no such file.
    """
    if not file.is_file():
        raise Refusal(f"There is no file {file}.")
    with file.open("rb") as stream:
        return is_encrypted(stream)


def read_content(file: Path, engine: Engine, passphrase: str | None) -> Content:
    """Read a backup to its end and say what it holds.

    Raises
    ------
    Refusal
        When it is cut short, foreign, encrypted with another passphrase or made by a newer program.
    """
    needs_passphrase(file)  # or there is none
    try:
        # Reads all of it, so that a file cut short is found before anything is touched.
        _ask(file, engine, passphrase, "--file=/dev/null")
        rows = _ask(file, engine, passphrase, "--data-only", "--table=alembic_version", "--file=-")
        listed = _ask(file, engine, passphrase, "--list")
        schema = _ask(file, engine, passphrase, "--schema-only", "--no-owner", "--file=-")
    except DamagedFile as error:
        raise Refusal(f"{file} is not a whole backup: it was cut short or changed.") from error
    revision = _find_revision(rows)
    if revision is None:
        raise _foreign(file)
    if revision not in _list_known_revisions():
        raise Refusal(f"{file} was made by a newer version of the program.")
    owned = [entry for entry in _ENTRY.findall(listed) if entry[2].startswith(OWN_ROLES)]
    owners = tuple(f"ALTER {kind} public.{name} OWNER TO {role};" for kind, name, role in owned)
    return Content(revision, _find_grantees(schema) | {role for *_, role in owned}, owners)


def require_roles(engine: Engine, content: Content) -> None:
    """Refuse a backup that names roles which this PostgreSQL doesn't have.

    Raises
    ------
    Refusal
        Naming them.
    """
    with engine.connect() as conn:
        there = set(conn.scalars(text("SELECT rolname FROM pg_roles")))
    missing = sorted(content.roles - there)
    if missing:
        raise Refusal(
            f"The backup gives rights to roles that this PostgreSQL does not have:"
            f" {', '.join(missing)}. `./kentongan db upgrade` makes the program's own, in any"
            " database of it; make others with CREATE ROLE."
        )


def _ask(file: Path, engine: Engine, passphrase: str | None, *arguments: str) -> str:
    with open_dump(file, passphrase) as pieces:
        first = next(pieces, b"")  # a wrong passphrase says so here

        def rest() -> Iterator[bytes]:
            yield first
            yield from pieces

        try:
            return run("pg_restore", engine, *arguments, connect=False, feed=rest())
        except DamagedFile:
            raise
        except Refusal as error:
            raise _foreign(file) from error


def _foreign(file: Path) -> Refusal:
    return Refusal(f"{file} is not a whole backup made by `kentongan db backup`.")


def _find_revision(rows: str) -> str | None:
    lines = rows.splitlines()
    start = next((i for i, line in enumerate(lines) if line.startswith("COPY ")), None)
    return None if start is None else lines[start + 1].strip()


def _find_grantees(schema: str) -> frozenset[str]:
    named = [
        name.strip().strip('"') for found in _GRANTEES.findall(schema) for name in found.split(",")
    ]
    return frozenset(named) - {"PUBLIC"}


def _list_known_revisions() -> set[str]:
    scripts = ScriptDirectory(str(Path(__file__).parent / "migrations"))
    return {script.revision for script in scripts.walk_revisions()}
