"""Looking through the register for faults of position, and keeping what was found."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import Any

import numpy as np
from sqlalchemy import Connection, text

from db.registers.copying import copy_rows
from db.registers.places import Places
from geo.positions import Fault, Pins, find_position_faults

# One record of fixed size for each household, so that an array is laid over the bytes of COPY.
_PARTS = {
    "id": ">i8",
    "lon": ">f8",
    "lat": ">f8",
    "accuracy_m": ">f8",
    "desa": ">i8",
    "house": ">i8",
    "quarter": ">i8",
    "card": ">i8",
}
_RECORD = np.dtype(
    [("parts", ">i2")]
    + [
        column
        for name, kind in _PARTS.items()
        for column in ((f"{name}_size", ">i4"), (name, kind))
    ]
)
_HEADER_BYTES, _TRAILER_BYTES = 19, 2

_NUMBER = "hashtextextended({words}, {kind}) & 9223372036854775807"
_QUARTER = "h.area_code || '|' || ltrim(h.rw, 'RWrw.0 ')"
_NEIGHBOURHOOD = f"{_QUARTER} || '|' || ltrim(h.rt, 'RTrt.0 ')"
_ADDRESS = "h.area_code || '|' || lower(regexp_replace(h.address, '[^[:alnum:]]+', '', 'g'))"
# RT and RW tell homes apart better than words do: two registers write one address in two ways.
_PINS = f"""
    COPY (
        SELECT h.id, coalesce(ST_X(h.location), 'NaN'), coalesce(ST_Y(h.location), 'NaN'),
               coalesce(h.accuracy_m::float8, 'NaN'), coalesce(d.number - 1, -1),
               CASE WHEN ltrim(h.rt, 'RTrt.0 ') <> '' AND ltrim(h.rw, 'RWrw.0 ') <> ''
                    THEN {_NUMBER.format(words=_NEIGHBOURHOOD, kind=0)}
                    WHEN h.address <> '' THEN {_NUMBER.format(words=_ADDRESS, kind=1)}
                    ELSE -1 END,
               CASE WHEN ltrim(h.rw, 'RWrw.0 ') <> ''
                    THEN {_NUMBER.format(words=_QUARTER, kind=2)} ELSE -1 END,
               coalesce(h.kk::bigint, -1)
        FROM household AS h
        LEFT JOIN (
            SELECT code, row_number() OVER (ORDER BY code) AS number
            FROM admin_area WHERE level = 'desa'
        ) AS d ON d.code = h.area_code
    ) TO STDOUT (FORMAT binary)
"""

_HAS_BOUNDARIES = text("SELECT EXISTS (SELECT FROM admin_area WHERE level = 'desa')")
# What no longer is; everything else is compared, so that nothing is written where nothing changed.
_DROP_VANISHED = text("""
    DELETE FROM position_fault AS f
    WHERE NOT EXISTS (SELECT FROM found_fault AS n
                      WHERE n.household_id = f.household_id AND n.kind = f.kind)
""")
# A dismissal holds as long as the finding is the same; how many stand on the point is no matter.
_KEEP_FOUND = text("""
    INSERT INTO position_fault AS f (household_id, kind, detail, proposed)
    SELECT household_id, kind, detail, ST_SetSRID(ST_MakePoint(lon, lat), 4326) FROM found_fault
    ON CONFLICT (household_id, kind) DO UPDATE
    SET detail = excluded.detail, proposed = excluded.proposed,
        dismissed_by = CASE WHEN f.detail - 'count' = excluded.detail - 'count'
                            THEN f.dismissed_by END,
        dismissed_at = CASE WHEN f.detail - 'count' = excluded.detail - 'count'
                            THEN f.dismissed_at END
    WHERE f.detail <> excluded.detail
       OR f.proposed::text IS DISTINCT FROM excluded.proposed::text
""")


def refresh_position_faults(conn: Connection, area_codes: Collection[str] | None = None) -> int:
    """Look for faults of position anew, and keep those that somebody dismissed so.

    The whole register is looked at, also when one desa changed: a copy or a crowd may reach into
    the next one. It takes a second for 100,000 households.

    Parameters
    ----------
    conn
        In a transaction of the owner's.
    area_codes
        The desa that changed, where that is known; of none there is nothing to do.

    Returns
    -------
    int
        How many faults there are now, dismissed ones included.
    """
    if area_codes is not None and not area_codes:
        return int(conn.scalar(text("SELECT count(*) FROM position_fault")) or 0)
    faults, codes = _find(conn)
    conn.execute(text("DROP TABLE IF EXISTS pg_temp.found_fault"))
    conn.execute(
        text("""
            CREATE TEMP TABLE found_fault (
                household_id bigint, kind text, detail jsonb, lon float8, lat float8
            ) ON COMMIT DROP
        """)
    )
    columns = ("household_id", "kind", "detail", "lon", "lat")
    copy_rows(conn, "found_fault", columns, _list_rows(faults, codes))
    conn.execute(text("ANALYZE found_fault"))
    conn.execute(_DROP_VANISHED)
    conn.execute(_KEEP_FOUND)
    return len(faults)


def _find(conn: Connection) -> tuple[list[Fault], list[str]]:
    if not conn.scalar(_HAS_BOUNDARIES):
        return [], []
    places = Places.load(conn)
    pins = _load_pins(conn)
    return find_position_faults(pins, places.polygons, places.metres_per_lon), places.codes


def _load_pins(conn: Connection) -> Pins:
    driver = conn.connection.driver_connection
    assert driver is not None
    with driver.cursor() as cursor, cursor.copy(_PINS) as copy:
        content = b"".join(copy)
    records = np.frombuffer(content[_HEADER_BYTES:-_TRAILER_BYTES], _RECORD)
    columns: dict[str, Any] = {
        name: records[name].astype(kind.replace(">", "=")) for name, kind in _PARTS.items()
    }
    return Pins(**columns)


def _list_rows(faults: list[Fault], codes: list[str]) -> Iterator[tuple[Any, ...]]:
    for fault in faults:
        detail = dict(fault.detail)
        if "desa" in detail:
            detail["desa"] = codes[detail["desa"]]
        if fault.proposed:
            detail["certain"] = True
        lon, lat = fault.proposed or (None, None)
        yield fault.id, fault.kind, json.dumps(detail), lon, lat
