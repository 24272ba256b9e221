"""What is in the database, in short."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, text

from db.migrate import get_revision

_EXACT = text("""
    SELECT postgis_lib_version() AS postgis,
           (SELECT count(*) FROM household) AS households, (SELECT count(*) FROM person) AS persons,
           (SELECT count(*) FROM programme) AS programmes, (SELECT count(*) FROM aid) AS aid
""")

# Asked by anybody: the number of all households less the published totals would tell how many are
# in none of them.
_FAST = text("""
    SELECT postgis_lib_version() AS postgis, (SELECT count(*) FROM programme) AS programmes
""")

_AREAS = text("SELECT level, count(*) AS areas FROM admin_area GROUP BY level")


def get_status(conn: Connection, *, exact: bool = True) -> dict[str, Any]:
    """Return the versions and the numbers of rows.

    Parameters
    ----------
    conn
        Any connection to a database with the schema.
    exact
        False leaves out what counts families or takes long to count, for ``/health``.

    Returns
    -------
    dict
        ``postgis``, ``revision``, ``areas`` (per level), ``programmes`` and, when exact,
        ``households``, ``persons`` and ``aid``.
    """
    row = conn.execute(_EXACT if exact else _FAST).mappings().one()
    areas = dict.fromkeys(("kabupaten", "kecamatan", "desa"), 0)
    areas |= {row.level: row.areas for row in conn.execute(_AREAS)}
    return dict(row) | {"revision": get_revision(conn), "areas": areas}
