"""What the desks work on, put beside a demo register until files bring it: invented throughout."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from db.queries.areas import find_densest
from tests.plan_samples import add_plan

PLANNER = "bu-perencana"
"""Brought the regency's file; another planner is not told what stands in it."""
DTSEN_DAY = date(2026, 6, 30)
SURVEY_DAY = date(2026, 9, 15)

_ROW = text("""
    INSERT INTO import_row (batch_id, row_number, outcome, reason, content, checked, area_code)
    VALUES (:batch, :row, :outcome, :reason, :content, :checked, :area)
""").bindparams(
    bindparam("content", type_=JSONB), bindparam("checked", type_=JSONB(none_as_null=True))
)
_CANDIDATE = text("""
    INSERT INTO match_candidate (batch_id, row_number, household_id, kind, score, reasons)
    VALUES (:batch, :row, :household, :kind, :score, :reasons)
""").bindparams(bindparam("reasons", type_=JSONB))
_BATCH = text("""
    INSERT INTO import_batch (kind, format, file_name, sha256, source, as_of, user_name, area_code,
                              ledger)
    VALUES ('households', 'kentongan', :file, :file, :source, :day, :user, :area,
            '{"read": 11, "matched": 0, "new": 0, "unchanged": 0, "review": 9, "rejected": 2}')
    RETURNING id
""")
_REASONS = {
    "nik": "similar", "kk": "same", "name": "similar", "birth_date": "same", "sex": "same",
    "address": "different", "area_code": "same",
}  # fmt: skip


@dataclass(frozen=True)
class House:
    """A household of the demo with what must not leak of it."""

    id: int
    area: str
    head_name: str
    kk: str
    nik: str
    person: int
    lon: float
    lat: float


@dataclass(frozen=True)
class Desks:
    """Where the prepared rows lie.

    Attributes
    ----------
    kecamatan, desa
        Where the task unit and the village operator work.
    near, far
        Another desa of the kecamatan, and one of another kecamatan.
    houses
        Three households of each desa.
    regency_batch, own_batch, far_batch
        The planner's file, the village operator's of ``desa``, another operator's of ``far``.
    """

    kecamatan: str
    desa: str
    near: str
    far: str
    houses: dict[str, tuple[House, ...]]
    regency_batch: int
    own_batch: int
    far_batch: int

    @property
    def operator(self) -> str:
        """Account of the village operator, as the tests log in."""
        return f"test-village-operator-{self.desa}"


def fill_desks(conn: Connection) -> Desks:
    """Put batches, waiting rows, source records, decisions, faults, jobs and plans into a demo."""
    kecamatan, desa = find_densest(conn)
    near, far = _find_others(conn, kecamatan, desa)
    houses = {area: _list_houses(conn, area) for area in (desa, near, far)}
    for code, name, day in (
        ("dtsen", "DTSEN", DTSEN_DAY),
        ("survei", "Survei desa", SURVEY_DAY),
    ):
        conn.execute(
            text("""
                INSERT INTO source (code, kind, name, as_of)
                VALUES (:code, 'register', :name, :day) ON CONFLICT (code) DO NOTHING
            """),
            {"code": code, "name": name, "day": day},
        )
    batches = [
        _add_batch(conn, "dtsen.csv", "dtsen", DTSEN_DAY, PLANNER, None),
        _add_batch(
            conn, "survei.csv", "survei", SURVEY_DAY, f"test-village-operator-{desa}", desa
        ),
        _add_batch(
            conn, "lain.csv", "survei", SURVEY_DAY, f"test-village-operator-{far}", far
        ),
    ]  # fmt: skip
    desks = Desks(kecamatan, desa, near, far, houses, *batches)
    # Those of the demo, so that it is known which there are.
    conn.execute(text("DELETE FROM position_fault"))
    number = 1
    for area, found in houses.items():
        for house, kind in zip(found, ("nik_changed", "moved", "same_name"), strict=True):
            _add_waiting(conn, desks.regency_batch, number, house, kind)
            number += 1
        _add_desk_rows(conn, desks, area, found[0])
    _add_waiting(conn, desks.own_batch, 1, houses[desa][0], "head_changed")
    _add_waiting(conn, desks.far_batch, 1, houses[far][0], "match")
    _add_rejected(conn, desks.own_batch, 2, None)
    _add_rejected(conn, desks.regency_batch, 90, desa)
    everybody = [house.id for found in houses.values() for house in found]
    for state in ("running", "proposed", "draft"):
        add_plan(conn, everybody, state=state)
    return desks


def _find_others(conn: Connection, kecamatan: str, desa: str) -> tuple[str, str]:
    located = """
        SELECT area_code FROM household WHERE kk IS NOT NULL AND location IS NOT NULL
        GROUP BY area_code HAVING count(*) >= 6 AND {} ORDER BY count(*) DESC, 1 LIMIT 1
    """
    inside = "starts_with(area_code, :kecamatan) AND area_code <> :desa"
    parameters = {"kecamatan": kecamatan + ".", "desa": desa}
    near = conn.scalar(text(located.format(inside)), parameters)
    outside = "NOT starts_with(area_code, :kecamatan)"
    far = conn.scalar(text(located.format(outside)), {"kecamatan": kecamatan + "."})
    assert near and far
    return near, far


def _list_houses(conn: Connection, area: str) -> tuple[House, ...]:
    rows = conn.execute(
        text("""
            SELECT h.id, h.area_code, h.head_name, h.kk, p.nik, p.id, ST_X(h.location),
                   ST_Y(h.location)
            FROM household AS h JOIN person AS p ON p.household_id = h.id
            WHERE p.relationship = 'head' AND h.area_code = :area AND h.kk IS NOT NULL
              AND p.nik IS NOT NULL AND h.location IS NOT NULL
            ORDER BY h.id LIMIT 3
        """),
        {"area": area},
    )
    return tuple(House(*row) for row in rows)


def _add_batch(
    conn: Connection, file: str, source: str, day: date, user: str, area: str | None
) -> int:
    values = {"file": file, "source": source, "day": day, "user": user, "area": area}
    return int(conn.execute(_BATCH, values).scalar_one())


def _add_waiting(conn: Connection, batch: int, row: int, house: House, kind: str) -> None:
    checked: dict[str, Any] = {
        "row_number": row,
        "head_name": house.head_name.replace("a", "e", 1),
        "nik": _other_serial(house.nik),
        "kk": house.kk,
        "birth_date": "1970-02-03",
        "sex": "female",
        "address": f"Jalan Rahasia {batch}-{row}",
        "rt": "001",
        "rw": "002",
        "area_code": house.area,
        "external_id": f"KUNCI-{batch}-{row}",
        "lon": house.lon + 0.001,
        "lat": house.lat,
        "shown_lon": house.lon + 0.003,
        "shown_lat": house.lat,
        "decile": 2,
        "a_later_field": f"RAHASIA-{batch}-{row}",
    }
    note = f"ASLI-{batch}-{row}"
    content = {"Nama": checked["head_name"], "NIK": checked["nik"], "Catatan": note}
    values = {"batch": batch, "row": row, "outcome": "review", "reason": "Mirip keluarga lain."}
    conn.execute(_ROW, {**values, "content": content, "checked": checked, "area": house.area})
    conn.execute(
        _CANDIDATE,
        {
            "batch": batch, "row": row, "household": house.id, "kind": kind, "score": 0.81,
            "reasons": _REASONS,
        },
    )  # fmt: skip


def _other_serial(nik: str) -> str:
    return nik[:12] + f"{(int(nik[12:]) + 1) % 10_000:04}"


def _add_rejected(conn: Connection, batch: int, row: int, area: str | None) -> None:
    reason = "NIK 3510041201700001 tidak sah."
    content = {"NIK": "3510041201700001", "Nama": f"TERTOLAK-{batch}-{row}"}
    values = {"batch": batch, "row": row, "outcome": "rejected", "reason": reason, "area": area}
    conn.execute(_ROW, {**values, "content": content, "checked": None})


def _add_desk_rows(conn: Connection, desks: Desks, area: str, house: House) -> None:
    """Give a household two sources that disagree, a decision, a fault, and its operator a job."""
    record = text("""
        INSERT INTO household_record (household_id, batch_id, source, as_of, external_id, kk,
                                      head_name, address, rt, rw, area_code, location, decile)
        SELECT id, :batch, :source, :day, :key, kk, head_name, :address, rt, rw, area_code,
               location, :decile FROM household WHERE id = :household
    """)
    statements: list[tuple[Any, dict[str, Any]]] = [
        (
            record,
            {
                "batch": batch, "source": source, "day": day, "key": f"KUNCI-{house.id}",
                "address": f"Jalan Catatan {house.id}", "decile": decile, "household": house.id,
            },
        )
        for batch, source, day, decile in (
            (desks.regency_batch, "dtsen", DTSEN_DAY, 1),
            (desks.own_batch, "survei", SURVEY_DAY, 3),
        )
    ]  # fmt: skip
    statements += [
        (
            text("UPDATE household SET batch_id = :batch WHERE id = :household"),
            {"batch": desks.regency_batch, "household": house.id},
        ),
        (
            text("""
                INSERT INTO person_record (person_id, batch_id, source, as_of, nik, name,
                                           birth_date, sex, relationship)
                SELECT id, :batch, 'dtsen', :day, nik, name, birth_date, sex, relationship
                FROM person WHERE id = :person
            """),
            {"batch": desks.regency_batch, "day": DTSEN_DAY, "person": house.person},
        ),
        (
            text("""
                INSERT INTO verification (household_id, batch_id, status, decree_number,
                                          decree_date, note, user_name)
                VALUES (:household, :batch, 'verified', :decree, :day, :note, :user)
            """),
            {
                "household": house.id, "batch": desks.own_batch, "decree": "188/45/2026",
                "day": date(2026, 11, 20), "note": f"CATATAN-{house.id}", "user": "pak-lurah",
            },
        ),
        (
            text("""
                INSERT INTO position_fault (household_id, kind, detail, proposed)
                SELECT id, 'outside_desa', '{"distance_m": 123.4, "count": 2}', location
                FROM household WHERE id = :household
            """),
            {"household": house.id},
        ),
        (
            text("""
                INSERT INTO job (kind, user_name, role, area_code, args, state)
                VALUES ('verify', :user, 'village_operator', :area, '{"households": [1]}', 'done')
            """),
            {"user": f"test-village-operator-{area}", "area": area},
        ),
    ]  # fmt: skip
    for statement, values in statements:
        conn.execute(statement, values)
