"""Checked rows of a file of households, as they wait in a temporary table to be stored."""

from __future__ import annotations

from sqlalchemy import Connection, text

from geo.text import N_

KEPT = {
    "kk": "text", "head_name": "text", "address": "text", "rt": "text", "rw": "text",
    "area_code": "text", "decile": "smallint", "member_count": "smallint", "status": "text",
    "house_ownership": "text", "floor_material": "text", "wall_material": "text",
    "roof_material": "text", "floor_area_m2": "real", "drinking_water": "text",
    "lighting": "text", "electricity_va": "integer", "cooking_fuel": "text", "toilet": "text",
}  # fmt: skip
"""Columns of household that an empty cell leaves as they are."""
_OTHER = {
    "row_number": "integer", "external_id": "text", "nik": "text", "birth_date": "date",
    "sex": "text", "lon": "double precision", "lat": "double precision", "accuracy_m": "real",
    "location_source": "text", "needs": "bigint", "shown_lon": "double precision",
    "shown_lat": "double precision", "aid_flags": "bigint", "origin_row": "text",
}  # fmt: skip
_TYPES = {**_OTHER, **KEPT}
COLUMNS = tuple(_TYPES)
"""Columns of the temporary table ``incoming_household``."""

TABLES = ("household", "person", "household_need", "aid")
"""The tables that a row is stored in."""

SOURCE = "CAST(:source AS text)"
AS_OF = "CAST(:as_of AS date)"
BATCH = "CAST(:batch AS bigint)"
POINT = "ST_SetSRID(ST_MakePoint(i.lon, i.lat), 4326)"

UNCOUNTED = N_("{count} keluarga tanpa jumlah anggota dihitung 1 orang (kepala keluarga).")

_CREATE = (
    "DROP TABLE IF EXISTS pg_temp.incoming_household, pg_temp.incoming_match,"
    " pg_temp.incoming_said, pg_temp.incoming_change",
    "CREATE TEMP TABLE incoming_household ("
    + ", ".join(f"{name} {kind}" for name, kind in _TYPES.items())
    + ") ON COMMIT DROP",
    # Until the transaction ends. With the usual 4 MB every join of a large file goes through disk.
    "SELECT set_config('work_mem', '128MB', true),"
    " set_config('maintenance_work_mem', '256MB', true)",
)

_AS_NEW = {
    **{name: f"i.{name}" for name in KEPT},
    "member_count": "coalesce(i.member_count, 1)",
    "status": "coalesce(i.status, 'unverified')",
    "location": POINT,
    # Drawn for all at once; what is missing, and what moves later, a trigger draws one by one.
    "shown_location": "ST_SetSRID(ST_MakePoint(i.shown_lon, i.shown_lat), 4326)",
    "accuracy_m": "CASE WHEN i.lon IS NOT NULL THEN i.accuracy_m END",
    "location_source": "CASE WHEN i.lon IS NOT NULL THEN i.location_source END",
    # Set at once: the trigger that would set it from household_need then finds nothing to write.
    "needs": "coalesce(i.needs, 0)",
    "external_id": "i.external_id",
    "source": SOURCE,
    "as_of": AS_OF,
    "batch_id": BATCH,
}


def create_incoming(conn: Connection) -> None:
    """Make the empty temporary table that checked rows are copied into."""
    for statement in _CREATE:
        conn.execute(text(statement))


def insert_households(new_id: str, rows: str) -> str:
    """Write the statement that stores rows as new households, those of a desa side by side.

    Parameters
    ----------
    new_id
        Expression of the id.
    rows
        What stands after FROM; the incoming rows are ``i`` in it.
    """
    return f"""
        INSERT INTO household (id, {", ".join(_AS_NEW)})
        SELECT {new_id}, {", ".join(_AS_NEW.values())}
        FROM {rows} ORDER BY i.area_code, {new_id}"""


def insert_heads(household_id: str, rows: str) -> str:
    """Write the statement that stores the heads of households that have none; see above."""
    return f"""
        INSERT INTO person (household_id, nik, name, birth_date, sex, relationship, batch_id)
        SELECT {household_id}, i.nik, i.head_name, i.birth_date, i.sex, 'head', {BATCH}
        FROM {rows} ORDER BY {household_id}"""


def insert_needs(household_id: str, rows: str, condition: str = "true") -> str:
    """Write the statement that stores the needs of the rows under a condition; see above."""
    return f"""
        INSERT INTO household_need (household_id, need_code, source)
        SELECT {household_id}, n.code, {SOURCE}
        FROM {rows} JOIN need n ON i.needs & (CAST(1 AS bigint) << n.bit) <> 0
        WHERE {condition} ON CONFLICT DO NOTHING"""


def insert_aid(household_id: str, rows: str) -> str:
    """Write the statement that stores the aid that a register says its households receive.

    A register knows that, but neither when nor how much: it counts for the year of the file, unless
    that year's aid is known already.
    """
    year = "to_char(CAST(:as_of AS date), 'YYYY')"
    return f"""
        INSERT INTO aid (household_id, programme_code, period, source, as_of, batch_id)
        SELECT {household_id}, g.code, {year}, {SOURCE}, {AS_OF}, {BATCH}
        FROM {rows} JOIN programme g ON i.aid_flags & (CAST(1 AS bigint) << g.bit) <> 0
        WHERE NOT EXISTS (
            SELECT FROM aid a WHERE a.household_id = {household_id} AND a.programme_code = g.code
              AND left(a.period, 4) = {year})
        ORDER BY {household_id} ON CONFLICT DO NOTHING"""


def note_corrections(conn: Connection, table: str, batch_id: int | None) -> None:
    """Mark the rejected rows of earlier files that rows of this one correct.

    ``origin_row`` is ``batch:row``, as the download of rejected rows writes it; only the file's own
    user gets that download.
    """
    conn.execute(
        text(f"""
        UPDATE import_row r SET corrected_in = :batch
        FROM {table} i, import_batch old, import_batch new
        WHERE i.origin_row = r.batch_id || ':' || r.row_number AND r.outcome = 'rejected'
          AND old.id = r.batch_id AND new.id = :batch AND new.user_name IN (old.user_name, 'local')
        """),
        {"batch": batch_id},
    )
