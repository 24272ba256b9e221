"""The web login before serving. Without SQLAlchemy, which takes a second to load."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import sql

from db.refusal import Refusal

WEB_ROLE = "kentongan_web"
READER_ROLE = "kentongan_reader"

# What would let the web login, or the views it reads through, past the policies.
_HOLES = """
    SELECT format('%%s may bypass row-level security', rolname) FROM pg_roles
    WHERE rolname IN (%(web)s, %(reader)s) AND (rolsuper OR rolbypassrls)
    UNION ALL
    SELECT format('%%s belongs to %%s', c.oid::regclass, pg_get_userbyid(c.relowner))
    FROM pg_class AS c
    WHERE c.relnamespace = to_regnamespace('masked') AND c.relkind = 'v'
      AND pg_get_userbyid(c.relowner) <> %(reader)s
    UNION ALL
    SELECT format('%%s has no forced row-level security', c.oid::regclass)
    FROM pg_class AS c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
      AND has_table_privilege(%(reader)s, c.oid, 'SELECT')
      AND NOT has_table_privilege(%(web)s, c.oid, 'SELECT')
      AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
"""


def check_rights(conn: psycopg.Connection[Any]) -> None:
    """Look for what would let the web login past the policies.

    Raises
    ------
    Refusal
        With the first hole; the program must not serve then.
    """
    hole = conn.execute(_HOLES, {"web": WEB_ROLE, "reader": READER_ROLE}).fetchone()
    if hole:
        raise Refusal(f"The database is not safe to serve: {hole[0]}. Run `kentongan db upgrade`.")


def set_web_password(conn: psycopg.Connection[Any], password: str) -> None:
    """Give the web login its password, which the server gets as a hash only.

    Raises
    ------
    Refusal
        When the owner of the database may not.
    """
    hashed = conn.pgconn.encrypt_password(
        password.encode(), WEB_ROLE.encode(), b"scram-sha-256"
    ).decode()
    statement = sql.SQL("ALTER ROLE {} PASSWORD {}").format(
        sql.Identifier(WEB_ROLE), sql.Literal(hashed)
    )
    try:
        conn.execute(statement)
    except psycopg.errors.InsufficientPrivilege as error:
        raise Refusal(
            f"The role {WEB_ROLE} needs a password, which the user of KENTONGAN_DATABASE_URL"
            " may not set: set one by hand and name it in KENTONGAN_WEB_PASSWORD."
        ) from error
