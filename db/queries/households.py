"""Households one by one. The only file that reads names, numbers and addresses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, text

from db.audit import note_shown
from db.queries.catalogue import list_needs, list_programmes
from db.queries.published import refuse_households
from db.queries.selection import HOUSEHOLD_PREDICATE, predicate_parameters
from db.queries.sources import SourceNote, get_sources
from geo.errors import HouseholdNotFound, InvalidView
from geo.text import N_
from geo.view import View

PAGE_SIZE = 25

_ORDERS = {
    "head_name": "h.head_name",
    "decile": "h.decile",
    "member_count": "h.member_count",
    "desa": "h.area_code",
    "status": "h.status",
    "aid_count": "bit_count(h.aid::bit(64))",
    "needs_count": "bit_count(h.needs::bit(64))",
    "id": "h.id",
}

# A position that is off the map, as one with longitude and latitude exchanged, waits for its repair
# (db/positions).
_DEGREES = """CASE WHEN h.location_3857 IS NOT NULL THEN ST_X(h.location) END AS lon,
           CASE WHEN h.location_3857 IS NOT NULL THEN ST_Y(h.location) END AS lat"""
_ROWS = f"""
    SELECT h.id, h.head_name, h.address, h.rt, h.rw, h.area_code, d.name AS desa,
           k.name AS kecamatan, h.decile, h.member_count, h.needs, h.aid, h.status,
           {_DEGREES}, h.accuracy_m, h.kk,
           (SELECT p.nik FROM person AS p WHERE p.household_id = h.id AND p.relationship = 'head'
            ORDER BY p.id LIMIT 1) AS nik
    FROM household AS h
    JOIN admin_area AS d ON d.code = h.area_code
    LEFT JOIN admin_area AS k ON k.code = d.parent_code
    WHERE {HOUSEHOLD_PREDICATE}
      AND (CAST(:at AS bigint) IS NULL
           OR h.location_3857 && (SELECT location_3857 FROM household WHERE id = :at)
           AND h.location_3857 = (SELECT location_3857 FROM household WHERE id = :at))"""


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A member on the card. ``age`` is in full years on the day the card is made."""

    id: int
    name: str
    nik: str | None
    birth_date: date | None
    age: int | None
    sex: str | None
    relationship: str
    marital_status: str | None
    schooling: str | None
    education: str | None
    work: str | None
    disability: str | None
    chronic_illness: str | None


@dataclass(frozen=True, slots=True)
class AidLine:
    """One aid on the card."""

    period: str
    amount_idr: int | None
    status: str
    source: str
    as_of: date
    person_name: str | None


@dataclass(frozen=True, slots=True)
class ProgrammeLine:
    """A programme on the card, and whether this household has ever received it."""

    code: str
    name: str
    domain: str
    received: bool
    aids: tuple[AidLine, ...]


@dataclass(frozen=True, slots=True)
class HouseholdCard:
    """Everything the card of one household shows. Coordinates in degrees (EPSG:4326)."""

    id: int
    head_name: str
    kk: str | None
    address: str | None
    rt: str | None
    rw: str | None
    area_code: str
    desa: str
    kecamatan: str
    lon: float | None
    lat: float | None
    accuracy_m: float | None
    location_source: str | None
    decile: int | None
    member_count: int
    house_ownership: str | None
    floor_material: str | None
    wall_material: str | None
    roof_material: str | None
    floor_area_m2: float | None
    drinking_water: str | None
    lighting: str | None
    electricity_va: int | None
    cooking_fuel: str | None
    toilet: str | None
    status: str
    as_of: date
    source: SourceNote
    persons: tuple[PersonLine, ...]
    programmes: tuple[ProgrammeLine, ...]
    needs: tuple[tuple[str, str], ...]
    neighbours_at_point: int
    """Other households at exactly the same position."""


def list_household_page(conn: Connection, view: View) -> list[dict[str, Any]]:
    """Return one page of the households of a view.

    Returns
    -------
    list of dict
        At most :data:`PAGE_SIZE`, in the view's order, equal ones by id. ``needs`` and ``aid`` are
        lists of codes; ``lon`` and ``lat`` are None without coordinates.

    Raises
    ------
    InvalidView
        When the view sorts by a column that can't be sorted by.
    """
    refuse_households(conn)
    statement = text(f"{_ROWS} ORDER BY {_order(view)} LIMIT :limit OFFSET :offset")
    parameters = _row_parameters(view) | {
        "limit": PAGE_SIZE,
        "offset": (view.page - 1) * PAGE_SIZE,
    }
    decode = _mask_decoder(conn)
    rows = [decode(row) for row in conn.execute(statement, parameters).mappings()]
    note_shown(conn, (row["id"] for row in rows))
    return rows


def iterate_households(conn: Connection, view: View) -> Iterator[dict[str, Any]]:
    """Yield every household of a view in its order, for exports; memory stays flat."""
    refuse_households(conn)
    decode = _mask_decoder(conn)
    statement = text(f"{_ROWS} ORDER BY {_order(view)}")
    streamed = conn.execution_options(yield_per=5_000)
    for row in streamed.execute(statement, _row_parameters(view)).mappings():
        yield decode(row)


def count_at_point(conn: Connection, view: View) -> int:
    """Count the households of a view at the position that it names with ``at``."""
    refuse_households(conn)
    statement = text(f"SELECT count(*) FROM ({_ROWS}) AS at_point")
    return int(conn.scalar(statement, _row_parameters(view)) or 0)


def _row_parameters(view: View) -> dict[str, Any]:
    return predicate_parameters(view) | {"at": view.at}


def _order(view: View) -> str:
    sort = view.sort or "decile"
    column = sort.removeprefix("-")
    if column not in _ORDERS:
        raise InvalidView(N_("Daftar keluarga tidak dapat diurutkan menurut “{key}”."), key=column)
    direction = "DESC NULLS LAST" if sort.startswith("-") else "ASC NULLS LAST"
    return f"{_ORDERS[column]} {direction}, h.id"


def _mask_decoder(conn: Connection) -> Any:
    needs, programmes = list_needs(conn), list_programmes(conn)

    def decode(row: Mapping[Any, Any]) -> dict[str, Any]:
        return dict(row) | {
            "needs": [item.code for item in needs if row["needs"] >> item.bit & 1],
            "aid": [item.code for item in programmes if row["aid"] >> item.bit & 1],
        }

    return decode


_CARD = text(f"""
    SELECT h.id, h.head_name, h.kk, h.address, h.rt, h.rw, h.area_code, d.name AS desa,
           k.name AS kecamatan, {_DEGREES}, h.accuracy_m,
           h.location_source, h.decile, h.member_count, h.house_ownership, h.floor_material,
           h.wall_material, h.roof_material, h.floor_area_m2, h.drinking_water, h.lighting,
           h.electricity_va, h.cooking_fuel, h.toilet, h.status, h.as_of, h.source, h.needs, h.aid,
           (SELECT count(*) FROM household AS o
            WHERE o.location_3857 && h.location_3857 AND o.location_3857 = h.location_3857
              AND o.id <> h.id) AS neighbours_at_point
    FROM household AS h
    JOIN admin_area AS d ON d.code = h.area_code
    LEFT JOIN admin_area AS k ON k.code = d.parent_code
    WHERE h.id = :id
""")

_PERSONS = text("""
    SELECT id, name, nik, birth_date, date_part('year', age(birth_date))::int AS age, sex,
           relationship, marital_status, schooling, education, work, disability, chronic_illness
    FROM person WHERE household_id = :id
    ORDER BY CASE relationship WHEN 'head' THEN 0 WHEN 'spouse' THEN 1 ELSE 2 END, birth_date, id
""")

_AIDS = text("""
    SELECT a.programme_code, a.period, a.amount_idr, a.status, s.name AS source, a.as_of,
           p.name AS person_name
    FROM aid AS a JOIN source AS s ON s.code = a.source LEFT JOIN person AS p ON p.id = a.person_id
    WHERE a.household_id = :id ORDER BY a.period DESC, a.id
""")


def get_card(conn: Connection, household_id: int) -> HouseholdCard:
    """Return everything known of one household.

    Raises
    ------
    HouseholdNotFound
        When there is none of that id within the viewer's rights.
    """
    refuse_households(conn)
    row = conn.execute(_CARD, {"id": household_id}).mappings().one_or_none()
    if row is None:
        raise HouseholdNotFound(household_id)
    fields = {key: value for key, value in row.items() if key not in ("needs", "aid", "source")}
    persons = conn.execute(_PERSONS, {"id": household_id})
    return HouseholdCard(
        **fields,
        source=get_sources(conn, [row["source"]])[0],
        persons=tuple(PersonLine(*person) for person in persons),
        programmes=_list_programme_lines(conn, household_id, row["aid"]),
        needs=tuple(
            (item.code, item.name) for item in list_needs(conn) if row["needs"] >> item.bit & 1
        ),
    )


def _list_programme_lines(
    conn: Connection, household_id: int, aid_mask: int
) -> tuple[ProgrammeLine, ...]:
    aids: dict[str, list[AidLine]] = defaultdict(list)
    for programme, *line in conn.execute(_AIDS, {"id": household_id}):
        aids[programme].append(AidLine(*line))
    return tuple(
        ProgrammeLine(
            code=item.code,
            name=item.name,
            domain=item.domain,
            received=bool(aid_mask >> item.bit & 1),
            aids=tuple(aids[item.code]),
        )
        for item in list_programmes(conn)
    )
