"""Checked households into the register: matched, compared, written, a set at a time."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, text

from db.registers.journal import Journal
from geo.text import N_

_KEPT = {
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
    "location_source": "text", "needs": "bigint",
}  # fmt: skip
_TYPES = {**_OTHER, **_KEPT}
COLUMNS = tuple(_TYPES)
"""Columns of the temporary table ``incoming_household``."""

_NIK_TWICE = N_("NIK kepala keluarga ini tercatat pada lebih dari satu keluarga.")
_SAME_HOUSEHOLD = N_("Baris lain dalam berkas ini adalah keluarga yang sama.")

_POINT = "ST_SetSRID(ST_MakePoint(i.lon, i.lat), 4326)"
# A position brings its own accuracy and origin; those of an older position don't fit it.
_NEW = {
    **{name: f"coalesce(i.{name}, h.{name})" for name in _KEPT},
    "location": f"coalesce({_POINT}, h.location)",
    "accuracy_m": "CASE WHEN i.lon IS NULL THEN h.accuracy_m ELSE i.accuracy_m END",
    "location_source": "CASE WHEN i.lon IS NULL THEN h.location_source ELSE i.location_source END",
    "external_id": "CASE WHEN h.source = :source THEN coalesce(i.external_id, h.external_id)"
    " ELSE i.external_id END",
    "source": ":source",
    "as_of": "CAST(:as_of AS date)",
}
_NEW_HEAD = {
    "name": "i.head_name",
    "nik": "coalesce(i.nik, p.nik)",
    "birth_date": "coalesce(i.birth_date, p.birth_date)",
    "sex": "coalesce(i.sex, p.sex)",
}


def _differs(table: str, new: dict[str, str]) -> str:
    """Say that a row differs from its new values.

    Geometries are compared by their bytes: ``=`` on them would do too, ``IS DISTINCT FROM`` of two
    rows would not.
    """
    return " OR ".join(f"{table}.{name} IS DISTINCT FROM {value}" for name, value in new.items())


def _set(new: dict[str, str]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in new.items())


_CREATE = f"""
    CREATE TEMP TABLE incoming_household
        ({", ".join(f"{name} {kind}" for name, kind in _TYPES.items())}) ON COMMIT DROP"""

_MATCH = """
    CREATE TEMP TABLE incoming_match ON COMMIT DROP AS
    WITH head AS (
        SELECT p.nik, min(p.household_id) AS household_id, count(DISTINCT p.household_id) AS homes
        FROM person p JOIN incoming_household i ON i.nik = p.nik
        WHERE p.relationship = 'head' GROUP BY p.nik
    )
    SELECT i.row_number, h.id IS NOT NULL AS by_key, coalesce(h.id, head.household_id) AS id,
           h.id IS NULL AND head.homes > 1 AS is_ambiguous, false AS is_new,
           false AS household_differs, false AS needs_differ, p.id AS head_id,
           false AS head_differs
    FROM incoming_household i
    LEFT JOIN household h ON h.source = :source AND h.external_id = i.external_id
    LEFT JOIN head ON head.nik = i.nik
    LEFT JOIN LATERAL (
        SELECT min(id) AS id FROM person
        WHERE household_id = coalesce(h.id, head.household_id) AND relationship = 'head'
    ) p ON coalesce(h.id, head.household_id) IS NOT NULL
"""
