"""The demo in the database."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, text, update

from db.catalogue import NEEDS, PROGRAMMES, load_catalogue
from db.demo import DemoAlreadyLoaded, is_loaded, load_demo
from db.models import Household, Person, Programme
from tests.conftest import DEMO_HOUSEHOLDS, REAL_DESA, REGENCIES

TABLES = (
    "admin_area",
    "household",
    "person",
    "household_need",
    "aid",
    "area_stat",
    "indicator",
    "register_snapshot",
)


# Drawn anew in every database, so that nobody can work a house out of its seed.
DISPLACED = "'{shown_location, shown_3857}'::text[]"


def hash_tables(conn: Connection) -> dict[str, str]:
    row = f"(to_jsonb(t) - {DISPLACED})::text"
    return {
        table: str(
            conn.scalar(
                text(f"SELECT md5(string_agg({row}, '|' ORDER BY {row})) FROM {table} AS t")
            )
        )
        for table in TABLES
    }


def boundary_files(regency: str) -> list[Path]:
    return [REAL_DESA] if regency == "real" else []


@pytest.mark.parametrize("regency", REGENCIES)
def test_the_same_seed_gives_the_same_rows(conn: Connection, regency: str) -> None:
    hashes = []
    for seed in (1, 1, 2):
        attempt = conn.begin_nested()
        load_demo(conn, household_count=300, seed=seed, boundary_files=boundary_files(regency))
        hashes.append(hash_tables(conn))
        attempt.rollback()
    assert hashes[0] == hashes[1]
    assert hashes[0]["household"] != hashes[2]["household"]
    assert hashes[0]["admin_area"] == hashes[2]["admin_area"]


@pytest.mark.parametrize("regency", REGENCIES)
@pytest.mark.parametrize("count", [0, 1, 500])
def test_what_was_asked_for_is_stored(conn: Connection, count: int, regency: str) -> None:
    steps: list[str] = []
    summary = load_demo(
        conn,
        household_count=count,
        boundary_files=boundary_files(regency),
        progress=steps.append,
    )
    stored = {
        "kabupaten": "admin_area WHERE level = 'kabupaten'",
        "kecamatan": "admin_area WHERE level = 'kecamatan'",
        "desa": "admin_area WHERE level = 'desa'",
        "households": "household",
        "persons": "person",
        "needs": "household_need",
        "aid": "aid",
    }
    counts = {
        name: conn.scalar(text(f"SELECT count(*) FROM {rows}")) for name, rows in stored.items()
    }
    assert asdict(summary) == counts
    assert (summary.kabupaten, summary.kecamatan, summary.desa) == (1, 25, 217)
    assert summary.households == count
    assert steps


def test_it_says_when_it_is_there(conn: Connection) -> None:
    assert not is_loaded(conn)
    load_demo(conn, household_count=1)
    assert is_loaded(conn)
    with pytest.raises(DemoAlreadyLoaded):
        load_demo(conn, household_count=1)


def test_boundaries_imported_before_are_kept(conn: Connection, tmp_path: Path) -> None:
    square = [[[110, -7], [110.1, -7], [110.1, -6.9], [110, -6.9], [110, -7]]]
    names = {"code": "33.22.01.2001", "name": "Sidorejo", "kecamatan": "Getasan"}
    feature = {
        "type": "Feature",
        "properties": names | {"kabupaten": "Semarang"},
        "geometry": {"type": "Polygon", "coordinates": square},
    }
    path = tmp_path / "desa.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    attempt = conn.begin_nested()
    load_demo(conn, household_count=20, boundary_files=[path])
    attempt.commit()
    conn.execute(text("DELETE FROM household"))
    conn.execute(text("DELETE FROM area_stat"))
    conn.execute(text("DELETE FROM source WHERE code = 'demo'"))
    summary = load_demo(conn, household_count=20)
    assert summary.desa == 1
    assert set(conn.scalars(text("SELECT left(kk, 6) FROM household"))) == {"332201"}


def test_the_identities_go_on_after_the_loaded_rows(conn: Connection) -> None:
    load_demo(conn, household_count=20)
    last = conn.scalar(text("SELECT max(id) FROM household"))
    area = conn.scalar(text("SELECT code FROM admin_area WHERE level = 'desa' LIMIT 1"))
    values = {"area_code": area, "head_name": "Uji", "member_count": 1}
    new = conn.scalar(
        insert(Household)
        .values(**values, source="demo", as_of=text("current_date"))
        .returning(Household.id)
    )
    assert new == last + 1
    person = {"household_id": new, "name": "Uji", "relationship": "head"}
    persons = conn.scalar(text("SELECT max(id) FROM person"))
    assert conn.scalar(insert(Person).values(**person).returning(Person.id)) == persons + 1


def test_references_are_still_guarded(conn: Connection) -> None:
    foreign_keys = text("SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND convalidated")
    before = conn.scalar(foreign_keys)
    load_demo(conn, household_count=20)
    assert conn.scalar(foreign_keys) == before
    orphans = text("DELETE FROM household WHERE id = (SELECT min(id) FROM household)")
    conn.execute(orphans)
    assert conn.scalar(text("SELECT min(household_id) FROM person")) == 2


def test_the_catalogue_keeps_what_a_regency_edited(conn: Connection) -> None:
    load_catalogue(conn)
    conn.execute(update(Programme).where(Programme.code == "pkh").values(agency="Dinas Lain"))
    load_catalogue(conn)
    rows = conn.execute(text("SELECT code, bit, agency FROM programme ORDER BY bit")).all()
    assert [row.code for row in rows] == [row.code for row in PROGRAMMES]
    assert [row.bit for row in rows] == list(range(14))
    assert {row.agency for row in rows if row.code == "pkh"} == {"Dinas Lain"}
    assert conn.scalar(text("SELECT count(*) FROM need")) == len(NEEDS)


def test_every_located_household_lies_in_its_village(demo_conn: Connection) -> None:
    inside, located = demo_conn.execute(
        text("""
            SELECT count(*) FILTER (WHERE ST_Contains(a.geom, h.location)), count(*)
            FROM household h JOIN admin_area a ON a.code = h.area_code
            WHERE h.location IS NOT NULL
        """)
    ).one()
    assert inside == located
    assert 0.9 * DEMO_HOUSEHOLDS < located < DEMO_HOUSEHOLDS


def test_masks_equal_the_rows(demo_conn: Connection) -> None:
    wrong = demo_conn.scalar(
        text("""
            SELECT count(*) FROM household h
            WHERE needs <> coalesce((
                    SELECT bit_or(1::bigint << n.bit) FROM household_need r
                    JOIN need n ON n.code = r.need_code WHERE r.household_id = h.id), 0)
               OR aid <> coalesce((
                    SELECT bit_or(1::bigint << p.bit) FROM aid a
                    JOIN programme p ON p.code = a.programme_code
                    WHERE a.household_id = h.id AND a.status = 'received'), 0)
               OR member_count <> (SELECT count(*) FROM person m WHERE m.household_id = h.id)
        """)
    )
    assert wrong == 0


def test_numbers_are_unique_and_the_head_bears_the_name(demo_conn: Connection) -> None:
    niks, persons = demo_conn.execute(
        text("SELECT count(DISTINCT nik), count(*) FROM person")
    ).one()
    assert niks == persons
    cards = demo_conn.scalar(text("SELECT count(DISTINCT kk) FROM household"))
    assert cards == DEMO_HOUSEHOLDS
    named = text("""
        SELECT count(*) FROM household h
        JOIN person m ON m.household_id = h.id AND m.relationship = 'head' AND m.name = h.head_name
    """)
    assert demo_conn.scalar(named) == DEMO_HOUSEHOLDS


def test_family_counts_have_one_sum_and_the_households_source(demo_conn: Connection) -> None:
    sums = demo_conn.execute(
        text("""
            SELECT a.level, sum(s.value) AS families, min(s.source) AS source
            FROM area_stat s JOIN admin_area a ON a.code = s.area_code
            WHERE s.indicator = 'family_count' GROUP BY a.level
        """)
    ).all()
    assert len(sums) == 3
    assert len({row.families for row in sums}) == 1
    assert {row.source for row in sums} == {"demo"}
    assert set(demo_conn.scalars(text("SELECT DISTINCT source FROM household"))) == {"demo"}


def test_every_source_says_that_it_is_invented(demo_conn: Connection) -> None:
    sources = demo_conn.execute(text("SELECT code, name, is_synthetic, is_schematic FROM source"))
    assert {tuple(row) for row in sources} == {
        ("demo", "Data sintetis (demo)", True, False),
        ("demo_lama", "Register lama, sintetis (demo)", True, False),
        ("boundaries", "Batas skematik (demo)", True, True),
    }
