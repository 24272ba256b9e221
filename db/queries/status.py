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

# From the bit strings: 217 rows instead of half a million. Aid rows have none; the planner's
# estimate is exact enough for a sign of life.
_FAST = text("""
    SELECT postgis_lib_version() AS postgis,
           coalesce((SELECT sum(length(bits)) FROM household_bitmap WHERE flag = 'all'), 0)::bigint
               AS households,
           (SELECT count(*) FROM programme) AS programmes
""")

_AREAS = text("SELECT level, count(*) AS areas FROM admin_area GROUP BY level")


def get_status(conn: Connection, *, exact: bool = True) -> dict[str, Any]:
    """Return the versions and the numbers of rows.

    Parameters
    ----------
    conn
        Any connection to a database with the schema.
    exact
        False leaves out the tables that take long to count, for ``/health``.

    Returns
    -------
    dict
        ``postgis``, ``revision``, ``areas`` (per level), ``households``, ``programmes`` and, when
        exact, ``persons`` and ``aid``.
    """
    row = conn.execute(_EXACT if exact else _FAST).mappings().one()
    areas = dict.fromkeys(("kabupaten", "kecamatan", "desa"), 0)
    areas |= {row.level: row.areas for row in conn.execute(_AREAS)}
    return dict(row) | {"revision": get_revision(conn), "areas": areas}
