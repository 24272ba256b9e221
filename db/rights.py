"""The rights of the web login: applied, looked over, and the address it logs in at."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.engine import URL, make_url

from db.refusal import Refusal

WEB_ROLE = "kentongan_web"
READER_ROLE = "kentongan_reader"
_SQL = Path(__file__).parent / "sql"

# What would let the web login, or the views it reads through, past the policies.
_HOLES = text("""
    SELECT format('%s may bypass row-level security', rolname) FROM pg_roles
    WHERE rolname IN (:web, :reader) AND (rolsuper OR rolbypassrls)
    UNION ALL
    SELECT format('%s belongs to %s', c.oid::regclass, pg_get_userbyid(c.relowner))
    FROM pg_class AS c
    WHERE c.relnamespace = to_regnamespace('masked') AND c.relkind = 'v'
      AND pg_get_userbyid(c.relowner) <> :reader
    UNION ALL
    SELECT format('%s has no forced row-level security', c.oid::regclass)
    FROM pg_class AS c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
      AND has_table_privilege(:reader, c.oid, 'SELECT')
      AND NOT has_table_privilege(:web, c.oid, 'SELECT')
      AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
""")


def apply_rights(conn: Connection) -> None:
    """Make the roles, policies and views of ``db/sql/rights.sql``, whatever of them is there.

    A backup holds neither roles nor the owners of views, so a restore must end with this.
    """
    # Straight to the driver, which reads % as the start of a parameter.
    conn.exec_driver_sql((_SQL / "rights.sql").read_text().replace("%", "%%"))


def check_rights(conn: Connection) -> None:
    """Look for what would let the web login past the policies.

    Raises
    ------
    Refusal
        With the first hole; the program must not serve then.
    """
    hole = conn.scalar(_HOLES, {"web": WEB_ROLE, "reader": READER_ROLE})
    if hole:
        raise Refusal(f"The database is not safe to serve: {hole}. Run `kentongan db upgrade`.")


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
