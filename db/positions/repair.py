"""Repairs of positions that are certain: asked for on a page, done as the database's owner."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from db.positions.search import refresh_position_faults
from db.queries.selection import area_pattern
from db.registers.acts import write_act
from db.viewer import Viewer
from geo.errors import AccessDenied
from geo.text import N_

NOTE = N_("Bujur dan lintang ditukar kembali")
_SUBMIT = text("SELECT submit_job('repair', :args)").bindparams(bindparam("args", type_=JSONB))
# Found some time ago, so it is asked whether the position is still the one that was judged.
_CERTAIN = text("""
    SELECT h.id, h.area_code, h.accuracy_m, h.location_source, ST_AsEWKT(f.proposed) AS location
    FROM position_fault AS f JOIN household AS h ON h.id = f.household_id
    WHERE f.proposed IS NOT NULL AND f.dismissed_at IS NULL
      AND ST_X(f.proposed) = ST_Y(h.location) AND ST_Y(f.proposed) = ST_X(h.location)
      AND h.area_code LIKE :own AND h.area_code LIKE :inside
      AND (CAST(:ids AS bigint[]) IS NULL OR h.id = ANY (:ids))
    ORDER BY h.id
    FOR UPDATE OF h
""")


@dataclass(frozen=True, slots=True)
class Repair:
    """What was repaired: how many households, and in which batch, if any."""

    count: int
    batch_id: int | None


def submit_repair(conn: Connection, area: str | None) -> int:
    """Ask the worker for the certain repairs of an area; return the number of the job.

    Raises
    ------
    AccessDenied
        For a role that may not.
    """
    job = conn.scalar(_SUBMIT, {"args": {"area": area}})
    if job is None:
        raise AccessDenied(N_("Peran Anda tidak boleh memperbaiki posisi."), status=403)
    return int(job)


def repair_positions(
    conn: Connection,
    viewer: Viewer,
    household_ids: Collection[int] | None = None,
    *,
    area: str | None = None,
) -> Repair:
    """Exchange longitude and latitude where that is certain, as one batch that can be undone.

    Parameters
    ----------
    conn
        As the owner, in a transaction.
    viewer
        Who asks; only households of their area are repaired.
    household_ids
        Only these; None is all.
    area
        Only inside this area.
    """
    parameters = {
        "own": area_pattern(viewer.area),
        "inside": area_pattern(area),
        "ids": None if household_ids is None else list(household_ids),
    }
    rows = conn.execute(_CERTAIN, parameters).all()
    if not rows:
        return Repair(0, None)
    values = {
        row.id: {
            "location": row.location,
            "accuracy_m": row.accuracy_m,
            "location_source": row.location_source,
        }
        for row in rows
    }
    batch = write_act(conn, "repair", values, user=viewer.user, note=NOTE, area=viewer.area)
    refresh_position_faults(conn, {row.area_code for row in rows})
    return Repair(len(rows), batch)
