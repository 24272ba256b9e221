"""Writing an invented register into the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pandas as pd
import shapely
from sqlalchemy import Connection, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.schema import AddConstraint, DropConstraint

from db.demo.copying import copy_columns
from db.demo.draws import AS_OF
from db.demo.register import Register
from db.demo.statistics import INDICATORS
from db.models import AdminArea, Aid, Household, HouseholdNeed, Indicator, Person, Source

SOURCE_CODE = "demo"
SOURCE_NAME = "Data sintetis (demo)"
_FIXED = {"source": SOURCE_CODE, "as_of": AS_OF.isoformat()}
_TABLES = (Household, Person, HouseholdNeed, Aid)
_HOUSING = (
    "house_ownership", "floor_material", "wall_material", "roof_material", "floor_area_m2",
    "drinking_water", "lighting", "electricity_va", "cooking_fuel", "toilet",
)  # fmt: skip


def add_source(conn: Connection) -> None:
    """Record the one source that every invented figure carries."""
    conn.execute(
        insert(Source).on_conflict_do_nothing(),
        {
            "code": SOURCE_CODE,
            "kind": "register",
            "name": SOURCE_NAME,
            "as_of": AS_OF,
            "note": "Semua keluarga, orang, nomor, bantuan dan angka di dalamnya rekaan.",
            "is_synthetic": True,
        },
    )


def list_desa(conn: Connection) -> pd.DataFrame:
    """List the desa with ``code``, ``parent_code``, ``kind`` and ``geom``, by code."""
    statement = (
        select(
            AdminArea.code,
            AdminArea.parent_code,
            AdminArea.kind,
            AdminArea.geom.ST_AsBinary().label("geom"),
        )
        .where(AdminArea.level == "desa")
        .order_by(AdminArea.code.collate("C"))
    )
    areas = pd.DataFrame(
        conn.execute(statement).all(), columns=["code", "parent_code", "kind", "geom"], dtype=object
    )
    areas["geom"] = shapely.from_wkb([bytes(geom) for geom in areas["geom"]])
    return areas


def write_register(conn: Connection, register: Register) -> None:
    """Append a register; the masks on the households are right, so triggers change nothing."""
    if register.households.empty:
        return
    first = {name: _next_id(conn, name) for name in ("household", "person", "aid")}
    with _checking_references_at_once(conn):
        _copy_households(conn, register, first["household"])
        _copy_people(conn, register, first)
        _copy_needs(conn, register, first["household"])
        _copy_aid(conn, register, first)
    for name in first:
        _advance_identity(conn, name)


def write_statistics(conn: Connection, stats: pd.DataFrame) -> None:
    """Append the indicators and their values."""
    fields = list(Indicator.__table__.columns.keys())
    rows = [{field: getattr(row, field) for field in fields} for row in INDICATORS]
    conn.execute(insert(Indicator).on_conflict_do_nothing(), rows)
    columns = {name: stats[name] for name in ("area_code", "indicator", "period", "value")}
    copy_columns(conn, "area_stat", {**columns, **_FIXED})


@contextmanager
def _checking_references_at_once(conn: Connection) -> Iterator[None]:
    # Foreign keys are checked by one join each, not row by row, which took half of the time:
    # https://www.postgresql.org/docs/current/populate.html
    tables = [model.metadata.tables[model.__tablename__] for model in _TABLES]
    constraints = [key for table in tables for key in table.foreign_key_constraints]
    for constraint in constraints:
        conn.execute(DropConstraint(constraint))
    yield
    for constraint in constraints:
        conn.execute(AddConstraint(constraint, isolate_from_table=False))


def _next_id(conn: Connection, table: str) -> int:
    return int(conn.scalar(text(f"SELECT coalesce(max(id), 0) + 1 FROM {table}")) or 1)


def _advance_identity(conn: Connection, table: str) -> None:
    conn.execute(
        text(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), "
            f"coalesce(max(id), 0) + 1, false) FROM {table}"
        )
    )


def _copy_households(conn: Connection, register: Register, first_id: int) -> None:
    households = register.households
    ids = first_id + np.arange(len(households))
    taken = (
        "area_code", "kk", "head_name", "address", "rt", "rw", "accuracy_m", "location_source",
        "decile", "member_count", *_HOUSING, "needs", "aid", "status",
    )  # fmt: skip
    columns = {
        "id": ids,
        **{name: households[name] for name in taken},
        "location": _write_points(households),
        "external_id": np.array([f"DEMO-{number:07d}" for number in ids.tolist()], dtype=object),
    }
    copy_columns(conn, "household", {**columns, **_FIXED})


def _write_points(households: pd.DataFrame) -> np.ndarray:
    longitude, latitude = households["longitude"].to_numpy(), households["latitude"].to_numpy()
    located = ~np.isnan(longitude)
    points = np.full(len(households), None, dtype=object)
    drawn = shapely.set_srid(shapely.points(longitude[located], latitude[located]), 4326)
    points[located] = shapely.to_wkb(drawn, hex=True, include_srid=True)
    return points


def _copy_people(conn: Connection, register: Register, first: dict[str, int]) -> None:
    people = register.people
    taken = (
        "nik", "name", "birth_date", "sex", "relationship", "marital_status", "schooling",
        "education", "work", "disability", "chronic_illness",
    )  # fmt: skip
    columns = {
        "id": first["person"] + np.arange(len(people)),
        "household_id": first["household"] + people["household"].to_numpy(),
        **{name: people[name] for name in taken},
    }
    copy_columns(conn, "person", columns)


def _copy_needs(conn: Connection, register: Register, first_household: int) -> None:
    codes = np.array(list(register.needs), dtype=object)
    household, need = np.nonzero(np.stack(list(register.needs.values()), axis=1))
    columns = {"household_id": first_household + household, "need_code": codes[need]}
    copy_columns(conn, "household_need", {**columns, "source": SOURCE_CODE})


def _copy_aid(conn: Connection, register: Register, first: dict[str, int]) -> None:
    aid = register.aid
    person = aid["person"].to_numpy()
    columns = {
        "id": first["aid"] + np.arange(len(aid)),
        "household_id": first["household"] + aid["household"].to_numpy(),
        "person_id": pd.array(first["person"] + person, dtype="Int64"),
        "programme_code": aid["programme"],
        "period": aid["period"],
        "amount_idr": aid["amount_idr"],
        "status": aid["status"],
    }
    columns["person_id"][person < 0] = pd.NA
    copy_columns(conn, "aid", {**columns, **_FIXED})
