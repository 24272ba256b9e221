"""The rights of the web login: applied, and the address it logs in at."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.engine import URL, make_url

from db.web_login import WEB_ROLE

_SQL = Path(__file__).parent / "sql"


def apply_rights(conn: Connection) -> None:
    """Make the roles, policies and views of ``db/sql/rights.sql``, whatever of them is there.

    A backup holds neither roles nor the owners of views, so a restore must end with this.
    """
    ensure_roles(conn)
    _run(conn, "rights.sql", *sorted(path.name for path in _SQL.glob("*_grants.sql")))


def ensure_roles(conn: Connection) -> None:
    """Make the roles that policies and grants speak of, where they are missing."""
    _run(conn, "roles.sql")


def _run(conn: Connection, *files: str) -> None:
    for file in files:
        # Straight to the driver, which reads % as the start of a parameter.
        conn.exec_driver_sql((_SQL / file).read_text().replace("%", "%%"))


def web_address(owner_address: str, password: str | None = None) -> URL:
    """Return the address that the web server logs in at, as a role without rights of its own.

    Parameters
    ----------
    owner_address
        Of the same database, as its owner.
    password
        None where the server asks for none, as our own does on its private socket.
    """
    return make_url(owner_address).set(username=WEB_ROLE, password=password)
